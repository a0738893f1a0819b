"""Which runs to create, move or drop so that the plan of one process at one location is right."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from webapp.rules.cadence import Occurrence

RunState = Literal["planned", "open", "closed", "void"]


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """A run that exists already. key is its occurrence's key; the times are aware UTC."""

    key: str
    opens_at: datetime
    deadline_at: datetime
    state: RunState


@dataclass(frozen=True, slots=True)
class Plan:
    """What to change, each sorted by deadline.

    create: occurrences without a run. move: (run, occurrence) pairs of one key, or of one date
    when there is one a day; the run takes the occurrence's key and times.
    drop: planned runs that are no longer wanted; nothing has happened to them, so their rows go.
    """

    create: list[Occurrence]
    move: list[tuple[PlannedRun, Occurrence]]
    drop: list[PlannedRun]


def plan(
    wanted: Iterable[Occurrence],
    existing: Iterable[PlannedRun],
    now: datetime,
    *,
    several_a_day: bool = False,
) -> Plan:
    """Compare what the schedule wants with the runs there are (one process, one location).

    wanted covers at least the time that the existing planned runs lie in. A run has begun when it
    is open or closed, or when its opening time has come, even if no tick has opened it yet; what
    has begun is left alone, so an outage drops nothing. A void run keeps its key for good.

    No run is created with its deadline already behind it. When the schedule gives one occurrence
    a day, a local date on which a run has begun gets no second one, whatever an edit did to the
    deadline. With several a day only equal keys count: the next due time of that day is work of
    its own, and nothing tells which earlier one an edited time replaces.

    A planned run whose deadline an edit moves within its date keeps its row and takes the new
    key: a phone may already hold its steps.
    """
    runs = {run.key: run for run in existing}
    ahead = {each.key: each for each in wanted if each.deadline_at > now}
    waiting = [run for run in runs.values() if run.state == "planned" and run.opens_at > now]
    begun_dates = set() if several_a_day else {_date(key) for key in _begun(runs.values(), now)}
    create = {
        key: each
        for key, each in ahead.items()
        if key not in runs and _date(key) not in begun_dates
    }
    unwanted = [run for run in waiting if run.key not in ahead]
    same_day = [] if several_a_day else list(_of_the_same_day(unwanted, create))
    for run, occurrence in same_day:
        unwanted.remove(run)
        del create[occurrence.key]
    kept = [(run, ahead[run.key]) for run in waiting if run.key in ahead]
    move = [*filter(_differs, kept), *same_day]
    return Plan(
        create=sorted(create.values(), key=lambda each: each.deadline_at),
        move=sorted(move, key=lambda pair: pair[1].deadline_at),
        drop=sorted(unwanted, key=lambda run: run.deadline_at),
    )


def _of_the_same_day(
    unwanted: Iterable[PlannedRun], create: Mapping[str, Occurrence]
) -> Iterator[tuple[PlannedRun, Occurrence]]:
    """Pair each run that is no longer wanted with the new occurrence of its local date."""
    by_date = {_date(key): each for key, each in create.items()}
    for run in unwanted:
        if occurrence := by_date.pop(_date(run.key), None):
            yield run, occurrence


def _begun(runs: Iterable[PlannedRun], now: datetime) -> Iterable[str]:
    for run in runs:
        if run.state in ("open", "closed") or (run.state == "planned" and run.opens_at <= now):
            yield run.key


def _differs(pair: tuple[PlannedRun, Occurrence]) -> bool:
    run, occurrence = pair
    return (run.opens_at, run.deadline_at) != (occurrence.opens_at, occurrence.deadline_at)


def _date(key: str) -> str:
    """The local date of an occurrence key ("2026-11-22T07:15")."""
    return key.partition("T")[0]
