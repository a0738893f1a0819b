"""Days that go the same way, told once: dead ends first, then the next one due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from webapp.rules.course import DEAD_ENDS, Moment
from webapp.services.rehearsals.plain import Rehearsed


@dataclass(frozen=True, slots=True)
class Group:
    """The first of due times that go the same way by the clock of their place, and the others."""

    first: Rehearsed
    others: tuple[Rehearsed, ...]


def grouped(runs: Iterable[Rehearsed]) -> list[Group]:
    """Return the runs in groups, the worst dead end first, each with the next one due first."""
    alike: dict[tuple[Any, ...], list[Rehearsed]] = {}
    for run in runs:
        alike.setdefault(_way(run), []).append(run)
    groups = [Group(first, tuple(others)) for first, *others in alike.values()]
    return sorted(groups, key=lambda group: (_severity(group.first), group.first.deadline_at))


def day_of(run: Rehearsed) -> date:
    """Return the local date on which it is due."""
    return run.deadline_at.astimezone(run.zone).date()


def _severity(run: Rehearsed) -> int:
    return min((DEAD_ENDS.index(kind) for kind in run.course.dead_ends), default=len(DEAD_ENDS))


def _way(run: Rehearsed) -> tuple[Any, ...]:
    """All that is told of a run but its date; one that has begun is like no other."""
    reminder = run.course.reminder
    return (
        run.place,
        run.occurrence if run.occasion.begun else None,
        (run.step.key, run.step.is_supposed) if run.step else None,
        _wall(run, run.occasion.opens_at),
        _wall(run, run.deadline_at),
        tuple(_moment(run, moment) for moment in run.course.moments),
        (reminder.person, _wall(run, reminder.at), reminder.channels) if reminder else None,
        run.course.dead_ends,
    )


def _moment(run: Rehearsed, moment: Moment) -> tuple[Any, ...]:
    return (
        _wall(run, moment.at),
        moment.person,
        moment.reason,
        moment.passed,
        tuple(told.channel for told in moment.told),
        moment.after_closing,
    )


def _wall(run: Rehearsed, moment: datetime) -> timedelta:
    """How far the clock on the wall is from the first minute of the day on which it is due."""
    there = moment.astimezone(run.zone).replace(tzinfo=None)
    return there - datetime.combine(day_of(run), datetime.min.time())
