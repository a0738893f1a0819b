"""What the builder form calls its fields, for the summary of what is wrong in it."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from webapp.formats import row
from webapp.rules.sentences import N_
from webapp.words import gettext as _

# As they are labelled on the page, in its order; a station and its wait stand side by side.
LABELS = {
    "name": (N_("Name of the process"),),
    "location": (N_("Locations"),),
    "time_zone": (N_("Time zone of your place"),),
    "cadence_kind": (N_("How often?"),),
    "weekday": (N_("On which days?"),),
    "month_day": (N_("Day of the month"),),
    "cadence_text": (N_("Say when"),),
    "opens": (N_("Opens at"),),
    "deadline": (N_("Due at"),),
    "starts_on": (N_("First due (optional)"),),
    "responsible": (N_("Responsible"),),
    "backup": (N_("Backup"),),
    "grace": (N_("Backup"), N_("Takes over")),
    "fallback": (N_("Final fallback (optional)"),),
    "fallback_after": (N_("Final fallback (optional)"), N_("Takes over")),
    "owner_after": (N_("The owner, as the last resort"),),
    "remind": (N_("Remind whoever still has something to do"),),
    "reached_within": (N_("When a message reaches nobody, the next one takes over"),),
    "review": (N_("Who looks at the proof?"),),
    "wording": (N_("May a location word the steps in its own way?"),),
}
STEP_LABELS = {
    "title": N_("What is to be done"),
    "instructions": N_("How, in a sentence (optional)"),
    "picture": N_("A picture of it done right"),
    "picture_alt": N_("What it shows"),
    "proof": N_("Its proof"),
    "min": N_("Lowest that is fine"),
    "max": N_("Highest that is fine"),
    "unit": N_("Unit"),
    "if_outside": N_("What to do when it is outside"),
    "min_minutes": N_("It takes at least"),
    "wording": N_("May a location word it in its own way?"),
    "only_if": N_("It is needed"),
    "only_if_step": N_("Which step decides"),
    "only_if_value": N_("Above or below this number"),
    "after_step": N_("It opens"),
    "after_wait": N_("So long after that"),
    "after_due": N_("Due so long after it opens"),
}

_BEHIND_THE_STEPS = ("review", "wording")
_STEP_FIELD = re.compile(r"step-([0-9]+)-([a-z_]+)")


class Where(NamedTuple):
    """A field in words, "{n}" standing for the number of its step, and that number."""

    words: str
    step: str


def where(field: str) -> Where:
    """Name a field of the form: "Due at", or "Step 2, Lowest that is fine"."""
    found = _STEP_FIELD.fullmatch(field)
    if found is None:
        return Where(row(*map(_, LABELS.get(field, ()))), "")
    label = STEP_LABELS.get(found[2])
    step = _("Step %(n)s", n="{n}")
    return Where(row(step, _(label)) if label else step, found[1])


def in_order(fields: dict[str, str]) -> dict[str, str]:
    """What is said of fields, from the top of the page to its end."""
    return dict(sorted(fields.items(), key=lambda each: _place(each[0])))


def _place(field: str) -> tuple[int, int, int]:
    if found := _STEP_FIELD.fullmatch(field):
        return 1, int(found[1]), _index(STEP_LABELS, found[2])
    return 2 if field in _BEHIND_THE_STEPS else 0, _index(LABELS, field), 0


def _index(names: Mapping[str, object], name: str) -> int:
    return [*names, name].index(name)
