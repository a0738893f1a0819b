"""What each kind of message says, from the facts of its rows. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from webapp.rules.dark import last_heard
from webapp.rules.device_names import said_again
from webapp.rules.proof_gate import LIKE_NOTES, OF_REFERENCE
from webapp.rules.sentences import N_
from webapp.words import gettext as _
from webapp.words import ngettext, translated


@dataclass(frozen=True, slots=True)
class Note:
    """One outbox row, as far as its words need it."""

    id: str
    kind: str
    run_id: str | None
    step_run_id: str | None
    facts: dict[str, Any]


def runs_of(notes: list[Note]) -> int:
    """How many runs the rows are about."""
    return len({note.run_id for note in notes})


def tag_of_several(lead: str) -> str:
    """The tag of a message about several runs: what goes out as the same one replaces it."""
    return f"handoffs-{lead}"


def _shown(*, title: str, body: str, url: str, tag: str, step_run: str | None) -> dict[str, Any]:
    """What a push shows: its words, where a press leads, and what it replaces (by its tag)."""
    return {
        "title": title,
        "body": body,
        "url": url,
        "tag": tag,
        "image": None,
        "actions": [],
        "step_run": step_run,
        "seen": None,
    }


def _handoff(notes: list[Note]) -> dict[str, Any]:
    if runs_of(notes) > 1:
        return _handoffs_of_runs(notes)
    facts = notes[0].facts
    return _shown(
        title=_handoff_title(notes),
        body=_(
            "%(process)s, %(location)s, due %(due)s. %(why)s",
            process=facts["process"],
            location=facts["location"],
            due=_due(facts),
            why=_why(facts),
        ),
        url=_page(notes[0]) if len(notes) == 1 else f"/run/{notes[0].run_id}",
        tag=f"run-{notes[0].run_id}",
        step_run=notes[0].step_run_id,
    )


def _handoffs_of_runs(notes: list[Note]) -> dict[str, Any]:
    """The list of today shows them all; the message names the one that is due first."""
    facts = min((note.facts for note in notes), key=lambda each: str(each["deadline_at"]))
    where = f"{facts['process']}, {facts['location']}"
    return _shown(
        title=ngettext(
            "%(num)s step in %(runs)s runs is now yours",
            "%(num)s steps in %(runs)s runs are now yours",
            len(notes),
            runs=runs_of(notes),
        ),
        body=_(
            "First: %(step)s, %(where)s, due %(due)s.",
            step=facts["step"],
            where=where,
            due=_due(facts),
        ),
        url="/today",
        tag=tag_of_several(notes[0].id),
        step_run=None,
    )


def _handoff_title(notes: list[Note]) -> str:
    facts = notes[0].facts
    if len(notes) > 1:
        return ngettext(
            "%(num)s step of %(process)s is now yours",
            "%(num)s steps of %(process)s are now yours",
            len(notes),
            process=facts["process"],
        )
    return _("Now yours: %(step)s", step=facts["step"])


WHY = {
    "absent": N_("%(name)s is away."),
    "unreached": N_("%(name)s could not be reached."),
    "deactivated": N_("%(name)s no longer works here."),
    "missed": N_("%(name)s did not get to it."),
}


def _why(facts: dict[str, Any]) -> str:
    reason, name = facts["reason"], facts["from"]
    if reason == "cannot_do":
        return _("%(name)s can't do it: %(words)s", name=name, words=facts["words"])
    said = _(WHY.get(reason, WHY["missed"]), name=name)
    if reason == "deactivated":
        return said
    last = _("Nobody comes after you.") if facts["last_resort"] else ""
    return f"{said}{_dark(facts)} {last}".rstrip()


def _dark(facts: dict[str, Any]) -> str:
    """Whoever takes over knows whether to ring, and that the work may be done and not sent."""
    if not facts.get("dark_since"):
        return ""
    heard_at, at = (datetime.fromisoformat(facts[name]) for name in ("dark_since", "at"))
    kept = said_again(facts["from"], facts.get("dark_device") or "")
    device = kept or _("%(name)s's phone", name=facts["from"])
    return f" {translated(last_heard(device, heard_at, at, facts['time_zone']))}"


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
    return _shown(
        title=_("Still to do: %(title)s", title=title),
        body=_(
            "%(process)s, %(location)s, due %(due)s.",
            process=facts["process"],
            location=facts["location"],
            due=_due(facts),
        ),
        url=f"/run/{note.run_id}" if others else _page(note),
        tag=f"run-{note.run_id}",
        step_run=note.step_run_id,
    )


def _review(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    photo = facts.get("photo")
    shown = _shown(
        title=_("To review: %(step)s", step=facts["step"]),
        body=f"{facts['by']}, {facts['process']}, {facts['location']}.{_review_notes(facts)}",
        url=f"/approve/{note.step_run_id}",
        tag=f"review-{note.step_run_id}",
        step_run=note.step_run_id,
    )
    return shown | {
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
    return _shown(
        title=_("Sent back: %(step)s", step=facts["step"]),
        body=f"{facts['by']}: {facts['reason']}",
        url=_page(note),
        tag=f"step-{note.step_run_id}",
        step_run=note.step_run_id,
    )


def _not_needed(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    return _shown(
        title=_("No longer needed: %(step)s", step=facts["step"]),
        body=_(
            "%(by)s had done it in time. %(process)s, %(location)s.",
            by=facts["by"],
            process=facts["process"],
            location=facts["location"],
        ),
        url=_page(note),
        tag=f"run-{note.run_id}",
        step_run=note.step_run_id,
    )


def _handed_back(notes: list[Note]) -> dict[str, Any]:
    note, facts = notes[0], notes[0].facts
    by = facts["by"]
    return _shown(
        title=_("Back with %(by)s: %(step)s", by=by, step=facts["step"]),
        body=_("%(by)s is back. “%(step)s” is with %(by)s again.", by=by, step=facts["step"]),
        url=_page(note),
        tag=f"step-{note.step_run_id}",
        step_run=note.step_run_id,
    )


def _test(notes: list[Note]) -> dict[str, Any]:
    by = notes[0].facts["by"]
    return _shown(
        title=_("Test message"),
        body=_("%(by)s asked for it. You are told like this when something becomes yours.", by=by),
        url="/today",
        tag="test",
        step_run=None,
    )


WORDS = {
    "reminder": _reminder,
    "handoff": _handoff,
    "review": _review,
    "sent_back": _sent_back,
    "not_needed": _not_needed,
    "handed_back": _handed_back,
    "test": _test,
}


def _page(note: Note) -> str:
    return f"/run/{note.run_id}#{note.step_run_id}"


def _due(facts: dict[str, Any]) -> str:
    there = datetime.fromisoformat(facts["deadline_at"]).astimezone(ZoneInfo(facts["time_zone"]))
    return there.strftime("%H:%M")
