"""What a rehearsal says of how a run or a later step opens."""

from webapp.rules.later_ahead import Ahead
from webapp.services.rehearsals.plain import Rehearsal, Rehearsed
from webapp.services.rehearsals.words import time_words
from webapp.words import gettext as _
from webapp.words import translated


def step_words(step: Ahead) -> list[str]:
    """Say what a later step waits for, and what is supposed of that."""
    said = [translated(each) + "." for each in step.asks]
    if step.opens_at is not None and step.is_supposed:
        said.append(_("Played as if it were needed, and what it waits for done when it is due."))
    return said


def opened_words(rehearsal: Rehearsal, run: Rehearsed) -> list[str]:
    """Say since when a run is open that has begun, and why from then on."""
    if run.occasion.begun is None:
        return []
    is_by_the_day = rehearsal.opens_with_its_day and run.step is None
    at = time_words(run, run.occasion.opens_at)
    said = [_("It is open already, since %(time)s.", time=at)]
    if is_by_the_day:
        said.append(_("No time is set at which it opens, so it opens when its day begins."))
    return said
