"""Where a step stands, as its mark and in words, for the pages of managers."""

from datetime import datetime

from webapp.formats import local_time
from webapp.models import StepRun
from webapp.rules import standing
from webapp.services import later
from webapp.views import miss_words
from webapp.words import gettext as _
from webapp.words import ngettext, translated


def mark(step: StepRun, now: datetime) -> str:
    """Return the class of the mark that says where the step stands."""
    return standing.mark(
        step.state,
        opens_at=step.opened_at or step.run.opens_at,
        deadline_at=step.deadline_at,
        moved=step.missed_at is not None or step.level > 0,
        sent_back=step.sent_back_at is not None,
        now=now,
    )


def _open_words(step: StepRun, mark: str, now: datetime) -> str:
    if mark == "soon":
        return _("Due in %(minutes)s.", minutes=_minutes((step.deadline_at - now).total_seconds()))
    if mark == "late":
        return _(
            "Late since %(local_time)s.",
            local_time=local_time(step.deadline_at, step.run.location.time_zone),
        )
    return {"back": _("Sent back, and open again."), "moved": _("Moved on, and open.")}.get(
        mark, _("Open.")
    )


def _waiting_words(step: StepRun) -> str:
    """What a later step waits for, until when, or why it was not needed."""
    if step.opens_at is not None:
        at = local_time(step.opens_at, step.run.location.time_zone)
        return _("Opens at %(time)s.", time=at)
    said = [f"{translated(each)}." for each in later.words(step, step.run.step_runs)]
    return miss_words.of_step(step) + " ".join(said)


def _minutes(seconds: float) -> str:
    minutes = max(1, round(seconds / 60))
    if minutes >= 120:
        return ngettext("%(num)s hour", "%(num)s hours", round(minutes / 60))
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def of_step(step: StepRun, mark: str, now: datetime) -> str:
    """Return the same in words: "It was missed. Moved on, and open."."""
    if step.is_later and (step.state == "waiting" or step.not_needed):
        return _waiting_words(step)
    by = step.closed_by.name if step.closed_by else ""
    words = {
        "open": _open_words(step, mark, now),
        "claimed": _("Said to be done. The proof is still on its way."),
        "in_review": _("Done by %(by)s. It waits for a review.", by=by),
        "done": _("Done by %(by)s.", by=by),
        "skipped": _(
            "Not applicable, by %(by)s: “%(skip_reason)s”.", by=by, skip_reason=step.skip_reason
        ),
        "void": _("Called off."),
    }
    return miss_words.of_step(step) + words.get(step.state, "")
