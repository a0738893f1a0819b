"""What an event of the record is about, in plain words; the record itself says it by its kind."""

from webapp.rules.sentences import N_
from webapp.words import gettext as _

# A kind has its own words, or those of all that begin alike.
WORDS = {
    "step": N_("work on a step"),
    "step.handed_on": N_("a step handed on"),
    "step.missed": N_("a step missed"),
    "proof": N_("work on a step"),
    "upload": N_("work on a step"),
    "command": N_("work on a step"),
    "held": N_("work on a step"),
    "rescue": N_("work on a step"),
    "review": N_("a decision on a proof"),
    "fix": N_("a fix note"),
    "run": N_("a run"),
    "process": N_("a process"),
    "picture": N_("a process"),
    "location": N_("a location"),
    "person": N_("a person’s account"),
    "person.away": N_("an absence"),
    "person.back": N_("an absence"),
    "device": N_("a device"),
    "kiosk": N_("a device"),
    "token": N_("a device"),
    "turn": N_("a device"),
    "message": N_("a device"),
    "pattern": N_("what was noticed"),
    "signal": N_("what was noticed"),
}
ELSE = N_("the organisation and its record")


def about(kind: str) -> str:
    """Return what events of this kind are about: "a decision on a proof"."""
    return _(WORDS.get(kind) or WORDS.get(kind.partition(".")[0]) or ELSE)
