"""Going through a rescue file: every thing in a transaction of its own, for page and command."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp.models import Organisation, Person
from webapp.problems import Problem
from webapp.services import blobs, commands, completion, rescue
from webapp.services.rescue import Item
from webapp.services.rescue_file import RescueFile
from webapp.services.step_commands import Asked, Rescued
from webapp.views import asked

NOT_OURS = "It belongs to nobody of this organisation, so it was not taken in."


class Intake:
    """One rescue file on its way in. With `dry_run` nothing of it stays."""

    def __init__(
        self, session: Session, organisation: Organisation, directory: Path, now: datetime
    ) -> None:
        self._session, self._directory, self._now = session, directory, now
        self._organisation, self._org_id = organisation, organisation.id
        self._dry_run = False

    def take(self, file: RescueFile, actor_id: str, *, dry_run: bool = False) -> list[Item]:
        """Return what became of each thing in the file, commands first, in their order.

        Taking the same file in again, or the device's own sending before or after it, changes
        nothing: each thing has one receipt. Raises rescue_not_valid when nothing can be taken in.
        """
        self._dry_run = dry_run
        rescue.check_organisation(file.contents, self._organisation)
        items = self._take_commands(file)
        items += [self._take_bytes(file, sha256) for sha256 in file.contents.hashes]
        if dry_run:
            self._session.rollback()
            return items
        rescue.note_taken_in(self._session, self._org_id, actor_id, file.contents, items, self._now)
        self._session.commit()
        return items

    def _take_commands(self, file: RescueFile) -> list[Item]:
        contents = file.contents
        people = set(rescue.people_of(self._session, contents, self._org_id))
        if contents.commands and not people:
            words = (
                "Nobody whose work is in this file is of this organisation. Nothing was taken in."
            )
            raise Problem("rescue_not_valid", words)
        arrived: dict[int, datetime] = {}
        items = []
        for raw in sorted(contents.commands, key=lambda raw: asked.number_of(raw) or 0):
            items.append(self._take_command(file, raw, people))
            number = asked.number_of(raw)
            if number is not None and items[-1].outcome != "skipped":
                arrived[number] = asked.captured_at(raw, contents.made_at, self._now)
        rescue.note_arrived(self._session, self._org_id, contents.device, arrived)
        self._keep()
        return items

    def _take_command(self, file: RescueFile, raw: object, people: set[str]) -> Item:
        person_id = raw.get("person") if isinstance(raw, dict) else None
        if person_id not in people:
            return Item("Work", "", "skipped", NOT_OURS)
        person = self._session.get_one(Person, person_id)
        try:
            command = asked.read(raw, file.contents.made_at)
        except asked.Unreadable as error:
            return self._unreadable(person, raw, str(error))
        skew_ms = file.contents.skew_ms
        command = replace(command, rescued=Rescued(None if skew_ms is None else round(skew_ms)))
        device_id = file.contents.device
        if self._dry_run:
            return self._try_out(person, device_id, command)
        return self._carry_out(str(person_id), device_id, command)

    def _unreadable(self, person: Person, raw: object, why: str) -> Item:
        """Keep it in the record: the file may be thrown away now."""
        if not self._dry_run:
            commands.keep_unreadable(self._session, person, json.dumps(raw), why, self._now)
            self._session.commit()
        words = f"It could not be read ({why}). It is kept in the record."
        return Item("Work", person.name, "rejected", words)

    def _carry_out(self, person_id: str, device_id: str, command: Asked) -> Item:
        session, now = self._session, self._now
        person = session.get_one(Person, person_id)
        try:
            item = rescue.take_command(session, person, device_id, command, now)
            session.commit()
        except IntegrityError:
            # The device brought the same command at this very moment: now it has its receipt.
            session.rollback()
            return self._carry_out(person_id, device_id, command)
        except Problem as problem:
            session.rollback()
            person = session.get_one(Person, person_id)
            item = rescue.refuse(session, person, device_id, command, problem, now)
            session.commit()
        return item

    def _try_out(self, person: Person, device_id: str, command: Asked) -> Item:
        """What would become of it, after what comes before it in the file."""
        session, now = self._session, self._now
        savepoint = session.begin_nested()
        try:
            item = rescue.take_command(session, person, device_id, command, now)
        except Problem as problem:
            savepoint.rollback()
            return rescue.refuse(session, person, device_id, command, problem, now)
        savepoint.commit()
        return item

    def _take_bytes(self, file: RescueFile, sha256: str) -> Item:
        """Keep the bytes that something here waits for; others were of no use to anybody."""
        what = "A photo or file"
        blob = blobs.find(self._session, self._org_id, sha256)
        if blob is None:
            return Item(what, "", "skipped", "Nothing here asks for it, so it was not taken in.")
        if blob.completed_at is not None:
            return Item(what, "", "here", "It had arrived before.")
        try:
            content = file.bytes_of(sha256)
        except Problem as problem:
            return Item(what, "", "rejected", problem.detail)
        if self._dry_run:
            return Item(what, "", "applied", "It is complete, and belongs to a step here.")
        return self._keep_bytes(blobs.upload_of(blob), content)

    def _keep_bytes(self, arriving: blobs.Upload, content: bytes) -> Item:
        session, now, size = self._session, self._now, len(content)
        session.commit()  # files are written and decoded outside any transaction
        try:
            blobs.write_part(self._directory, arriving, 0, content)
            kept = blobs.finish(self._directory, arriving, size)
        except (OSError, MemoryError):
            words = "It could not be stored now. Make room, then take the file in again."
            return Item("A photo or file", "", "rejected", words)
        blob = blobs.expect(session, self._org_id, arriving.sha256, size, now)
        blobs.note_part(blob, size, size, kept, now)
        session.commit()
        blobs.forget_part(self._directory, arriving)
        concerned = completion.bytes_arrived(session, blob, now) if blob.completed_at else []
        titles = ", ".join(f"“{each.title}”" for each in concerned)
        problem = Problem(blob.problem).detail if blob.problem else ""
        session.commit()
        if problem:
            return Item("A photo or file", "", "rejected", problem)
        about = f"It belongs to {titles}." if titles else "It is kept with its step."
        return Item("A photo or file", "", "applied", about)

    def _keep(self) -> None:
        if not self._dry_run:
            self._session.commit()
