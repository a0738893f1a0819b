"""Steps that open later than their run: where an answer says so, or a while after another step.

A step asks only of earlier steps of its own run. It may ask both ways: then it opens at its time,
if it is needed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from webapp.rules.escalation import ON_TIME_WITHIN, SEND_BACK_WINDOW
from webapp.rules.proof import Requirement, is_inside

OF_RANGE = ("outside", "inside")
OF_LIMIT = ("above", "below")
OF_NUMBER = (*OF_RANGE, *OF_LIMIT)
CONDITIONS = (*OF_NUMBER, "skipped")

Became = Literal["unknown", "done", "skipped", "left_out"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A step is needed only if the step of that key `became` so; `value` is the limit."""

    step: str
    becomes: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A step opens `wait` after the step of that key is done, and is due so long after that."""

    step: str
    wait: timedelta
    due: timedelta


@dataclass(frozen=True, slots=True)
class Earlier:
    """What became of an earlier step: its accepted reading if it asks for a number, done when."""

    title: str
    became: Became
    requirement: Requirement
    number: Decimal | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a later step is needed; None: not known yet.

    `opens_at` is when it opens, None for at once; `because` says why it is not needed, in the
    form that `later_words.why_not` says.
    """

    needed: bool | None
    opens_at: datetime | None = None
    because: dict[str, str] | None = None


UNKNOWN = Verdict(None)
GONE: Became = "left_out"


def condition_from_json(asked: Mapping[str, Any] | None) -> Condition | None:
    """The condition as a step keeps it: {"step", "is", "value"}."""
    if asked is None:
        return None
    value = asked.get("value")
    return Condition(asked["step"], asked["is"], None if value is None else Decimal(value))


def condition_to_json(asked: Condition | None) -> dict[str, Any] | None:
    """The stored form; the limit as text, so that no digit is lost."""
    if asked is None:
        return None
    value = None if asked.value is None else f"{asked.value:f}"
    return {"step": asked.step, "is": asked.becomes, "value": value}


def follow_up_from_json(asked: Mapping[str, Any] | None) -> FollowUp | None:
    """The follow-up as a step keeps it: {"step", "wait_minutes", "due_minutes"}."""
    if asked is None:
        return None
    wait, due = (timedelta(minutes=asked[name]) for name in ("wait_minutes", "due_minutes"))
    return FollowUp(asked["step"], wait, due)


def follow_up_to_json(asked: FollowUp | None) -> dict[str, Any] | None:
    """The stored form, in whole minutes."""
    if asked is None:
        return None
    minute = timedelta(minutes=1)
    return {
        "step": asked.step,
        "wait_minutes": asked.wait // minute,
        "due_minutes": asked.due // minute,
    }


def became(state: str, *, by_itself: bool) -> Became:
    """What a step in that state has become; `by_itself`: it was skipped for not being needed.

    A proof that waits for approval counts: what follows from it must not wait for that.
    """
    if state in ("in_review", "done"):
        return "done"
    if state == "skipped":
        return GONE if by_itself else "skipped"
    return GONE if state == "void" else "unknown"


def done_at(captured_at: datetime, received_at: datetime, trust: str) -> datetime:
    """When work counts as done: when it was captured, unless its clock proves nothing."""
    return received_at if trust == "unproven" else min(captured_at, received_at)


def decide(
    only_if: Condition | None, follow_up: FollowUp | None, earlier: Mapping[str, Earlier]
) -> Verdict:
    """Whether the step is needed, by what became of the `earlier` steps of its run, by key."""
    verdicts = [
        *([_by_answer(only_if, earlier.get(only_if.step))] if only_if else []),
        *([_by_time(follow_up, earlier.get(follow_up.step))] if follow_up else []),
    ]
    for each in verdicts:
        if each.needed is False:
            return each
    if any(each.needed is None for each in verdicts):
        return UNKNOWN
    return verdicts[-1]


def _by_answer(asked: Condition, step: Earlier | None) -> Verdict:
    if step is not None and step.became == "unknown":
        return UNKNOWN
    if step is None or step.became == GONE:
        return _not_needed(step, "left_out")
    if asked.becomes == "skipped":
        return Verdict(True) if step.became == "skipped" else _not_needed(step, "done")
    if step.number is None:
        return _not_needed(step, "left_out")
    if is_so(asked, step.requirement, step.number):
        return Verdict(True)
    unit = f" {step.requirement.unit}" if step.requirement.unit else ""
    return _not_needed(step, "done", f"{step.number:f}{unit}")


def _by_time(asked: FollowUp, step: Earlier | None) -> Verdict:
    if step is not None and step.became == "done" and step.done_at is not None:
        return Verdict(True, step.done_at + asked.wait)
    if step is not None and step.became == "unknown":
        return UNKNOWN
    return _not_needed(step, "left_out")


def _not_needed(step: Earlier | None, became: str, said: str = "") -> Verdict:
    because = {"step": step.title if step else "", "became": became, "said": said}
    return Verdict(False, because=because)


def is_so(asked: Condition, requirement: Requirement, number: Decimal) -> bool:
    """Whether the number is as the condition says; bounds belong to the range, not to "above"."""
    if asked.becomes in OF_RANGE:
        return is_inside(requirement, number) == (asked.becomes == "inside")
    assert asked.value is not None, "above and below name a limit"
    return number > asked.value if asked.becomes == "above" else number < asked.value


def opened_from(opens_at: datetime | None, now: datetime) -> datetime:
    """From when an opening counts: its time, or now if the engine came late to it."""
    on_time = opens_at is not None and now - opens_at <= ON_TIME_WITHIN
    return opens_at if on_time and opens_at is not None else now


def deadline_of(follow_up: FollowUp | None, run_deadline: datetime, opened: datetime) -> datetime:
    """When a step that opened then is due.

    A follow-up has its own time. Any other is due with its run, or, if that is over, after the
    window of a send-back.
    """
    if follow_up is not None:
        return opened + follow_up.due
    return run_deadline if run_deadline > opened else opened + SEND_BACK_WINDOW
