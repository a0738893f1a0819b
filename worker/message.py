"""Facts of outbox rows become one push: its words and buttons, and what it replaces. Pure.

Handoffs to one person travel together: eight missed steps are one message.
"""

import base64
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from worker.handoff_words import tag_of_several
from worker.note import Note, runs_of
from worker.words import WORDS

__all__ = [
    "BUNDLED",
    "Note",
    "Push",
    "bundle_key",
    "compose",
    "note_of",
    "part_key",
    "said",
    "topic",
]

MOST_BYTES = 3993
TITLE_LENGTH, BODY_LENGTH = 120, 400
# Kinds of which several to one person become one push.
BUNDLED = ("handoff",)
_URGENCY = {
    "reminder": "high",
    "handoff": "high",
    "review": "normal",
    "sent_back": "high",
    "not_needed": "normal",
    "handed_back": "normal",
    "test": "high",
    "digest": "low",
}


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent: the payload's bytes, and the headers that say how urgent it is."""

    payload: bytes
    urgency: str
    topic: str


def note_of(row: Any) -> Note:
    """Return what the words need of a row of the outbox, in hand or stored."""
    return Note(row.id, row.kind, row.run_id, row.step_run_id, row.facts)


def compose(notes: list[Note], lead: str | None = None, *, several_runs: bool = False) -> Push:
    """Return one push for rows of the same person and bundle; the first row leads.

    What may have gone out before goes as the same message again, whatever is left of it: `lead`
    is the id of the first try, and `several_runs` says whether that was about more than one.
    """
    first = replace(notes[0], id=lead or notes[0].id)
    document = {"id": first.id, "kind": first.kind} | said([first, *notes[1:]])
    several_runs = several_runs or runs_of(notes) > 1
    if several_runs:
        document["tag"] = tag_of_several(first.id)
    return Push(_fit(document), _URGENCY[first.kind], topic(first, several_runs=several_runs))


def said(notes: list[Note]) -> dict[str, Any]:
    """Return what rows of one bundle say: title, body, url (a path) and what a push shows."""
    return WORDS[notes[0].kind](notes)


def bundle_key(note: Note) -> tuple[str, ...]:
    """Rows of a person with the same key travel as one push: handoffs do, all else goes alone."""
    return (note.kind,) if note.kind in BUNDLED else (note.kind, note.id)


def part_key(note: Note) -> tuple[str, ...]:
    """Rows with the same key read as one part of a longer message: handoffs of one run do."""
    return (note.kind, note.run_id or note.id) if note.kind in BUNDLED else (note.kind, note.id)


def topic(note: Note, *, several_runs: bool = False) -> str:
    """Name what the push is about (RFC 8030 section 5.4): a newer one replaces an unread one.

    What is about several runs replaces nothing: an unread message about one of them says what
    the newer one leaves out.
    """
    subject = note.run_id if note.kind in ("handoff", "reminder") else note.step_run_id
    about = note.id if several_runs or not subject else subject
    digest = hashlib.sha256(f"{note.kind}:{about}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _fit(document: dict[str, Any]) -> bytes:
    """Shorten the words until the payload fits one record (RFC 8291 section 4)."""
    document["title"] = _short(document["title"], TITLE_LENGTH)
    document["body"] = _short(document["body"], BODY_LENGTH)
    payload = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(payload) <= MOST_BYTES, "titles and bodies are bounded, ids are short"
    return payload


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
