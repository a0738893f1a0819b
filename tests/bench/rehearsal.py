"""A year of an organisation with many processes, rehearsed: read, played, and put into JSON."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from tests.bench.databases import Fresh
from tests.bench.row import Row, seconds
from tests.factories import reached_by_phone
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Organisation, Person
from webapp.rules.proof_gate import Requirement
from webapp.services import absences, definitions, organisations, people, places, rehearsals
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft
from webapp.services.places import Place

PROCESSES, PEOPLE, DAYS = 50, 30, 365
NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
CADENCES = (
    "FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA",
    "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0",
    "FREQ=WEEKLY;BYDAY=FR",
    "FREQ=MONTHLY;BYDAY=-1FR",
)
STEP = DraftStep("Look around", "", Requirement("note"))


def compare(kind: str, directory: Path, fresh: Fresh) -> list[Row]:
    """Seconds for all of it, and for its JSON after it."""
    directory = directory / "rehearsal"
    directory.mkdir()
    url = fresh()
    given = {"BATON_DATA_DIR": str(directory)} | ({"DATABASE_URL": url} if url else {})
    settings = Settings.from_env(given)
    database.upgrade(settings)
    with create_app(settings).app_context():
        org_id = _filled(db.session())
        rows = list(_measured(db.session(), org_id, kind))
        db.session.remove()
        db.engine.dispose()
    return rows


def _measured(session: Session, org_id: str, kind: str) -> Iterator[Row]:
    played: list[rehearsals.Rehearsal] = []
    took = seconds(lambda: played.extend(_rehearsed(session, org_id)))
    runs = sum(len(each.runs) for each in played)
    moments = sum(len(run.course.moments) for each in played for run in each.runs)
    what = f"rehearsal, {PROCESSES} processes, {DAYS} days, {kind}"
    note = f"{runs:,} due times, {moments:,} moments, {took / runs * 1e6:.0f} us each"
    yield Row(what, f"{took:.2f} s", "", "", "< 5 s", note)
    written = seconds(lambda: [json.dumps(rehearsals.as_json(each)) for each in played])
    yield Row(f"   its JSON, {kind}", f"{written:.2f} s", "", "", "")


def _rehearsed(session: Session, org_id: str) -> list[rehearsals.Rehearsal]:
    return rehearsals.of_organisation(session, org_id, NOW, DAYS)


def _filled(session: Session) -> str:
    """Two places with holidays, people of whom some have phones and all are away now and then."""
    owner = organisations.create(
        session, "Year", "Downtown", "America/Chicago", "Olivia", None, None, NOW
    )
    place = Place("Riverside", "America/New_York", time(6), time(20), holidays="US")
    places.add(session, owner.org_id, place, NOW, owner.id)
    crew = list(_crew(session, owner))
    for number in range(PROCESSES):
        draft = _draft(number, crew)
        definitions.save(session, owner.id, owner.org_id, draft, NOW)
    session.commit()
    return owner.org_id


def _crew(session: Session, owner: Person) -> Iterator[Person]:
    organisation = session.get_one(Organisation, owner.org_id)
    for number in range(PEOPLE):
        person = people.add(session, organisation, f"Person {number}", None, "staff", NOW)
        if number % 3:
            reached_by_phone(session, person, confirmed_at=NOW)
        for week in range(number % 10 + 1, 52, 10):
            first = date(2026, 11, 23) + timedelta(weeks=week)
            absences.declare(session, owner, person, first, first + timedelta(days=6), "", NOW)
        yield person


def _draft(number: int, crew: list[Person]) -> ProcessDraft:
    who = [crew[(number * 7 + station) % PEOPLE].id for station in range(3)]
    chain = [
        DraftLevel(role, person, wait)
        for role, person, wait in zip(
            ("assignee", "backup", "fallback"), who, (0, 5, 20), strict=True
        )
    ]
    return ProcessDraft(
        name=f"Process {number}",
        locations=("Downtown", "Riverside") if number % 2 else ("Downtown",),
        rrule=CADENCES[number % len(CADENCES)],
        deadline=time(7 + number % 11, 15),
        chain=(*chain, DraftLevel("owner", None, 30)),
        steps=(STEP,),
        grace_minutes=5,
    )
