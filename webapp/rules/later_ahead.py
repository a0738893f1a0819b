"""When later steps will open, if what they wait for is done just when it is due.

The rules of later steps decide, as they do for a live run; only what has not been done yet is
taken as done on time. Times are aware UTC.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.rules.later import GONE, Condition, Earlier, FollowUp, deadline_of, decide
from webapp.rules.later_words import asks
from webapp.rules.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a run, what became of it so far, and what it waits for.

    `due_at` is when a step is due that is open already at a time of its own.
    """

    key: str
    earlier: Earlier
    only_if: Condition | None = None
    follow_up: FollowUp | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """A later step that may still open, in words what it waits for, and when it is due.

    `opens_at` is None for one that opens as soon as its answer is there and is due with its run.
    `is_supposed`: what it waits for is not done yet.
    """

    key: str
    title: str
    asks: tuple[Sentence, ...]
    opens_at: datetime | None
    deadline_at: datetime
    is_supposed: bool


def ahead(steps: Sequence[Step], deadline_at: datetime, now: datetime) -> Iterator[Ahead]:
    """Yield the later steps of a run with that deadline that may still open, in their order."""
    known = {step.key: step.earlier for step in steps}
    supposed: dict[str, Earlier] = {}
    for step in steps:
        found = _ahead(step, known, supposed, deadline_at, now)
        due = found.deadline_at if found else step.due_at or deadline_at
        supposed[step.key] = _on_time(step, max(due, now), is_gone=found is None)
        if found:
            yield found


def _ahead(
    step: Step,
    known: Mapping[str, Earlier],
    supposed: Mapping[str, Earlier],
    deadline_at: datetime,
    now: datetime,
) -> Ahead | None:
    if not _waits(step) or decide(step.only_if, step.follow_up, known).needed is False:
        return None
    opened = _opens_at(step, supposed, now)
    if opened is None:
        return None
    said = tuple(asks(step.only_if, step.follow_up, known))
    title = step.earlier.title
    if step.follow_up is None and opened <= deadline_at:
        return Ahead(step.key, title, said, None, deadline_at, is_supposed=True)
    due = deadline_of(step.follow_up, deadline_at, opened)
    is_supposed = decide(step.only_if, step.follow_up, known).needed is None
    return Ahead(step.key, title, said, opened, due, is_supposed)


def _opens_at(step: Step, supposed: Mapping[str, Earlier], now: datetime) -> datetime | None:
    """When it opens if it is needed; None if it never does, for what it follows is left out."""
    if step.follow_up is not None:
        return decide(None, step.follow_up, supposed).opens_at
    asked = supposed.get(step.only_if.step) if step.only_if else None
    return (asked.done_at or now) if asked else None


def _waits(step: Step) -> bool:
    is_later = step.only_if is not None or step.follow_up is not None
    return is_later and step.due_at is None and step.earlier.became == "unknown"


def _on_time(step: Step, due: datetime, *, is_gone: bool) -> Earlier:
    """What becomes of a step: what has, or else that it is done when it is due."""
    if step.earlier.became != "unknown":
        return step.earlier
    if is_gone and _waits(step):
        return replace(step.earlier, became=GONE)
    return replace(step.earlier, became="done", done_at=due)
