"""The draft of the process that would mend a task, in the shape that capture gives."""

from collections.abc import Iterator

from webapp.rules.cadence_words import rrule_to_words
from webapp.rules.capture import Draft, DraftStep
from webapp.rules.scan.answers import Answered, person
from webapp.rules.sentences import N_, say

FROM_SCAN = N_("What you answered")


def draft_of(task: Answered, owner: str) -> Draft:
    """Return the draft; `owner` is what the owner is called. What is not known is asked."""
    rrule = task.get("often")
    who, stand_in = person(task.get("who"), owner), person(task.get("stand_in"), owner)
    step: DraftStep = {"title": task["name"], "proof": task["proof"], "why": ""}
    return {
        "name": task["name"],
        "responsible": who or None,
        "backup": stand_in if stand_in and stand_in != who else None,
        "cadence": {
            "rrule": rrule,
            "words": rrule_to_words(rrule) if rrule else None,
            "confidence": "stated" if rrule else "unknown",
            "evidence": [FROM_SCAN] if rrule else [],
        },
        "deadline": None,
        "steps": [step],
        "questions": list(_questions(task, who, stand_in)),
        "opens": None,
        "fallback": None,
        "heard": [],
        "assumed": [],
        "asked": [],
        "start": 0,
        "end": 0,
    }


def _questions(task: Answered, who: str | None, stand_in: str | None) -> Iterator[str]:
    if not task.get("often"):
        yield say("How often is this done?")
    if not who:
        yield say("Which one person is responsible?")
    if who and (not stand_in or stand_in == who):
        yield say("Who takes over when %(responsible)s cannot?", responsible=who)
    elif not stand_in:
        yield say("Who takes over when this person cannot?")
    yield say("By what time is it due?")
