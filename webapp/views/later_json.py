"""What a step waits for, as the API takes it in and gives it out."""

from collections.abc import Iterable, Sequence
from typing import Any

from webapp.models import Step, StepRun
from webapp.rules import later as rules
from webapp.rules.later_words import span
from webapp.rules.proof import requirement_from_json
from webapp.rules.sentences import Sentence
from webapp.services import later


def step_later(step: StepRun, steps: Sequence[StepRun]) -> dict[str, Any] | None:
    """Return what a device needs to know of a step that opens later; None for any other.

    `said` are sentences with their values, so that a device can say them in another language
    without a connection.
    """
    if not step.is_later:
        return None
    by_key = {each.step_key: each for each in steps}
    return {
        "opens_at": step.opens_at,
        "said": [_sentence(each) for each in later.words(step, steps)],
        "only_if": _only_if(step, by_key),
        "after": _after(step, by_key),
    }


def _sentence(said: Sentence) -> dict[str, Any]:
    return {"text": said.msgid, "values": said.values}


def _only_if(step: StepRun, by_key: dict[str, StepRun]) -> dict[str, Any] | None:
    asked = rules.condition_from_json(step.only_if)
    if asked is None or asked.step not in by_key:
        return None
    earlier = by_key[asked.step]
    low, high, inside = span(asked, requirement_from_json(earlier.requirement))
    limits = {name: value for name, value in (("min", low), ("max", high)) if value is not None}
    return {"step": earlier.id, "skipped": asked.becomes == "skipped", "inside": inside} | limits


def _after(step: StepRun, by_key: dict[str, StepRun]) -> dict[str, Any] | None:
    asked = step.follow_up
    if asked is None or asked["step"] not in by_key:
        return None
    return asked | {"step": by_key[asked["step"]].id}


def defined(step: Step, steps: Iterable[Step]) -> dict[str, Any]:
    """Return the parts `only_if` and `after` of a definition, with the number of the other step."""
    number_of = {each.key: number for number, each in enumerate(steps, 1)}
    only_if, after = step.only_if, step.follow_up
    return {
        "only_if": only_if and only_if | {"step": number_of[only_if["step"]]},
        "after": after and after | {"step": number_of[after["step"]]},
    }
