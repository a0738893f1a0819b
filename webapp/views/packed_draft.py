"""A draft on its way from the page that shows it to the form that makes it a process.

It travels in the address, as a typed sentence does, so that nothing of a visitor is kept. Whoever
changes it changes only their own form.
"""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from webapp.importers import ImportedDraft
from webapp.rules.capture import Draft
from webapp.rules.deadline import parse_clock
from webapp.words import gettext as _
from webapp.words import translated

LONGEST = 3500
LARGEST_UNPACKED = 64 * 1024
MOST_QUESTIONS = 12


class _Step(BaseModel):
    title: str = Field(max_length=200)
    proof: str | None = Field(default=None, max_length=20)


class _Packed(BaseModel):
    name: str | None = Field(default=None, max_length=200)
    responsible: str | None = Field(default=None, max_length=200)
    backup: str | None = Field(default=None, max_length=200)
    rrule: str | None = Field(default=None, max_length=200)
    deadline: str | None = Field(default=None, max_length=5)
    steps: list[_Step] = Field(default=[], max_length=200)
    questions: list[str] = Field(default=[], max_length=40)


def pack(draft: ImportedDraft) -> str:
    """The draft as text for an address, of at most 3,500 characters.

    Steps that do not fit are left out, and one of the questions says so.
    """
    steps = [{"title": each["title"], "proof": each["proof"]} for each in draft["steps"]]
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
        "rrule": draft["cadence"]["rrule"],
        "deadline": draft["deadline"],
        "steps": steps,
        "questions": questions,
    }
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(zlib.compress(text.encode(), 9)).decode().rstrip("=")


def _person(draft: ImportedDraft, written: str | None) -> str | None:
    """The person whom the name means here, where that is known or asked; else as written."""
    matches = (m["person"] for m in draft.get("people", []) if m["written"] == written)
    return next(matches, None) or written


def unpack(text: str) -> Draft | None:
    """The draft in an address; None when it is none, or was changed into something else."""
    try:
        packed = urlsafe_b64decode(text[: LONGEST + 100] + "=" * (-len(text) % 4))
        content = zlib.decompressobj().decompress(packed, LARGEST_UNPACKED)
        found = _Packed.model_validate_json(content)
        at = found.deadline and parse_clock(found.deadline)
    except (NotBase64, ValueError, zlib.error, ValidationError):
        return None
    return _draft(found, found.deadline if at is not None else None)


def _draft(found: _Packed, deadline: str | None) -> Draft:
    return {
        "name": found.name,
        "responsible": found.responsible,
        "backup": found.backup,
        "cadence": {"rrule": found.rrule, "words": None, "confidence": "unknown", "evidence": []},
        "deadline": deadline,
        "steps": [{"title": step.title, "proof": step.proof, "why": ""} for step in found.steps],
        "questions": found.questions,
        "opens": None,
        "fallback": None,
        "heard": [],
        "assumed": [],
        "asked": [],
        "start": 0,
        "end": 0,
    }
