"""A day at the daycare for tests: people who do things, with the clock in hand."""

import hashlib
from io import BytesIO
from itertools import count

from PIL import Image
from sqlalchemy import select

from tests import kept
from tests.factories import process
from webapp import context
from webapp.models import Blob, Run, StepRun
from webapp.problems import Problem
from webapp.services import blobs, commands, completion
from webapp.services.step_commands import Asked
from worker.duties import tick

ids = (f"command-{number}" for number in count(1))


def photo(colour: str = "white") -> bytes:
    picture = BytesIO()
    Image.new("RGB", (40, 30), colour).save(picture, "JPEG")
    return picture.getvalue()


class Day:
    """A Monday at the daycare: one process, opened, and people who do things."""

    def __init__(self, session, clock, crew, **process_options):
        self.session, self.clock, self.crew = session, clock, crew
        began = clock.now()
        asked = ("day", began, crew.org_id, repr(sorted(process_options.items())))
        kept.once(session, asked, lambda: self._opens(process_options))
        if clock.now() == began:
            clock.advance(hours=1)

    def _opens(self, process_options):
        process(self.session, self.crew, self.clock.now(), **process_options)
        tick(self.session, self.clock.advance(hours=1))

    @property
    def step(self) -> StepRun:
        query = select(StepRun).join(Run).order_by(Run.deadline_at, StepRun.position)
        return self.session.scalars(query).first()

    def later(self, **by):
        tick(self.session, self.clock.advance(**by))

    def does(self, who, kind="complete_step", captured_at=None, sent_at=None, step=None, **content):
        person, now = self.crew.people[who], self.clock.now()
        device = commands.known_device(self.session, person, f"phone-of-{who}", now)
        asked = Asked(
            id=content.pop("id", None) or next(ids),
            seq=1,
            kind=kind,
            step_run_id=(step or self.step).id,
            attempt=content.pop("attempt", self.step.attempt),
            captured_at=captured_at or now,
            skew_ms=0,
            sent_at=sent_at or now,
            content=content,
        )
        try:
            command = commands.carry_out(self.session, person, device, asked, now)
        except Problem as problem:
            self.session.rollback()
            command = commands.reject(self.session, person, None, asked, problem, now)
        self.session.commit()
        return command

    def uploads(self, content: bytes) -> Blob:
        directory, now = context.settings().blob_dir, self.clock.now()
        sha256 = hashlib.sha256(content).hexdigest()
        blob = blobs.expect(self.session, self.crew.org_id, sha256, len(content), now)
        arriving = blobs.upload_of(blob)
        blobs.write_part(directory, arriving, 0, content)
        kept = blobs.finish(directory, arriving, len(content))
        blobs.note_part(blob, len(content), len(content), kept, now)
        if blob.completed_at:
            completion.bytes_arrived(self.session, blob.org_id, blob.sha256, now)
        self.session.commit()
        blobs.forget_part(directory, arriving)
        return blob


def photo_proof(content: bytes) -> dict:
    sha256 = hashlib.sha256(content).hexdigest()
    return {"kind": "photo", "sha256": sha256, "bytes": len(content), "media_type": "image/jpeg"}
