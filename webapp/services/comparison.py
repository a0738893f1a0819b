"""One process at several locations, side by side: counts with what they are counted of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, literal_column, select, true
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Process, ProcessVersion, Run, StepRun
from webapp.models.process import version_location
from webapp.rules import weeks
from webapp.rules.moment_words import local_date
from webapp.rules.weeks import WEEK
from webapp.services import coverage, definitions, reach

WEEKS = 12
LATE = 4 * WEEK
# Below this many runs a difference of one or two is a tenth of them: nothing to go by.
FEW = 20


@dataclass(slots=True)
class Side:
    """What the runs of one location were; `weeks` counts (nobody chased, all), oldest first."""

    location: Location
    runs: int = 0
    went: int = 0
    chased: int = 0
    sent_back: int = 0
    weeks: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)] * WEEKS)

    @property
    def is_few(self) -> bool:
        """Whether there are too few runs to compare by."""
        return self.runs < FEW


def comparable(session: Session, person: Person) -> list[Process]:
    """Return the processes that are done at two or more of the person's locations, by name."""
    places = [place.id for place in person.locations]
    here = version_location.c.location_id.in_(places) if person.role != "owner" else true()
    newest = ProcessVersion.number == Process.version_number
    query = (
        select(Process)
        .join(ProcessVersion, and_(ProcessVersion.process_id == Process.id, newest))
        .join(version_location, version_location.c.version_id == ProcessVersion.id)
        .where(Process.org_id == person.org_id, Process.retired_at.is_(None), here)
        .group_by(Process.id)
        .having(func.count() > 1)
        .order_by(Process.name)
    )
    return list(session.scalars(query))


def busiest(session: Session, processes: Sequence[Process], now: datetime) -> Process | None:
    """Return which of these had the most runs of late; where they are alike, the first of them."""
    if len(processes) < 2:
        return processes[0] if processes else None
    query = (
        select(Run.process_id, func.count())
        .where(
            Run.org_id == processes[0].org_id,
            Run.deadline_at > now - LATE,
            Run.deadline_at <= now,
            Run.state != "void",
        )
        .group_by(Run.process_id)
    )
    runs: dict[str, int] = dict(iter(session.execute(query)))
    return max(processes, key=lambda each: runs.get(each.id, 0))


def places_of(process: Process, person: Person) -> list[Location]:
    """Return where the process is done, as far as the person looks after it, by name."""
    return reach.among(person, definitions.current_version(process).locations)


def of(session: Session, process: Process, places: Iterable[Location], now: datetime) -> list[Side]:
    """Return the last twelve weeks of a process at each of these places, this week included."""
    sides = {place.id: Side(place) for place in places}
    mondays = {place.id: _first(place, now) for place in places}
    due = and_(
        Run.process_id == process.id,
        Run.location_id.in_(sides),
        Run.occurrence >= min(mondays.values()).isoformat(),
        Run.deadline_at <= now,
        Run.state != "void",
    )
    chased = _with(session, due, coverage.CHASED)
    sent_back = _with(session, due, StepRun.attempt > literal_column("1"))
    query = select(Run.id, Run.location_id, Run.occurrence, Run.state).where(due)
    for run, place, occurrence, state in session.execute(query):
        week = (date.fromisoformat(occurrence[:10]) - mondays[place]) // WEEK
        if 0 <= week < WEEKS:
            went = state == "closed" and run not in chased
            _count(sides[place], week, went, run in chased, run in sent_back)
    return list(sides.values())


def _with(session: Session, due: ColumnElement[bool], what: ColumnElement[bool]) -> set[str]:
    """Return the ids of these runs that have a step of which this is true."""
    query = select(StepRun.run_id).join(Run, Run.id == StepRun.run_id).where(due, what)
    return set(session.scalars(query))


def _first(place: Location, now: datetime) -> date:
    this = weeks.monday_of(local_date(now, place.time_zone))
    return this - timedelta(weeks=WEEKS - 1)


def _count(side: Side, week: int, went: bool, chased: bool, sent_back: bool) -> None:
    side.runs += 1
    side.went += went
    side.chased += chased
    side.sent_back += sent_back
    done, total = side.weeks[week]
    side.weeks[week] = (done + went, total + 1)
