"""A draft of typed words on a page: what was heard, and its questions as fields to answer."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from werkzeug.datastructures import MultiDict

from webapp.formats import day, said
from webapp.rules.cadence_words import spoken
from webapp.rules.capture import Capture, DraftStep, Question
from webapp.rules.capture.answers import LABELS, with_answers
from webapp.rules.capture.apart import ONE, TWO, told_apart
from webapp.rules.capture.first_due import first_due
from webapp.rules.capture.later import minutes_of
from webapp.rules.deadline import wait_words
from webapp.rules.sentences import N_
from webapp.words import gettext as _

ANSWER = "answer "
SETTLED = "settled"
PART_WORDS = {
    "cadence": N_("how often"),
    "deadline": N_("due"),
    "opens": N_("not before"),
    "starts": N_("from when"),
    "ends": N_("until when"),
    "responsible": N_("responsible"),
    "backup": N_("backup"),
    "fallback": N_("final fallback"),
    "proof": N_("proof"),
    "name": N_("name"),
    "later": N_("when the step opens"),
}
_KINDS = {"starts": "date", "deadline": "time"}
# The kinds of proof that may be chosen, and the one answer that no rule can say.
_KNOWN = {
    "photo": N_("a photo"),
    "number": N_("a number"),
    "note": N_("a note"),
    "signature": N_("a signature"),
    "file": N_("a file"),
    "scan": N_("a scan at the spot"),
    "timed check": N_("a timed check"),
    "twice a week": N_("twice a week"),
    "twice a month": N_("twice a month"),
    TWO: N_("two processes"),
    ONE: N_("one process"),
}
_SETTLE = N_("Yes, leave it as the draft has it")


class Words(NamedTuple):
    """A run of the typed text; `part` says what it was used for, in words, or is empty."""

    text: str
    part: str


@dataclass(frozen=True, slots=True)
class Field:
    """One question as a field. kind: text, time, date, choice or check (`choices` for a choice)."""

    name: str
    question: str
    kind: str
    choices: tuple[str, ...] = ()


def marked(text: str, captured: Capture) -> list[Words]:
    """The typed text in runs, those that a draft uses with what they were used for."""
    heard = [each for draft in captured["drafts"] for each in draft["heard"]]
    used = {(each["start"], each["end"]): _part_words(each["part"]) for each in heard}
    edges = sorted({0, len(text), *(place for span in used for place in span)})
    return [Words(text[start:end], used.get((start, end), "")) for start, end in pairwise(edges)]


def _part_words(part: str) -> str:
    return _(PART_WORDS[part]) if part in PART_WORDS else ""


def fields_of(asked: list[Question]) -> list[Field]:
    """The questions of a draft as fields, in their order; of one kind only the first is asked."""
    fields: dict[str, Field] = {}
    for each in asked:
        fields.setdefault(each["about"], _field(each))
    return list(fields.values())


def _field(asked: Question) -> Field:
    name = f"{ANSWER}{asked['about']}"
    if asked["choices"]:
        return Field(name, asked["question"], "choice", tuple(asked["choices"]))
    if asked["about"].partition(" ")[0] not in LABELS:
        return Field(name, asked["question"], "check", (_(_SETTLE),))
    return Field(name, asked["question"], _KINDS.get(asked["about"], "text"))


def choice_words(choice: str) -> str:
    """Return an answer to choose, which is English for the grammar, as its reader says it."""
    if choice in _KNOWN:
        return _(_KNOWN[choice])
    minutes = minutes_of(choice)
    return said(wait_words(minutes) if minutes else spoken(choice))


def later_words(step: DraftStep) -> str:
    """When a step opens and is due, as far as it is known; "" for one that opens with its run."""
    if "wait_minutes" not in step:
        return ""
    wait, due = (
        said(wait_words(minutes)) if minutes else None
        for minutes in (step["wait_minutes"], step.get("due_minutes"))
    )
    if not wait:
        return _("Opens some time after the step before it.")
    if not due:
        return _("Opens %(wait)s after the step before it.", wait=wait)
    return _("Opens %(wait)s after the step before it, due %(due)s after that.", wait=wait, due=due)


def starts_words(words: str) -> str:
    """From when it counts: the day, or the words as they are where they name none."""
    found = first_due(words)
    return day(found, year=True) if found else words


def typed(sent: MultiDict[str, str]) -> str:
    """The typed text, its lines kept and its blanks evened out, as places in it are counted."""
    lines = (" ".join(line.split()) for line in sent.get("sentence", "").splitlines())
    return "\n".join(lines).strip()


def answered(sent: MultiDict[str, str], *, alone: bool = False) -> str:
    """The typed text with the answers under the draft they belong to; alone, only that part.

    What is two processes by an answer becomes two texts, the answers under the first.
    """
    text = typed(sent)
    begins, end = (_place(sent.get(name, ""), len(text)) for name in ("start", "end"))
    if end is None:
        return text
    start = begins or 0
    if alone:
        text = text[start:end]
        start, end = 0, len(text)
    if is_two(sent) and (both := told_apart(text[start:end])):
        first, second = both
        text = f"{text[:start]}{first}\n{second}{text[end:]}"
        end = start + len(first)
    return with_answers(text, end, _answers(sent))


def is_two(sent: MultiDict[str, str]) -> bool:
    """Did somebody answer that one draft is two processes?"""
    return sent.get(f"{ANSWER}second") == TWO


def _place(written: str, longest: int) -> int | None:
    return min(int(written), longest) if written.isascii() and written.isdigit() else None


def _answers(sent: MultiDict[str, str]) -> list[tuple[str, str]]:
    given = []
    for name, value in sent.items():
        about, _blank, number = name.removeprefix(ANSWER).partition(" ")
        if not name.startswith(ANSWER) or not value.strip() or value == TWO:
            continue
        label = LABELS.get(about)
        given.append((f"{label} {number}".strip(), value) if label else (LABELS[SETTLED], about))
    return given
