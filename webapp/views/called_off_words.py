"""That a run, or a step of it, was called off and taken up again, in words for its page."""

from collections.abc import Sequence
from datetime import datetime

from webapp.formats import local_day, local_time
from webapp.models import Run, StepRun
from webapp.services.calling_off import CalledOff
from webapp.words import gettext as _
from webapp.words import ngettext


def of_run(run: Run, happened: Sequence[CalledOff]) -> str:
    """Return that a void run was called off: who, when and why, as far as the record says."""
    last = next((each for each in reversed(happened) if each.subject == run.id), None)
    said = _("It was called off.") if last is None else _called_off(last, run)
    return said if run.opened_at else said + " " + _("It had not opened.")


def left_over(run: Run) -> str:
    """Return how many steps of a closed run were called off; nothing when none was."""
    count = sum(step.state == "void" for step in run.step_runs)
    if not count:
        return ""
    return ngettext(
        "%(num)s of %(all)s steps was called off.",
        "%(num)s of %(all)s steps were called off.",
        count,
        all=len(run.step_runs),
    )


def of_step(step: StepRun, happened: Sequence[CalledOff]) -> list[tuple[datetime, str]]:
    """Return each time that a step was called off or taken up again, with its sentence."""
    return [(each.at, _step_words(step, each)) for each in happened if each.subject == step.id]


def _step_words(step: StepRun, each: CalledOff) -> str:
    who, place = each.by or "Baton", step.run.location.name
    if each.again:
        return _("Taken up again by %(who)s: %(place)s was open after all.", who=who, place=place)
    return _("Called off by %(who)s: %(place)s was closed.", who=who, place=place)


def _called_off(last: CalledOff, run: Run) -> str:
    """Say when, with the day when it is not the day on which the run was due."""
    zone = run.location.time_zone
    values = {
        "who": last.by or "Baton",
        "place": run.location.name,
        "time": local_time(last.at, zone),
        "day": local_day(last.at, zone),
    }
    if values["day"] == local_day(run.deadline_at, zone):
        return _("%(who)s called it off at %(time)s: %(place)s was closed.", **values)
    return _("%(who)s called it off at %(time)s on %(day)s: %(place)s was closed.", **values)
