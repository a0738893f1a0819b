"""Who cannot take work: people who left, and people who are away."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Absence, Person, Run, StepRun
from webapp.rules import presence
from webapp.rules.moment_words import local_date
from webapp.rules.presence import Span

AtHand = dict[str, list[Span]]
_AT_HAND = "absences_at_hand"


def reason_against(
    session: Session, person_id: str, step_run: StepRun, now: datetime
) -> str | None:
    """Return why the person cannot take the step ("deactivated", "absent"), or None."""
    person, day = session.get_one(Person, person_id), judged_on(step_run, now)
    has_left = person.deactivated_at is not None
    return presence.reason_against(has_left, _absences_on(session, person_id, day), day)


def judged_on(step_run: StepRun, now: datetime) -> date:
    """Return the local date at the step's location on which its people have to be there."""
    zone = ZoneInfo(step_run.run.location.time_zone)
    return presence.judged_on(step_run.deadline_at, zone, now)


def is_away(session: Session, person_id: str, day: date) -> bool:
    """Whether an absence of the person that has not ended covers this local date."""
    return presence.is_away(_absences_on(session, person_id, day), day)


def _absences_on(session: Session, person_id: str, day: date) -> Sequence[Span]:
    """The person's absences that have not ended, as far as this local date is concerned."""
    known: AtHand = session.info.get(_AT_HAND, {})
    if person_id in known:
        return known[person_id]
    query = select(Absence.first_day, Absence.last_day).where(
        Absence.person_id == person_id,
        Absence.first_day <= day,
        Absence.last_day >= day,
        Absence.ended_at.is_(None),
    )
    return [(first, last) for first, last in session.execute(query)]


@contextmanager
def at_hand(session: Session, people: Collection[str]) -> Iterator[None]:
    """Ask once for the absences of all these people, while no absence is written here."""
    query = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
        Absence.person_id.in_(people), Absence.ended_at.is_(None)
    )
    known: AtHand = {person: [] for person in people}
    for person, first, last in session.execute(query):
        known[person].append((first, last))
    session.info[_AT_HAND] = known
    try:
        yield
    finally:
        del session.info[_AT_HAND]


def passed_at_opening(session: Session, runs: Iterable[Run]) -> dict[str, list[str]]:
    """Return for each planned run why each level before the first that is there is passed over.

    ["absent", "deactivated"] means that the run will begin with the third level. The last level
    is never passed over. Judged by the local date of the run's deadline, as at its opening.
    """
    planned = {run.id: run for run in runs if run.state == "planned" and run.step_runs}
    chains = {run.id: run.step_runs[0].chain for run in planned.values()}
    days = {run.id: _day_of(run) for run in planned.values()}
    named = {level["person"] for chain in chains.values() for level in chain[:-1]}
    gone = _deactivated(session, named)
    away = _absences(session, named, days.values())

    def against(person: str, day: date) -> str | None:
        return presence.reason_against(person in gone, away.get(person, ()), day)

    def passed(run_id: str) -> Iterator[str]:
        for level in chains[run_id][:-1]:
            reason = against(level["person"], days[run_id])
            if reason is None:
                return
            yield reason

    return {run_id: list(passed(run_id)) for run_id in planned}


def not_always_there(session: Session, org_id: str, since: date) -> set[str]:
    """Return the ids of people who left, or are away on any local date from `since` on."""
    gone = select(Person.id).where(Person.org_id == org_id, Person.deactivated_at.is_not(None))
    away = select(Absence.person_id).where(
        Absence.org_id == org_id, Absence.last_day >= since, Absence.ended_at.is_(None)
    )
    return {*session.scalars(gone), *session.scalars(away)}


def _day_of(run: Run) -> date:
    return local_date(run.deadline_at, run.location.time_zone)


def _deactivated(session: Session, people: set[str]) -> set[str]:
    query = select(Person.id).where(Person.id.in_(people), Person.deactivated_at.is_not(None))
    return set(session.scalars(query)) if people else set()


def _absences(session: Session, people: set[str], days: Iterable[date]) -> AtHand:
    """The absences of these people that touch the span of these days, by person."""
    found: AtHand = {}
    span = sorted(days)
    if not people or not span:
        return found
    query = select(Absence.person_id, Absence.first_day, Absence.last_day).where(
        Absence.person_id.in_(people),
        Absence.first_day <= span[-1],
        Absence.last_day >= span[0],
        Absence.ended_at.is_(None),
    )
    for person, first, last in session.execute(query):
        found.setdefault(person, []).append((first, last))
    return found
