"""Twelve months of a process at one location: what each day was, and what was missed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from webapp.models import FixNote, Location, Process, Run, StepRun
from webapp.rules.moment_words import local_date
from webapp.services import calendars, coverage, week

MONTHS = 12
MOST_MISSES = 20
# What a run was, the worst first: a day of several runs is what its worst one was.
STATES = ("owner", "moved", "open", "on_time", "off", "ahead")


@dataclass(frozen=True, slots=True)
class Year:
    """By day what each run was; `closed` are the days on which the location was closed."""

    location: Location
    first: date
    last: date
    days: dict[date, list[str]]
    closed: frozenset[date]


@dataclass(frozen=True, slots=True)
class Miss:
    """One run of which something was missed: those steps, and the fix notes on them since."""

    run: Run
    steps: list[StepRun]
    notes: list[FixNote]


def of(session: Session, process: Process, location: Location, now: datetime) -> Year:
    """Return the months until today, this one and the eleven before."""
    today = local_date(now, location.time_zone)
    first = _first(today)
    ours = _of_days(process, location, first, today)
    worst = _missed(session, ours)
    query = select(Run.id, Run.occurrence, Run.state, Run.deadline_at).where(ours)
    days: dict[date, list[str]] = {}
    for run_id, occurrence, state, deadline_at in session.execute(query):
        was = worst.get(run_id) if state != "void" else None
        is_due = deadline_at <= now
        days.setdefault(date.fromisoformat(occurrence[:10]), []).append(
            was or _plain(state, is_due)
        )
    closed = calendars.closed_between(location, first, today)
    return Year(location, first, today, days, closed)


def misses(
    session: Session, process: Process, location: Location, now: datetime
) -> tuple[list[Miss], bool]:
    """Return the newest runs of these months of which something was missed, the last first, and
    whether there are more.
    """
    today = local_date(now, location.time_zone)
    ours = and_(_of_days(process, location, _first(today), today), Run.state != "void")
    steps = week.eventful(session, and_(ours, coverage.CHASED), week.MOST, newest=True)
    by_run: dict[str, list[StepRun]] = {}
    for step in steps:
        by_run.setdefault(step.run_id, []).append(step)
    shown = list(by_run.values())[:MOST_MISSES]
    notes = _notes(session, location, [step for each in shown for step in each])
    found = [
        Miss(each[0].run, each, [note for note in notes if note.step_run_id in _ids(each)])
        for each in shown
    ]
    return found, len(by_run) > MOST_MISSES


def _ids(steps: Iterable[StepRun]) -> set[str]:
    return {step.id for step in steps}


def _first(today: date) -> date:
    """The first day of the month eleven months ago."""
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _of_days(process: Process, location: Location, first: date, last: date) -> ColumnElement[bool]:
    """The runs of these nominal days, by the key that every run has: an index answers it."""
    return and_(
        Run.process_id == process.id,
        Run.location_id == location.id,
        Run.occurrence >= first.isoformat(),
        Run.occurrence < (last + timedelta(days=1)).isoformat(),
    )


def _missed(session: Session, ours: ColumnElement[bool]) -> dict[str, str]:
    """By run whether a miss of it moved on, or came to the last of its chain."""
    query = select(StepRun.run_id, StepRun.level, StepRun.last_level)
    query = query.join(Run, Run.id == StepRun.run_id).where(ours, coverage.CHASED)
    found: dict[str, str] = {}
    for run_id, level, last in session.execute(query):
        if level == last or run_id not in found:
            found[run_id] = "owner" if level == last else "moved"
    return found


def _plain(state: str, is_due: bool) -> str:
    """What a run was of which nothing was missed."""
    if state == "void":
        return "off"
    if state == "closed":
        return "on_time"
    return "open" if is_due else "ahead"


def _notes(session: Session, location: Location, steps: list[StepRun]) -> list[FixNote]:
    query = select(FixNote).where(
        FixNote.location_id == location.id,
        FixNote.step_key.in_({step.step_key for step in steps}),
        FixNote.step_run_id.in_(_ids(steps)),
    )
    return list(session.scalars(query.order_by(FixNote.at))) if steps else []
