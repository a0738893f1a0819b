"""What became of a fix in words, and where a step is asked about that failed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from webapp.formats import day
from webapp.models import Person, Process, StepRun
from webapp.rules.fix_outcome import FixOutcome
from webapp.services import definitions, fix_notes, fix_outcomes, reach
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


def of_process(session: Session, person: Person, process: Process) -> list[dict[str, Any]]:
    """Return the newest fix of each step at each place of this person, with what became of it."""
    version = definitions.current_version(process)
    places = {place.id: place.name for place in reach.among(person, version.locations)}
    steps = {step.key: step.title for step in version.steps}
    notes = fix_notes.newest_of(session, steps, places).values()
    outcomes = fix_outcomes.outcomes(session, notes)
    newest = sorted(notes, key=lambda note: note.at, reverse=True)
    return [
        {
            "step": steps[note.step_key],
            "place": places[note.location_id],
            "text": note.text,
            "by": note.person.name,
            "day": day(note.at.date(), weekday=False),
            "held": held(outcomes[note.id]),
            "lead": " ".join(filter(None, dict.fromkeys(_both(outcomes[note.id])))),
        }
        for note in newest
    ]


def _both(outcome: FixOutcome) -> tuple[str, str]:
    """What it begins with, and over how many runs where that is not in it."""
    return lead(outcome), so_far(outcome) if outcome.said else ""


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
