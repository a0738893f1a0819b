"""A step's chain and its handoffs as the API tells them."""

from typing import Any

from webapp.formats import said
from webapp.models import Handoff, Person, StepRun
from webapp.rules.device_names import said_again
from webapp.services.told import Told
from webapp.views import handoff_words, told_words


def chain(step: StepRun, passed: list[str]) -> list[dict[str, Any]]:
    """Return the levels, each with why it was passed over or has the step no more.

    `passed` is why each level before the one that a planned run will begin with is passed over.
    """
    handoffs = {each.level: each.passed_over for each in step.handoffs}
    passed_over = dict(enumerate(passed)) | handoffs
    why = handoff_words.why_not_theirs(step)
    return [
        {
            "role": level["role"],
            "person": {"id": level["person"], "name": level["name"]},
            "wait_minutes": level["wait_minutes"],
            "passed_over": passed_over.get(number),
            "left": None if passed_over.get(number) else why.get(number),
        }
        for number, level in enumerate(step.chain)
    ]


def handed_over(handoff: Handoff | None) -> dict[str, Any] | None:
    """Return how the present holder got the step; None for the first one."""
    if handoff is None:
        return None
    return {
        "from": who(handoff.from_person),
        "at": handoff.at,
        "reason": handoff.reason,
        "words": handoff.words,
        "dark_since": handoff.dark_since,
        "dark_device": _dark_device(handoff),
    }


def move(handoff: Handoff, told: Told | None) -> dict[str, Any]:
    """Return one move along the chain, with how far its message came."""
    return {
        "level": handoff.level,
        "from": who(handoff.from_person),
        "to": who(handoff.to_person),
        "reason": handoff.reason,
        "words": handoff.words,
        "due_at": handoff.due_at,
        "at": handoff.at,
        "passed_over": handoff.passed_over,
        "dark_since": handoff.dark_since,
        "dark_device": _dark_device(handoff),
        "overtaken_at": handoff.overtaken_at,
        "returned_at": handoff.returned_at,
        "told": told_words.told_json(told),
    }


def who(person: Person | None) -> dict[str, str] | None:
    """Return a person as {id, name}."""
    return {"id": person.id, "name": person.name} if person else None


def _dark_device(handoff: Handoff) -> str | None:
    name = handoff.dark_device
    return said(said_again(handoff.from_person.name, name)) if name else None
