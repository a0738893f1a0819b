"""That a run, or a step of it, was called off and taken up again, in words for its page."""

from collections.abc import Sequence
from datetime import datetime

from webapp.formats import local_day, local_time
from webapp.models import Run, StepRun
from webapp.services.calling_off import CalledOff


def of_run(run: Run, happened: Sequence[CalledOff]) -> str:
    """Return that a void run was called off: who, when and why, as far as the record says."""
    last = next((each for each in reversed(happened) if each.subject == run.id), None)
    never_opened = "" if run.opened_at else " It had not opened."
    if last is None:
        return f"It was called off.{never_opened}"
    at = _at(last.at, run)
    return f"{last.by or 'Baton'} called it off {at}: {run.location.name} was closed.{never_opened}"


def left_over(run: Run) -> str:
    """Return how many steps of a closed run were called off; nothing when none was."""
    count = sum(step.state == "void" for step in run.step_runs)
    if not count:
        return ""
    return f" {count} of {len(run.step_runs)} steps {'was' if count == 1 else 'were'} called off."


def of_step(step: StepRun, happened: Sequence[CalledOff]) -> list[tuple[datetime, str]]:
    """Return each time that a step was called off or taken up again, with its sentence."""
    return [(each.at, _step_words(step, each)) for each in happened if each.subject == step.id]


def _step_words(step: StepRun, each: CalledOff) -> str:
    who, place = each.by or "Baton", step.run.location.name
    if each.again:
        return f"Taken up again by {who}: {place} was open after all."
    return f"Called off by {who}: {place} was closed."


def _at(moment: datetime, run: Run) -> str:
    """The time, with the day when it is not the day on which the run was due."""
    zone = run.location.time_zone
    time, day = local_time(moment, zone), local_day(moment, zone)
    return f"at {time}" if day == local_day(run.deadline_at, zone) else f"at {time} on {day}"
