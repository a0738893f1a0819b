"""What has begun of processes already: runs that are over, and steps that somebody holds now."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Run, StepRun
from webapp.rules.course import Begun, Occasion
from webapp.rules.later import condition_from_json, follow_up_from_json
from webapp.rules.later_ahead import Ahead, Step, ahead
from webapp.rules.opening_hours import Hours
from webapp.services import holding, later, reached, step_runs
from webapp.services.rehearsals.plain import Due, announced

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


def still_due(
    session: Session, runs: Iterable[Run], hours: Hours, now: datetime, until: datetime
) -> list[Due]:
    """Return what is still due of these runs.

    Of what opened with a run where its first open step stands, and each later step by itself.
    """
    found = (due for run in runs if run.state == "open" for due in _of(session, run, hours, now))
    return [due for due in found if now < due.occasion.terms.deadline_at < until]


def _of(session: Session, run: Run, hours: Hours, now: datetime) -> Iterator[Due]:
    if (first := next(filter(_is_due, run.step_runs), None)) is not None:
        yield Due(run.occurrence, _standing(session, run, first, hours))
    if any(step.is_later for step in run.step_runs):
        yield from _later(session, run, hours, now)


def _later(session: Session, run: Run, hours: Hours, now: datetime) -> Iterator[Due]:
    """Each later step with a time of its own: those that are open, then those that may yet be."""
    for step in run.step_runs:
        if _is_open(step) and not _is_due(step):
            yield Due(run.occurrence, _standing(session, run, step, hours), _as_ahead(step))
    steps = {step.step_key: step for step in run.step_runs}
    for each in ahead([_step(step) for step in run.step_runs], run.deadline_at, now):
        if each.opens_at is not None:
            terms = replace(holding.terms_of(steps[each.key]), deadline_at=each.deadline_at)
            yield Due(run.occurrence, announced(terms, max(each.opens_at, now), hours), each)


def _standing(session: Session, run: Run, step: StepRun, hours: Hours) -> Occasion:
    return Occasion(
        terms=holding.terms_of(step),
        opens_at=step.open_since or run.opens_at,
        remind_at=run.remind_at if _is_due(step) else None,
        hours=hours,
        begun=_begun(session, run, step),
    )


def _is_open(step: StepRun) -> bool:
    """What waits for its proof or a review is done as far as its holder is concerned."""
    return step.state == "open" and not step.set_aside_at


def _is_due(step: StepRun) -> bool:
    """Whether it is open and not at a time of its own."""
    return _is_open(step) and (not step.is_later or step.deadline_at == step.run.deadline_at)


def _as_ahead(step: StepRun) -> Ahead:
    assert step.opened_at is not None, "a step that is open later than its run has opened"
    said = later.words(step, step.run.step_runs)
    return Ahead(
        step.step_key, step.title, tuple(said), step.opened_at, step.deadline_at, is_supposed=False
    )


def _step(step: StepRun) -> Step:
    return Step(
        key=step.step_key,
        earlier=later.earlier_of(step),
        only_if=condition_from_json(step.only_if),
        follow_up=follow_up_from_json(step.follow_up),
        due_at=step.deadline_at if step.state != "waiting" else None,
    )


def _begun(session: Session, run: Run, step: StepRun) -> Begun:
    taking = step_runs.last_taking(step)
    return Begun(
        stand=holding.stand_of(step),
        since=taking.at if taking else step.open_since or run.opens_at,
        reason=taking.reason if taking else None,
        telling=reached.telling(session, taking) if taking else None,
    )
