"""What was rehearsed beside what the live engine did, in the same form."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.services.rehearsals.live import reminded, turns
from webapp.models import Run
from webapp.services.rehearsals import Rehearsal, Rehearsed


def differences(session: Session, played: Iterable[Rehearsal]) -> Iterator[tuple[Any, ...]]:
    """Where the live engine did something else than these rehearsals said."""
    for rehearsal in played:
        for run in rehearsal.runs:
            said, lived = said_and_lived(session, rehearsal, run)
            if said != lived:
                yield rehearsal.name, run.occurrence, said, lived


def said_and_lived(session: Session, rehearsal: Rehearsal, run: Rehearsed) -> tuple[Any, Any]:
    """Turns, reminder and miss as rehearsed and as they came; of one that had begun, the rest."""
    live = live_run(session, rehearsal, run)
    step, begun = live.step_runs[0], run.occasion.begun is not None
    reminder = run.course.reminder
    said = (
        as_rehearsed(run)[int(begun) :],
        run.course.missed_at,
        (reminder.at, reminder.person, reminder.channels) if reminder else None,
    )
    lived = turns(session, step)
    if begun:
        first = run.course.moments[0]
        held = [turn[:4] for turn in lived]
        lived = lived[held.index((first.at, first.level, first.person, first.reason)) + 1 :]
    was_reminded = reminded(session, live) if reminder or not begun else None
    return said, (lived, step.missed_at, was_reminded)


def as_rehearsed(run: Rehearsed) -> list[tuple[Any, ...]]:
    """The moments of a rehearsed run, as `turns` gives those of a live step."""
    return [
        (
            moment.at,
            moment.level,
            moment.person,
            moment.reason,
            tuple((each.person, each.why) for each in moment.passed),
            tuple((each.channel, each.at) for each in moment.told),
        )
        for moment in run.course.moments
    ]


def live_run(session: Session, rehearsal: Rehearsal, run: Rehearsed) -> Run:
    """The run that the engine made of the same due time."""
    query = select(Run).where(
        Run.process_id == rehearsal.process_id,
        Run.location_id == run.place,
        Run.occurrence == run.occurrence,
    )
    return session.scalars(query.execution_options(populate_existing=True)).unique().one()
