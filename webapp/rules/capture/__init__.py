"""Plain language to a draft of a process: what was said, what it probably means, what to ask.

Nothing is guessed in silence: what is not known is None, with a question.
"""

from typing import TypedDict

from webapp.rules.capture.task import step_titles, suggested_proof
from webapp.rules.capture.when import When, read_when
from webapp.rules.capture.who import Who, cut_backup, read_who
from webapp.rules.deadline import format_clock

LONGEST_SENTENCE = 500


class CaptureError(ValueError):
    """A sentence that cannot be read; code is stable, str(error) is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class DraftCadence(TypedDict):
    """confidence: stated, likely, maybe or unknown; evidence: the words it was read from."""

    rrule: str | None
    words: str | None
    confidence: str
    evidence: list[str]


class DraftStep(TypedDict):
    """One step with the proof that suits it, and why."""

    title: str
    proof: str | None
    why: str


class Draft(TypedDict):
    """A process as far as it is known; deadline is local ("09:00")."""

    name: str | None
    responsible: str | None
    backup: str | None
    cadence: DraftCadence
    deadline: str | None
    steps: list[DraftStep]
    questions: list[str]


class Capture(TypedDict):
    """What one sentence gave."""

    drafts: list[Draft]


def capture(sentence: str) -> Capture:
    """The draft of the process that one sentence describes.

    CaptureError "sentence_empty" without a word in it, "sentence_too_long" over 500 characters.
    """
    words = " ".join(sentence.replace("|", " ").split())
    if not any(letter.isalpha() for letter in words):
        raise CaptureError("sentence_empty", "Write what has to be done, how often and by whom.")
    if len(words) > LONGEST_SENTENCE:
        raise CaptureError(
            "sentence_too_long",
            f"Describe one recurring task in at most {LONGEST_SENTENCE} characters.",
        )
    without_backup, backups = cut_backup(words)
    when = read_when(without_backup)
    who = read_who(when.text, backups)
    return {"drafts": [_draft(when, who)]}


def _draft(when: When, who: Who) -> Draft:
    steps = [_step(title) for title in step_titles(who.task)]
    return {
        "name": _name(steps),
        "responsible": who.responsible,
        "backup": who.backup,
        "cadence": {
            "rrule": when.rrule,
            "words": when.words,
            "confidence": when.confidence,
            "evidence": when.evidence,
        },
        "deadline": format_clock(when.deadline) if when.deadline is not None else None,
        "steps": steps,
        "questions": _questions(when, who, steps),
    }


def _step(title: str) -> DraftStep:
    proof, why = suggested_proof(title)
    return {"title": title, "proof": proof, "why": why}


def _name(steps: list[DraftStep]) -> str | None:
    first, *others = [step["title"] for step in steps] or [""]
    later = [f"{title[:1].lower()}{title[1:]}" for title in others]
    return " and ".join([first, *later]) or None


def _questions(when: When, who: Who, steps: list[DraftStep]) -> list[str]:
    asked = ["What has to be done?"] if not steps else []
    asked += when.questions + who.questions
    asked += [
        f"What proves that “{step['title']}” was done: a photo, a number, a note?"
        for step in steps
        if step["proof"] is None
    ]
    if who.responsible and who.backup:
        asked.append(f"Who takes over when neither {who.responsible} nor {who.backup} can?")
    return asked
