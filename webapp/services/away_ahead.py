"""Who in a chain is away in the days ahead, and the runs for which only its last is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Absence, ChainLevel, Person, ProcessVersion, Run
from webapp.rules.moment_words import earliest_today, local_date
from webapp.services import availability, reach
from webapp.services.planning import HORIZON


@dataclass(frozen=True, slots=True)
class AwayAhead:
    """Somebody in a chain is away on these local dates, both included.

    `role` is their station; `begins_with` names who holds the runs of these days from the start
    when that is not the responsible person, without those that only the last is there for.
    """

    person: Person
    role: str
    first: date
    last: date
    begins_with: tuple[str, ...]


def of_version(
    session: Session, version: ProcessVersion, owner: Person, runs: Sequence[Run], now: datetime
) -> list[AwayAhead]:
    """Return who is away of the chain, the first of it first; `runs` are its planned ones."""
    passed = availability.passed_at_opening(session, runs)
    stations: dict[Person, str] = {}  # who stands there twice, as the owner may, counts once
    for level in version.chain:
        stations.setdefault(level.person or owner, level.role)
    return [
        AwayAhead(person, role, first, last, _begins_with(runs, passed, first, last))
        for person, role in stations.items()
        for first, last in _spans(session, person, now)
    ]


def only_the_last(session: Session, runs: Sequence[Run]) -> list[Run]:
    """Return which of these planned runs begin with the last of their chain: nobody else is there.

    They come in the order in which they are due.
    """
    passed = availability.passed_at_opening(session, runs)
    alone = [run for run in runs if len(passed.get(run.id, ())) == _before_last(run)]
    return sorted(alone, key=lambda run: (run.deadline_at, run.id))


def nobodys(session: Session, alone: Iterable[Run]) -> list[Run]:
    """Return which of these runs, which begin with the last, begin with somebody who is away."""
    return [
        run
        for run in alone
        if availability.is_away(session, run.step_runs[0].chain[-1]["person"], day_of(run))
    ]


def left_to_the_owner(session: Session, asking: Person, now: datetime) -> list[Run]:
    """Return the planned runs that `asking` sees for which nobody but the owner is there."""
    gone = availability.not_always_there(session, asking.org_id, earliest_today(now))
    there = exists().where(
        ChainLevel.version_id == Run.version_id,
        ChainLevel.person_id.is_not(None),
        ChainLevel.person_id.not_in(gone),
    )
    query = select(Run).where(Run.org_id == asking.org_id, Run.state == "planned", ~there)
    query = reach.of_runs(asking, query)
    runs = session.scalars(query.options(selectinload(Run.step_runs))) if gone else ()
    return only_the_last(session, list(runs))


def _spans(session: Session, person: Person, now: datetime) -> list[tuple[date, date]]:
    """The person's absences in the days that are planned, joined where they touch or overlap."""
    query = (
        select(Absence.first_day, Absence.last_day)
        .where(
            Absence.person_id == person.id,
            Absence.ended_at.is_(None),
            Absence.last_day >= earliest_today(now),
            Absence.first_day <= (now + HORIZON).date(),
        )
        .order_by(Absence.first_day, Absence.last_day)
    )
    joined: list[tuple[date, date]] = []
    for first, last in session.execute(query):
        if joined and first.toordinal() <= joined[-1][1].toordinal() + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined


def _begins_with(
    runs: Iterable[Run], passed: dict[str, list[str]], first: date, last: date
) -> tuple[str, ...]:
    names = [
        run.step_runs[0].chain[len(passed[run.id])]["name"]
        for run in runs
        if 0 < len(passed.get(run.id, ())) < _before_last(run) and first <= day_of(run) <= last
    ]
    return tuple(dict.fromkeys(names))


def _before_last(run: Run) -> int:
    return len(run.step_runs[0].chain) - 1 if run.step_runs else -1


def day_of(run: Run) -> date:
    """Return the local date on which the run is due."""
    return local_date(run.deadline_at, run.location.time_zone)
