"""Facts of outbox rows become the words and buttons of one push. Pure.

Handoffs of one run to one person travel together: eight missed steps are one message.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

MOST_BYTES = 3993
TITLE_LENGTH, BODY_LENGTH = 120, 400


@dataclass(frozen=True, slots=True)
class Note:
    """One outbox row, as far as its words need it."""

    id: str
    kind: str
    run_id: str | None
    step_run_id: str | None
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Push:
    """What is sent: the payload's bytes, and the headers that say how urgent it is."""

    payload: bytes
    urgency: str
    topic: str


def compose(notes: list[Note]) -> Push:
    """Return one push for rows of the same person, kind and run; the first row leads."""
    first = notes[0]
    document = {"id": first.id, "kind": first.kind} | said(notes)
    return Push(_fit(document), _URGENCY[first.kind], topic(first))


def said(notes: list[Note]) -> dict[str, Any]:
    """Return what rows of one bundle say: title, body, url (a path) and what a push shows."""
    return _WORDS[notes[0].kind](notes)


def bundle_key(note: Note) -> tuple[str, ...]:
    """Rows with the same key travel as one push: handoffs of one run; all else goes alone."""
    if note.kind == "handoff" and note.run_id:
        return (note.kind, note.run_id)
    return (note.kind, note.id)


def topic(note: Note) -> str:
    """Name what the push is about (RFC 8030 section 5.4): a newer one replaces an unread one."""
    subject = note.run_id if note.kind in ("handoff", "reminder") else note.step_run_id
    digest = hashlib.sha256(f"{note.kind}:{subject or note.id}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()


def _handoff(notes: list[Note]) -> dict[str, Any]:
    facts = notes[0].facts
    return {
        "title": _handoff_title(notes),
        "body": f"{facts['process']}, {facts['location']}, due {_due(facts)}. {_why(facts)}",
        "url": _page(notes[0]) if len(notes) == 1 else f"/run/{notes[0].run_id}",
        "tag": f"run-{notes[0].run_id}",
        "image": None,
        "actions": [],
        "step_run": notes[0].step_run_id,
        "seen": None,
    }


def _handoff_title(notes: list[Note]) -> str:
    facts = notes[0].facts
    if len(notes) > 1:
        return f"{len(notes)} steps of {facts['process']} are now yours"
    return f"Now yours: {facts['step']}"


def _why(facts: dict[str, Any]) -> str:
    if facts["reason"] == "cannot_do":
        return f"{facts['from']} can't do it: {facts['words']}"
    if facts["reason"] == "deactivated":
        return f"{facts['from']} no longer works here."
    why = {"absent": "is away", "unreached": "could not be reached"}
    last = " Nobody comes after you." if facts["last_resort"] else ""
    return f"{facts['from']} {why.get(facts['reason'], 'did not get to it')}.{last}"


def _reminder(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    first, *others = facts["steps"]
    title = f"{len(others) + 1} steps of {facts['process']}" if others else first
    return {
        "title": f"Still to do: {title}",
        "body": f"{facts['process']}, {facts['location']}, due {_due(facts)}.",
        "url": f"/run/{note.run_id}" if others else _page(note),
        "tag": f"run-{note.run_id}",
        "image": None,
        "actions": [],
        "step_run": note.step_run_id,
        "seen": None,
    }


def _review(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    photo = facts.get("photo")
    return {
        "title": f"To review: {facts['step']}",
        "body": f"{facts['by']}, {facts['process']}, {facts['location']}.{_review_notes(facts)}",
        "url": f"/approve/{note.step_run_id}",
        "tag": f"review-{note.step_run_id}",
        "image": f"/api/v1/blobs/{photo}?size=page" if photo else None,
        "actions": [
            {"action": "approve", "title": "Approve"},
            {"action": "send_back", "title": "Send back"},
        ],
        "step_run": note.step_run_id,
        "seen": facts["seen"],
    }


def _review_notes(facts: dict[str, Any]) -> str:
    words = {
        "photo_used_before": "This photo was used before.",
        "outside_range": "The reading is outside its range.",
        "scan_not_checked": "The code at the spot is not set up yet.",
    }
    return "".join(f" {words[note]}" for note in facts.get("notes", []) if note in words)


def _sent_back(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    return {
        "title": f"Sent back: {facts['step']}",
        "body": f"{facts['by']}: {facts['reason']}",
        "url": _page(note),
        "tag": f"step-{note.step_run_id}",
        "image": None,
        "actions": [],
        "step_run": note.step_run_id,
        "seen": None,
    }


def _not_needed(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    return {
        "title": f"No longer needed: {facts['step']}",
        "body": f"{facts['by']} had done it in time. {facts['process']}, {facts['location']}.",
        "url": _page(note),
        "tag": f"run-{note.run_id}",
        "image": None,
        "actions": [],
        "step_run": note.step_run_id,
        "seen": None,
    }


def _handed_back(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    by = facts["by"]
    return {
        "title": f"Back with {by}: {facts['step']}",
        "body": f"{by} is back. “{facts['step']}” is with {by} again.",
        "url": _page(note),
        "tag": f"step-{note.step_run_id}",
        "image": None,
        "actions": [],
        "step_run": note.step_run_id,
        "seen": None,
    }


def _test(notes: list[Note]) -> dict[str, Any]:
    by = notes[0].facts["by"]
    return {
        "title": "Test message",
        "body": f"{by} asked for it. This device is told when something becomes yours.",
        "url": "/today",
        "tag": "test",
        "image": None,
        "actions": [],
        "step_run": None,
        "seen": None,
    }


_WORDS = {
    "reminder": _reminder,
    "handoff": _handoff,
    "review": _review,
    "sent_back": _sent_back,
    "not_needed": _not_needed,
    "handed_back": _handed_back,
    "test": _test,
}
_URGENCY = {
    "reminder": "high",
    "handoff": "high",
    "review": "normal",
    "sent_back": "high",
    "not_needed": "normal",
    "handed_back": "normal",
    "test": "high",
}


def _page(note: Note) -> str:
    return f"/run/{note.run_id}#{note.step_run_id}"


def _due(facts: dict[str, Any]) -> str:
    there = datetime.fromisoformat(facts["deadline_at"]).astimezone(ZoneInfo(facts["time_zone"]))
    return there.strftime("%H:%M")


def _fit(document: dict[str, Any]) -> bytes:
    """Shorten the words until the payload fits one record (RFC 8291 section 4)."""
    document["title"] = _short(document["title"], TITLE_LENGTH)
    document["body"] = _short(document["body"], BODY_LENGTH)
    payload = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    assert len(payload) <= MOST_BYTES, "titles and bodies are bounded, ids are short"
    return payload


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
