"""The draft of the process that would mend a task, in the shape that capture gives."""

from collections.abc import Iterator, Sequence

from webapp.rules.cadence_words import rrule_to_words
from webapp.rules.capture import Draft, DraftStep
from webapp.rules.scan.answers import Answered, Answers, person
from webapp.rules.sentences import N_, listed, say

FROM_SCAN = N_("What you answered")


def draft_of(task: Answered, answers: Answers) -> Draft:
    """Return the draft of one of the tasks that were answered. What is not known is asked.

    Whom nobody named, the owner too, stays open: a draft names people, not parts they play.
    """
    rrule, owner = task.get("often"), answers["owner"]
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
        "questions": list(_questions(task, answers["people"], who, stand_in)),
        "opens": None,
        "fallback": None,
        "heard": [],
        "assumed": [],
        "asked": [],
        "start": 0,
        "end": 0,
    }


def _questions(
    task: Answered, people: Sequence[str], who: str | None, stand_in: str | None
) -> Iterator[str]:
    if not task.get("often"):
        yield say("How often is this done?")
    if not who:
        yield say("Which one person is responsible?")
    if not stand_in or stand_in == who:
        yield _who_takes_over(who, [name for name in people if name != who])
    yield say("By what time is it due?")


def _who_takes_over(who: str | None, others: Sequence[str]) -> str:
    if who and others:
        return say(
            "Who takes over when %(responsible)s cannot? You named %(others)s.",
            responsible=who,
            others=listed(others),
        )
    if who:
        return say("Who takes over when %(responsible)s cannot?", responsible=who)
    if others:
        return say(
            "Who takes over when this person cannot? You named %(others)s.", others=listed(others)
        )
    return say("Who takes over when this person cannot?")
