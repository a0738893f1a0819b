"""Whose names a kiosk shows: who works at its location, and who has a place in its runs."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import Kiosk, Location, Person, Run
from webapp.services import board


def of(session: Session, kiosk: Kiosk, runs: Iterable[Run]) -> list[Person]:
    """Return the active people of the location and of the chains of these runs, by name."""
    query = select(Person).where(
        Person.org_id == kiosk.org_id,
        Person.deactivated_at.is_(None),
        or_(
            Person.locations.any(Location.id == kiosk.location_id),
            Person.id.in_(_in_chains(runs)),
        ),
    )
    return list(session.scalars(query.order_by(Person.name, Person.id)))


def includes(session: Session, kiosk: Kiosk, person: Person, now: datetime) -> bool:
    """Whether the kiosk shows this person's name now."""
    if person.org_id != kiosk.org_id or person.deactivated_at is not None:
        return False
    if any(place.id == kiosk.location_id for place in person.locations):
        return True
    return person.id in _in_chains(board.at_location(session, kiosk.location, now))


def _in_chains(runs: Iterable[Run]) -> set[str]:
    steps = [step for run in runs for step in run.step_runs]
    named = {str(level["person"]) for step in steps for level in step.chain}
    return named | {step.holder_id for step in steps if step.holder_id}
