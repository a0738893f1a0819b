"""What became of a fix in words, and where a step is asked about that failed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from webapp.models import StepRun
from webapp.rules.fix_outcome import FixOutcome
from webapp.services import fix_notes, fix_outcomes
from webapp.views.pattern_words import offer_words
from webapp.words import gettext as _
from webapp.words import ngettext

HELD = {"held": True, "did_not_hold": False, None: None}


def held(outcome: FixOutcome) -> bool | None:
    """Whether it held; None as long as nobody can tell."""
    return HELD[outcome.said]


def lead(outcome: FixOutcome) -> str:
    """Return what a note begins with."""
    if outcome.said == "did_not_hold":
        return _("This fix did not hold.")
    if outcome.said == "held":
        return _("This fix held.")
    return " ".join(filter(None, [_("Fix note."), so_far(outcome)]))


def so_far(outcome: FixOutcome) -> str:
    """Say how many clean runs there were, as far as that is good to know."""
    if outcome.said == "did_not_hold" or not outcome.clean:
        return ""
    if outcome.said == "held":
        return ngettext(
            "It has held for %(num)s run.", "It has held for %(num)s runs.", outcome.clean
        )
    return ngettext(
        "%(num)s of %(needed)s clean runs so far.",
        "%(num)s of %(needed)s clean runs so far.",
        outcome.clean,
        needed=outcome.needed,
    )


def asked(session: Session, steps: Sequence[StepRun]) -> dict[str, dict[str, Any]]:
    """Return what is asked of each step that failed and has no fix note yet, by its id."""
    failed = [step for step in steps if fix_outcomes.failed(step)]
    noted = fix_notes.noted(session, failed)
    open_ones = [step for step in failed if step.id not in noted]
    offers = fix_notes.offers(session, open_ones)
    return {
        step.id: {
            "id": step.id,
            "offer": offer_words(offers[step.id]) if step.id in offers else None,
            "text": offers[step.id].note.text if step.id in offers else None,
            "take": offers[step.id].note.id if step.id in offers else None,
        }
        for step in open_ones
    }
