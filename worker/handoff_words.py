"""What a message says when steps have become somebody's: which, of what, and why. Pure."""

from datetime import datetime
from typing import Any

from webapp.rules.dark import last_heard
from webapp.rules.device_names import said_again
from webapp.rules.sentences import N_
from webapp.words import gettext as _
from webapp.words import ngettext, translated
from worker.note import Note, due, page, runs_of, shown


def tag_of_several(lead: str) -> str:
    """The tag of a message about several runs: what goes out as the same one replaces it."""
    return f"handoffs-{lead}"


def handoff(notes: list[Note]) -> dict[str, Any]:
    """What is shown of handoffs that go out as one message."""
    if runs_of(notes) > 1:
        return _handoffs_of_runs(notes)
    facts = notes[0].facts
    return shown(
        title=_handoff_title(notes),
        body=_(
            "%(process)s, %(location)s, due %(due)s. %(why)s",
            process=facts["process"],
            location=facts["location"],
            due=due(facts),
            why=_why(facts),
        ),
        url=page(notes[0]) if len(notes) == 1 else f"/run/{notes[0].run_id}",
        tag=f"run-{notes[0].run_id}",
        step_run=notes[0].step_run_id,
    )


def _handoffs_of_runs(notes: list[Note]) -> dict[str, Any]:
    """The list of today shows them all; the message names the one that is due first."""
    facts = min((note.facts for note in notes), key=lambda each: str(each["deadline_at"]))
    where = f"{facts['process']}, {facts['location']}"
    return shown(
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
            due=due(facts),
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
