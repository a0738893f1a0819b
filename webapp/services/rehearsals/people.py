"""Everybody of an organisation as rehearsals know them."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from webapp.models import Absence, Person
from webapp.rules.course import Someone
from webapp.rules.moment_words import earliest_today
from webapp.rules.presence import Span
from webapp.services import other_channels, reachability, reached


def everybody(session: Session, org_id: str, since: datetime) -> dict[str, Someone]:
    """Return everybody who works or worked here, with their absences from `since` on, by id."""
    query = select(Person).where(Person.org_id == org_id)
    people = session.scalars(query.options(lazyload("*"))).all()
    away = _away(session, org_id, since)
    how = reachability.of_people(session, people)
    with_a_device = reached.with_a_device(session, [person.id for person in people])
    return {
        person.id: Someone(
            id=person.id,
            name=person.name,
            away=tuple(away[person.id]),
            has_left=person.deactivated_at is not None,
            has_device=person.id in with_a_device,
            answers=how[person.id].works,
            channels=other_channels.of_person(session, person),
        )
        for person in people
    }


def _away(session: Session, org_id: str, since: datetime) -> defaultdict[str, list[Span]]:
    found: defaultdict[str, list[Span]] = defaultdict(list)
    query = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
        Absence.org_id == org_id,
        Absence.ended_at.is_(None),
        Absence.last_day >= earliest_today(since),
    )
    for person, first, last in session.execute(query.order_by(Absence.first_day)):
        found[person].append((first, last))
    return found
