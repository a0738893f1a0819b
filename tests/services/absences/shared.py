"""What the tests of absences share: who falls ill, who comes back, what was told."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.day import Day
from tests.factories import proof
from webapp.models import OutboxMessage, Person, StepRun
from webapp.services import absences

GATE = (("Gate latch", proof("note")),)
NOTE = {"kind": "note", "text": "Closed."}
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def sick(monday: Day, who: str):
    person = monday.crew.people[who]
    absence = absences.sick_today(monday.session, person, person, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    return absence


def ends(monday: Day, absence) -> int:
    person, now = absence.person, monday.clock.now()
    came_back = absences.end(monday.session, person, absence, now)
    monday.session.commit()
    return came_back


def moves(step: StepRun) -> list[tuple[str, str, str | None, str]]:
    return [
        (each.from_person.name, each.to_person.name, each.passed_over, each.reason)
        for each in step.moves
    ]


def told(session) -> list[tuple[str, str]]:
    """Who was told what, in the order of the rows."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
    return [(row.kind, session.get_one(Person, row.person_id).name) for row in rows]
