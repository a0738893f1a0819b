"""A day that is closed after its runs have opened: what nobody has begun is called off."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import FixNote, Location, Proof, Run, StepRun
from webapp.rules.moment_words import local_date
from webapp.services import messages, record, step_runs

WHY = "the location is closed"
MESSAGES = ("reminder", "handoff", "handed_back", "sent_back")


def days_begun(session: Session, location: Location, now: datetime) -> set[date]:
    """Return the local dates from today on that runs which have begun are due on."""
    today = local_date(now, location.time_zone).isoformat()
    query = select(Run.occurrence).where(
        Run.location_id == location.id,
        Run.occurrence >= today,
        or_(Run.opened_at.is_not(None), Run.opens_at <= now),
    )
    return {_day_of(key) for key in session.scalars(query)}


def call_off(
    session: Session, location: Location, days: Collection[date], now: datetime, actor_id: str
) -> list[Run]:
    """Void the open steps without any proof of the runs due on these local dates.

    What was begun stays: a step that is claimed, in review, done or was sent back. Messages that
    are still unsent go with their steps. A run of which nothing is left is void. Returns the
    runs concerned.
    """
    concerned = []
    for run in _locked(session, location, days, "open"):
        steps = [_locked_step(session, step) for step in run.step_runs]
        unbegun = [step for step in steps if step.state == "open" and not _is_begun(session, step)]
        for step in unbegun:
            _void(session, step, now, actor_id)
        if unbegun:
            _end(session, run, now, actor_id)
            concerned.append(run)
    for run in _locked(session, location, days, "planned"):
        step_runs.discard(session, run, now)  # its time has come, but no clock has opened it yet
        concerned.append(run)
    return concerned


def take_up_again(
    session: Session, location: Location, days: Collection[date], now: datetime, actor_id: str
) -> list[Run]:
    """Plan runs anew that were called off as a whole and are not due yet: the engine opens them.

    Only those of which no step had moved on: a handoff is a fact that no mistake undoes.
    """
    again = []
    for run in _locked(session, location, days, "void"):
        untouched = not any(step.moves or _is_begun(session, step) for step in run.step_runs)
        if run.opened_at is None or run.deadline_at <= now or not untouched:
            continue
        run.state, run.opened_at = "planned", None
        for step in run.step_runs:
            step.state, step.holder = "waiting", None
        _note_run(session, run, "run.taken_up_again", now, actor_id)
        again.append(run)
    session.flush()
    return again


def _locked(session: Session, location: Location, days: Collection[date], state: str) -> list[Run]:
    keys = [Run.occurrence.startswith(day.isoformat()) for day in days]
    if not keys:
        return []
    query = (
        select(Run)
        .where(Run.location_id == location.id, Run.state == state, or_(*keys))
        .order_by(Run.id)
        .with_for_update(of=Run, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _locked_step(session: Session, step: StepRun) -> StepRun:
    return step_runs.get(session, step.org_id, step.id, lock=True)


def _is_begun(session: Session, step: StepRun) -> bool:
    given = exists().where(Proof.step_run_id == step.id)
    noted = exists().where(FixNote.step_run_id == step.id)
    return bool(session.scalar(select(or_(given, noted))))


def _void(session: Session, step: StepRun, now: datetime, actor_id: str) -> None:
    step.state, step.escalate_at, step.moves_at = "void", None, None
    messages.withdraw(session, step, MESSAGES, now)
    payload = {"title": step.title, "reason": WHY}
    record.note(session, step.org_id, now, "step.called_off", actor_id, step.id, payload)
    session.flush()


def _end(session: Session, run: Run, now: datetime, actor_id: str) -> None:
    """Nobody is to be reminded of a run that is void or closed."""
    if all(step.state == "void" for step in run.step_runs):
        run.state, run.remind_at = "void", None
        _note_run(session, run, "run.called_off", now, actor_id)
    elif all(step.is_closed for step in run.step_runs):
        run.remind_at = None
        step_runs.close_run_if_done(session, run, now)
    session.flush()


def _note_run(session: Session, run: Run, kind: str, now: datetime, actor_id: str) -> None:
    payload = {"process": run.process.name, "location": run.location.name, "reason": WHY}
    record.note(session, run.org_id, now, kind, actor_id, run.id, payload)


def _day_of(key: str) -> date:
    return date.fromisoformat(key.partition("T")[0])
