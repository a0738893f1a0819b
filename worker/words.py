"""What each kind of message says, from the facts of its rows. Pure."""

from typing import Any

from webapp.rules.proof_gate import LIKE_NOTES, OF_REFERENCE
from webapp.words import gettext as _
from webapp.words import ngettext
from worker.digest_words import digest
from worker.handoff_words import handoff
from worker.note import Note, due, page, shown


def _reminder(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    first, *others = facts["steps"]
    title = first
    if others:
        title = ngettext(
            "%(num)s step of %(process)s",
            "%(num)s steps of %(process)s",
            len(others) + 1,
            process=facts["process"],
        )
    return shown(
        title=_("Still to do: %(title)s", title=title),
        body=_(
            "%(process)s, %(location)s, due %(due)s.",
            process=facts["process"],
            location=facts["location"],
            due=due(facts),
        ),
        url=f"/run/{note.run_id}" if others else page(note),
        tag=f"run-{note.run_id}",
        step_run=note.step_run_id,
    )


def _review(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    photo = facts.get("photo")
    said = shown(
        title=_("To review: %(step)s", step=facts["step"]),
        body=f"{facts['by']}, {facts['process']}, {facts['location']}.{_review_notes(facts)}",
        url=f"/approve/{note.step_run_id}",
        tag=f"review-{note.step_run_id}",
        step_run=note.step_run_id,
    )
    return said | {
        "image": f"/api/v1/blobs/{photo}?size=page" if photo else None,
        "actions": _decisions(facts),
        "seen": facts["seen"],
    }


def _decisions(facts: dict[str, Any]) -> list[dict[str, str]]:
    """A photo like an earlier one is judged beside it, on the page: a message has room for one.

    The picture of how it should look shows a good room, and is judged on the page too.
    """
    notes = facts.get("notes", [])
    if LIKE_NOTES.intersection(notes):
        return [{"action": "look", "title": _("Look at both")}]
    if OF_REFERENCE in notes:
        return [{"action": "look", "title": _("Look")}]
    return [
        {"action": "approve", "title": _("Approve")},
        {"action": "send_back", "title": _("Send back")},
    ]


def _review_notes(facts: dict[str, Any]) -> str:
    words = {
        "photo_of_reference": (
            _("This is the picture of how it should look, not a photo of today.")
        ),
        "photo_used_before": _("This photo was used before."),
        "photo_like_before": _("This photo looks like an earlier one."),
        "from_rescue_file": _("It came in a rescue file."),
        "outside_range": _("The reading is outside its range."),
        "scan_not_checked": _("The code at the spot is not set up yet."),
    }
    return "".join(f" {words[note]}" for note in facts.get("notes", []) if note in words)


def _sent_back(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    return shown(
        title=_("Sent back: %(step)s", step=facts["step"]),
        body=f"{facts['by']}: {facts['reason']}",
        url=page(note),
        tag=f"step-{note.step_run_id}",
        step_run=note.step_run_id,
    )


def _not_needed(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    return shown(
        title=_("No longer needed: %(step)s", step=facts["step"]),
        body=_(
            "%(by)s had done it in time. %(process)s, %(location)s.",
            by=facts["by"],
            process=facts["process"],
            location=facts["location"],
        ),
        url=page(note),
        tag=f"run-{note.run_id}",
        step_run=note.step_run_id,
    )


def _handed_back(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    by = facts["by"]
    return shown(
        title=_("Back with %(by)s: %(step)s", by=by, step=facts["step"]),
        body=_("%(by)s is back. “%(step)s” is with %(by)s again.", by=by, step=facts["step"]),
        url=page(note),
        tag=f"step-{note.step_run_id}",
        step_run=note.step_run_id,
    )


def _test(notes: list[Note]) -> dict[str, Any]:
    by = notes[0].facts["by"]
    return shown(
        title=_("Test message"),
        body=_("%(by)s asked for it. You are told like this when something becomes yours.", by=by),
        url="/today",
        tag="test",
        step_run=None,
    )


WORDS = {
    "reminder": _reminder,
    "handoff": handoff,
    "review": _review,
    "sent_back": _sent_back,
    "not_needed": _not_needed,
    "handed_back": _handed_back,
    "test": _test,
    "digest": digest,
}
