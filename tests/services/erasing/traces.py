"""A person who left traces everywhere, and looking for what is left of them."""

import hashlib
import json
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import kept
from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, proof, reached_by_phone
from webapp import context
from webapp.extensions import db
from webapp.models import Base, ChainLevel, StepRun
from webapp.services import (
    absences,
    blobs,
    erasure,
    people,
    pins,
    reviews,
    sign_in,
)

NAME = "Anahita Zürcher"
BEFORE = "Anahita Quist"
EMAIL = "anahita@sunflower.example"
WORDS = (
    "The pelican latch sticks",
    "Oiled the flamingo hinge",
    "My cormorant car broke down",
    "No ibis delivery came",
    "pelican-sketch.pdf",
)
NEEDLES = (NAME, BEFORE, EMAIL, "anahita", *WORDS)
COLOURS = ("red", "black")
STEPS = (
    ("Gate", proof("note")),
    ("Front room ready", proof("photo")),
    ("Signed", proof("signature")),
    ("Delivery", proof("note")),
    ("Fridge", proof("number", unit="°F", min="33", max="41", if_outside="Move the food.")),
)


def traces(session: Session, clock: Any) -> Day:
    """A Monday on which Ana left traces everywhere; and what she photographed."""
    crew = crew_of_a_daycare(session, clock.now())
    asked = ("traces", crew.org_id, clock.now())
    day = Day(session, clock, crew, steps=STEPS)
    kept.once(session, asked, lambda: leave_traces(day))
    for colour in COLOURS:
        content = photo(colour)
        sha256 = hashlib.sha256(content).hexdigest()
        arriving = blobs.Upload(crew.org_id, sha256, len(content), 0, is_complete=False)
        blobs.keep_whole(context.settings().blob_dir, arriving, content)
    return day


def leave_traces(day: Day) -> None:
    """Ana, renamed twice, writes, signs, photographs, falls sick, and hands on."""
    session, crew, clock = day.session, day.crew, day.clock
    ana, olivia = crew.ana, crew.olivia
    people.change(session, olivia, ana, clock.now(), name=BEFORE)
    people.change(session, olivia, ana, clock.now(), name=NAME)
    ana.email = EMAIL
    pins.choose(session, ana, "274951", clock.now())
    sign_in.set_password(session, ana, "a long enough pass phrase", clock.now())
    sign_in.start_session(session, ana, clock.now())
    sign_in.create_token(session, ana, clock.now())
    ana.extra_url = "slack://anahita/of/sunflower"
    reached_by_phone(session, ana, device="phone")
    session.commit()
    _work(day)
    step = steps(day)["Delivery"]
    day.does("ana", "cannot_do", step=step, reason=WORDS[2])
    absence = absences.sick_today(session, ana, ana, clock.now())
    absence.reason = "flu of anahita"
    session.commit()
    day.does("ben", step=steps(day)["Delivery"], proof={"kind": "note", "text": f"For {NAME}: ok"})


def _work(day: Day) -> None:
    by_title = steps(day)
    day.does("ana", step=by_title["Gate"], proof={"kind": "note", "text": WORDS[0]})
    day.does("ana", "fix_note", step=by_title["Gate"], text=WORDS[1])
    day.does("ana", step=by_title["Front room ready"], proof=photo_proof(photo(COLOURS[0])))
    day.uploads(photo(COLOURS[0]))
    signed = photo_proof(photo(COLOURS[1])) | {"kind": "signature", "name": WORDS[4]}
    day.does("ana", step=by_title["Signed"], proof=signed)
    day.uploads(photo(COLOURS[1]))
    number = {"kind": "number", "value": "45", "corrective": WORDS[3]}
    day.does("ana", step=by_title["Fridge"], proof=number)
    for each in steps(day).values():
        if each.state == "in_review":
            seen = each.proof.evidence_sha256
            reviews.approve(day.session, day.crew.olivia, each, seen, day.clock.now())
    day.session.commit()


def steps(day: Day) -> dict[str, StepRun]:
    """The step runs of the first run, by title."""
    first = day.step.run_id
    found = day.session.scalars(select(StepRun).where(StepRun.run_id == first))
    return {each.title: each for each in found}


def leaves(day: Day) -> None:
    """Ana leaves; Fay does her part from now on."""
    session, crew = day.session, day.crew
    people.deactivate(session, crew.olivia, crew.ana, day.clock.now())
    for level in session.scalars(select(ChainLevel).where(ChainLevel.person_id == crew.ana.id)):
        level.person_id = crew.maya.id
    session.commit()


def erases(day: Day, who: str = "ana", **options: Any) -> int:
    """The owner erases the person, and the files go."""
    person, now = day.crew.people[who], day.clock.now()
    done = erasure.erase_person(day.session, day.crew.olivia, person, person.name, now, **options)
    day.session.commit()
    erasure.finish_removing(day.session, context.settings().blob_dir, now)
    return done


def left_in_rows(session: Session, needles: tuple[str, ...] = NEEDLES) -> list[str]:
    """Where in any column of any table one of these stands."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            for column, value in row.items():
                shown = value if isinstance(value, str) else json.dumps(value, default=str)
                plain = shown.encode().decode("unicode_escape", "ignore") + shown
                found += [f"{table.name}.{column}: {each}" for each in needles if each in plain]
    return found


def left_in_files(session: Session, needles: tuple[str, ...] = NEEDLES) -> list[str]:
    """Which of these stand in a file of the SQLite database."""
    session.rollback()
    path = Path(str(db.engine.url.database))
    bytes_ = b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))
    written = {each: (each.encode(), json.dumps(each)[1:-1].encode()) for each in needles}
    return [each for each, forms in written.items() if any(form in bytes_ for form in forms)]
