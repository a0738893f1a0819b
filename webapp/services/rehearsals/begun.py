"""What has begun of processes already: runs that are over, and steps that somebody holds now."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Run, StepRun
from webapp.rules.course import Begun, Occasion
from webapp.rules.opening_hours import Hours
from webapp.services import holding, reached, step_runs

# Planning looks back as far: an edit may move what was due two days ago.
SINCE = timedelta(days=2)

# By process and location, those due soonest first.
BegunRuns = dict[tuple[str, str], list[Run]]


def begun_runs(session: Session, process_ids: Collection[str], now: datetime) -> BegunRuns:
    """Return the runs of these processes that have opened and were due lately, or are still."""
    steps = selectinload(Run.step_runs)
    query = (
        select(Run)
        .where(
            Run.process_id.in_(process_ids),
            Run.opened_at.is_not(None),
            Run.deadline_at >= now - SINCE,
        )
        .order_by(Run.deadline_at, Run.id)
        .options(
            steps.selectinload(StepRun.handoffs).lazyload("*"),
            steps.lazyload(StepRun.holder),
            steps.lazyload(StepRun.closed_by),
        )
    )
    found: BegunRuns = {}
    for run in session.scalars(query).unique():
        found.setdefault((run.process_id, run.location_id), []).append(run)
    return found


def occasions(
    session: Session, runs: Iterable[Run], hours: Hours, now: datetime, until: datetime
) -> dict[str, Occasion]:
    """Return by its key what is still due of these runs: where the first open step stands."""
    due = [run for run in runs if run.state == "open" and now < run.deadline_at < until]
    found = ((run, _first_open(run)) for run in due)
    return {
        run.occurrence: Occasion(
            terms=holding.terms_of(step),
            opens_at=run.opened_at or run.opens_at,
            remind_at=run.remind_at,
            hours=hours,
            begun=_begun(session, run, step),
        )
        for run, step in found
        if step is not None
    }


def _first_open(run: Run) -> StepRun | None:
    """What waits for its proof or a review is done as far as its holder is concerned."""
    still = (step for step in run.step_runs if step.state == "open" and not step.set_aside_at)
    return next(still, None)


def _begun(session: Session, run: Run, step: StepRun) -> Begun:
    taking = step_runs.last_taking(step)
    return Begun(
        stand=holding.stand_of(step),
        since=taking.at if taking else step.open_since or run.opens_at,
        reason=taking.reason if taking else None,
        telling=reached.telling(session, taking) if taking else None,
    )
