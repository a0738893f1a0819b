"""A draft, or the words of one, on its way from page to page in an address.

So nothing of a visitor is kept, and packed, nothing of theirs can be read in passing. Whoever
changes it changes only their own form.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from webapp.importers import ImportedDraft
from webapp.rules.capture import Draft, DraftStep
from webapp.rules.capture.shape import DraftCadence
from webapp.rules.deadline import parse_clock
from webapp.rules.recurrence import counts_from_start
from webapp.rules.rrule_text import parse_rule
from webapp.words import gettext as _
from webapp.words import translated

LONGEST = 3500
LARGEST_UNPACKED = 64 * 1024
MOST_QUESTIONS = 12


class _Step(BaseModel):
    title: str = Field(max_length=200)
    proof: str | None = Field(default=None, max_length=20)
    unit: str | None = Field(default=None, max_length=40)
    min: int | float | None = Field(default=None, allow_inf_nan=False)
    max: int | float | None = Field(default=None, allow_inf_nan=False)


class _Packed(BaseModel):
    name: str | None = Field(default=None, max_length=200)
    responsible: str | None = Field(default=None, max_length=200)
    backup: str | None = Field(default=None, max_length=200)
    fallback: str | None = Field(default=None, max_length=200)
    rrule: str | None = Field(default=None, max_length=200)
    starts: str | None = Field(default=None, max_length=200)
    opens: str | None = Field(default=None, max_length=5)
    deadline: str | None = Field(default=None, max_length=5)
    steps: list[_Step] = Field(default=[], max_length=200)
    questions: list[str] = Field(default=[], max_length=40)


def pack(draft: ImportedDraft) -> str:
    """The draft as text for an address, of at most 3,500 characters.

    Steps that do not fit are left out, and one of the questions says so.
    """
    steps = [
        {key: value for key, value in each.items() if key in _Step.model_fields}
        for each in draft["steps"]
    ]
    count = len(steps)
    while len(packed := _packed(draft, steps, count)) > LONGEST and steps:
        steps = steps[: len(steps) * 3 // 4]
    return packed


def _packed(draft: ImportedDraft, steps: list[dict[str, Any]], count: int) -> str:
    questions = [translated(each) for each in draft["questions"][:MOST_QUESTIONS]]
    if len(steps) < count:
        questions = [
            _(
                "Only the first %(num)s of %(count)s steps fit. Add the rest.",
                num=len(steps),
                count=count,
            ),
            *questions,
        ]
    content = {
        "name": draft["name"],
        "responsible": _person(draft, draft["responsible"]),
        "backup": _person(draft, draft["backup"]),
        "fallback": _person(draft, draft.get("fallback")),
        "rrule": draft["cadence"]["rrule"],
        "starts": draft["cadence"].get("starts") or _next_of_several(draft),
        "opens": draft.get("opens"),
        "deadline": draft["deadline"],
        "steps": steps,
        "questions": questions,
    }
    return pack_words(json.dumps(content, ensure_ascii=False, separators=(",", ":")))


def _next_of_several(draft: ImportedDraft) -> str | None:
    """When it is due next, where the weeks that it leaves out are counted from there."""
    rrule = draft["cadence"]["rrule"]
    return draft["next_due"] if rrule and counts_from_start(parse_rule(rrule)) else None


def pack_words(text: str) -> str:
    """The text for an address, which it fits up to LONGEST characters."""
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def unpack_words(packed: str) -> str | None:
    """The text in an address; None when it is none."""
    unpacking = zlib.decompressobj()
    try:
        content = urlsafe_b64decode(packed[: LONGEST + 100] + "=" * (-len(packed) % 4))
        text = unpacking.decompress(content, LARGEST_UNPACKED).decode()
        return text if unpacking.eof else None
    except (NotBase64, ValueError, zlib.error):
        return None


def _person(draft: ImportedDraft, written: str | None) -> str | None:
    """The person whom the name means here, where that is known or asked; else as written."""
    matches = (m["person"] for m in draft.get("people", []) if m["written"] == written)
    return next(matches, None) or written


def unpack(text: str) -> Draft | None:
    """The draft in an address; None when it is none, or was changed into something else."""
    try:
        found = _Packed.model_validate_json(unpack_words(text) or "")
        for clock in filter(None, (found.opens, found.deadline)):
            parse_clock(clock)
    except (ValueError, ValidationError):
        return None
    return _draft(found)


def _draft(found: _Packed) -> Draft:
    cadence: DraftCadence = {
        "rrule": found.rrule,
        "words": None,
        "confidence": "unknown",
        "evidence": [],
    }
    if found.starts:
        cadence["starts"] = found.starts
    return {
        "name": found.name,
        "responsible": found.responsible,
        "backup": found.backup,
        "cadence": cadence,
        "deadline": found.deadline,
        "steps": [_step(step) for step in found.steps],
        "questions": found.questions,
        "opens": found.opens,
        "fallback": found.fallback,
        "heard": [],
        "assumed": [],
        "asked": [],
        "start": 0,
        "end": 0,
    }


def _step(found: _Step) -> DraftStep:
    step: DraftStep = {"title": found.title, "proof": found.proof, "why": ""}
    if found.unit is not None:
        step["unit"] = found.unit
    if found.min is not None:
        step["min"] = found.min
    if found.max is not None:
        step["max"] = found.max
    return step
