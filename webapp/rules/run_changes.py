"""What an edit changes in the runs of one process at one location: each kind counted, by date."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, get_args

Kind = Literal[
    "gone",
    "added",
    "due",
    "opens",
    "step_removed",
    "step_added",
    "proof",
    "asked",
    "title",
    "shown",
    "order",
    "holder",
    "chain",
    "review",
    "reminding",
    "stays",
]
ORDER: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class SeenStep:
    """One step of a run: its title, the kind of its proof, who holds it first.

    `asked` is all else that its proof must meet, `shown` what else is read beside its title.
    """

    title: str
    proof: str
    holder: str
    asked: Hashable = None
    shown: Hashable = None


@dataclass(frozen=True, slots=True)
class SeenRun:
    """A run as it is: local wall times without a zone, and its steps by key in their order.

    `later` is who comes after the first holder and when, `reminding` when it reminds and how long
    it waits for a sign.
    """

    opens: datetime
    due: datetime
    steps: Mapping[str, SeenStep]
    later: Hashable = None
    review: str = "none"
    reminding: Hashable = None


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of change: `count` runs, or steps of a new holder, due on these local dates.

    `values` say what it is: of `due` and `opens` the times before and after, of a step its title
    and what closes it, of `holder` and `review` the one before and the one after, of `stays` the
    number of the version that runs which have begun keep.
    """

    kind: Kind
    values: tuple[Any, ...]
    count: int
    days: tuple[date, ...]


Found = tuple[Kind, tuple[Any, ...], date]


def changes(before: Mapping[str, SeenRun], after: Mapping[str, SeenRun]) -> Iterator[Found]:
    """Compare runs by their ids: each change with the date that its run is due on."""
    for key, run in before.items():
        if key not in after:
            yield "gone", (), run.due.date()
    for key, run in after.items():
        if key not in before:
            yield "added", (run.due.time(),), run.due.date()
        else:
            for kind, values in _of_run(before[key], run):
                yield kind, values, run.due.date()


def counted(found: Iterable[Found]) -> tuple[Change, ...]:
    """Count alike changes together, the gravest kind first."""
    days: dict[tuple[Kind, tuple[Any, ...]], list[date]] = {}
    for kind, values, day in found:
        days.setdefault((kind, values), []).append(day)
    made = [
        Change(kind, values, len(on), tuple(sorted(set(on)))) for (kind, values), on in days.items()
    ]
    return tuple(sorted(made, key=lambda each: (ORDER.index(each.kind), each.days)))


def _of_run(old: SeenRun, new: SeenRun) -> Iterator[tuple[Kind, tuple[Any, ...]]]:
    if old.due != new.due:
        yield "due", (old.due.time(), new.due.time())
    elif old.opens != new.opens:
        yield "opens", (_opening(old), _opening(new))
    yield from _of_steps(old.steps, new.steps)
    if old.later != new.later:
        yield "chain", ()
    if old.review != new.review:
        yield "review", (old.review, new.review)
    if old.reminding != new.reminding:
        yield "reminding", ()


def _opening(run: SeenRun) -> tuple[int, Any]:
    """How many days before its date it opens, and at what time."""
    return (run.due.date() - run.opens.date()).days, run.opens.time()


def _of_steps(
    old: Mapping[str, SeenStep], new: Mapping[str, SeenStep]
) -> Iterator[tuple[Kind, tuple[Any, ...]]]:
    for key, step in old.items():
        if key not in new:
            yield "step_removed", (step.title, step.proof)
    for key, step in new.items():
        if key not in old:
            yield "step_added", (step.title, step.proof)
        else:
            yield from _of_step(old[key], step)
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield "order", ()


def _of_step(old: SeenStep, new: SeenStep) -> Iterator[tuple[Kind, tuple[Any, ...]]]:
    if old.proof != new.proof:
        yield "proof", (new.title, old.proof, new.proof)
    elif old.asked != new.asked:
        yield "asked", (new.title,)
    if old.title != new.title:
        yield "title", (old.title, new.title)
    if old.shown != new.shown:
        yield "shown", (new.title,)
    if old.holder != new.holder:
        yield "holder", (old.holder, new.holder)
