"""What a later step waits for, and why one is not needed, in words."""

import re
from collections.abc import Mapping
from datetime import timedelta

from webapp.rules.deadline import format_wait
from webapp.rules.later import OF_LIMIT, Condition, Earlier, FollowUp
from webapp.rules.proof import Requirement
from webapp.rules.sentences import Sentence, say


def why_not(because: Mapping[str, str]) -> Sentence:
    """Why a step is not needed: "Not needed: Fridge temperature was 38 °F"."""
    step, said = because["step"], because["said"]
    if said:
        return say("Not needed: %(step)s was %(said)s", step=step, said=said)
    if because["became"] == "done":
        return say("Not needed: %(step)s was done", step=step)
    return say("Not needed: %(step)s was left out", step=step)


def asks(
    only_if: Condition | None, follow_up: FollowUp | None, steps: Mapping[str, Earlier]
) -> list[Sentence]:
    """What the step waits for: "Only if Fridge temperature is outside 33 to 41 °F".

    `steps` are the earlier ones by key, whatever became of them.
    """
    said = []
    if only_if and only_if.step in steps:
        said.append(_condition_words(only_if, steps[only_if.step]))
    if follow_up and follow_up.step in steps:
        wait = _wait_words(follow_up.wait)
        title = steps[follow_up.step].title
        said.append(say("Opens %(wait)s after %(step)s", wait=wait, step=title))
    return said


def _wait_words(wait: timedelta) -> str:
    """Signs that are the same in all languages: "2 h", "1 h 30 min"."""
    parts = re.findall(r"(\d+)([dhm])", format_wait(wait // timedelta(minutes=1)))
    return " ".join(f"{number} {'min' if unit == 'm' else unit}" for number, unit in parts)


def _condition_words(asked: Condition, step: Earlier) -> Sentence:
    if asked.becomes == "skipped":
        return say("Only if %(step)s is marked not applicable", step=step.title)
    low, high = _limits(asked, step.requirement)
    unit = f" {step.requirement.unit}" if step.requirement.unit else ""
    values = {"step": step.title, "low": low, "high": f"{high}{unit}"}
    if low and high and asked.becomes == "inside":
        return say("Only if %(step)s is %(low)s to %(high)s", **values)
    if low and high:
        return say("Only if %(step)s is outside %(low)s to %(high)s", **values)
    value = f"{low or high}{unit}"
    return _one_limit(asked, step.title, value, is_low=bool(low))


def _one_limit(asked: Condition, step: str, value: str, *, is_low: bool) -> Sentence:
    if asked.becomes == "inside":
        if is_low:
            return say("Only if %(step)s is %(value)s or more", step=step, value=value)
        return say("Only if %(step)s is %(value)s or less", step=step, value=value)
    if is_low:
        return say("Only if %(step)s is below %(value)s", step=step, value=value)
    return say("Only if %(step)s is above %(value)s", step=step, value=value)


def _limits(asked: Condition, requirement: Requirement) -> tuple[str, str]:
    """The bounds that words name: one that only `below` or `above` has stands alone."""
    digits = f"{asked.value:f}" if asked.value is not None else ""
    if asked.becomes in OF_LIMIT:
        return (digits, "") if asked.becomes == "below" else ("", digits)
    low, high = requirement.minimum, requirement.maximum
    return ("" if low is None else f"{low:f}", "" if high is None else f"{high:f}")


def span(asked: Condition, requirement: Requirement) -> tuple[str | None, str | None, bool]:
    """The condition as a closed span and whether the number must lie in it, for a device."""
    low, high = _limits(asked, requirement)
    return low or None, high or None, asked.becomes == "inside"
