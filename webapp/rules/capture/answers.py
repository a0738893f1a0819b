"""Answers to a draft's questions, written as labelled lines under the text that they complete.

"Backup: Ben" on a line of its own is how a person would write it too, so an answer needs no other
form: the text with its answers is read again, and whatever else it goes through stays a text.
"""

import re
from dataclasses import dataclass, field

LABELS = {
    "name": "Name",
    "task": "Work",
    "responsible": "Responsible",
    "backup": "Backup",
    "fallback": "Final fallback",
    "cadence": "How often",
    "starts": "First due",
    "deadline": "Due",
    "settled": "Settled",
    "proof": "Proof",
    "wait": "Opens after",
    "window": "Due after",
}
_OTHER_LABELS = {
    "owner": "responsible", "assignee": "responsible", "assigned to": "responsible",
    "who": "responsible", "responsible person": "responsible", "fallback": "fallback",
    "back-up": "backup", "cover": "backup", "deputy": "backup", "stand-in": "backup",
    "frequency": "cadence", "cadence": "cadence", "schedule": "cadence", "repeats": "cadence",
    "recurrence": "cadence", "deadline": "deadline", "due time": "deadline", "due by": "deadline",
    "task": "name", "process": "name", "title": "name",
}  # fmt: skip
_NAMES = {label.lower(): part for part, label in LABELS.items()} | _OTHER_LABELS
_LONGEST_FIRST = "|".join(sorted(_NAMES, key=len, reverse=True))
_LINE = re.compile(
    rf"(?im)(?:^|(?<=[.;,]))[ \t]*(?:[-*•][ \t]+)?(?P<label>{_LONGEST_FIRST})"
    rf"(?P<number>[ \t]\d{{1,2}})?[ \t]*[:=][ \t]*(?P<value>[^\n;]{{1,200}}?)[ \t]*(?=;|\n|$"
    rf"|,\s*(?:and )?(?:{_LONGEST_FIRST})\s*[:=]"
    r"|(?<=[^.])\.(?:\s|$))"
)
PROOF_WORDS = ("photo", "number", "note", "signature", "file", "scan", "timed")


@dataclass(slots=True)
class Answer:
    """One labelled line: what it answers, its value, and where it stands in the text."""

    part: str
    value: str
    start: int
    end: int
    number: int | None = None


@dataclass(slots=True)
class Answers:
    """The labelled lines of a text; the last one about a part counts."""

    lines: list[Answer] = field(default_factory=list)

    def of(self, part: str) -> str | None:
        """The value given for a part, or None."""
        return next((line.value for line in reversed(self.lines) if line.part == part), None)

    def of_step(self, part: str, position: int) -> str | None:
        """The value given for a part of the step at this place (from 1), or None."""
        lines = (line for line in reversed(self.lines) if line.part == part)
        return next((line.value for line in lines if line.number in (position, None)), None)

    def proof_of(self, position: int) -> str | None:
        """The kind of proof given for the step at this place (from 1), or None."""
        value = (self.of_step("proof", position) or "").lower()
        return next((kind for kind in PROOF_WORDS if kind in value), None)

    def settled(self) -> set[str]:
        """The parts whose questions somebody has said yes to."""
        lines = (line.value.lower() for line in self.lines if line.part == "settled")
        return {part for value in lines for part in re.findall(r"[a-z]+", value)}


def answers_in(text: str) -> Answers:
    """The labelled lines of a text."""
    lines = [_answer(found) for found in _LINE.finditer(text)]
    return Answers([line for line in lines if line.value])


def _answer(found: re.Match[str]) -> Answer:
    number = int(found["number"]) if found["number"] else None
    part = _NAMES[found["label"].lower()]
    return Answer(part, found["value"].strip(" ."), found.start(), found.end(), number)


def with_answers(text: str, end: int, given: list[tuple[str, str]]) -> str:
    """The text with answers (label, value) as lines after the place `end`."""
    lines = [f"{label}: {' '.join(value.split())}" for label, value in given if value.strip()]
    head, tail = text[:end].rstrip(), text[end:].lstrip()
    return "\n".join(part for part in (head, *lines, tail) if part)
