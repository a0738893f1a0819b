"""A day that is closed after its runs have opened: what nobody has begun is called off."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import Event, Location, Person, Run, StepRun
from webapp.rules import chain as chains
from webapp.rules import escalation
from webapp.rules.moment_words import local_date
from webapp.rules.reminder import remind_at
from webapp.services import later, leaving, messages, planning, record, step_runs

WHY = "the location is closed"
KINDS = ("run.called_off", "step.called_off", "step.taken_up")
MESSAGES = ("reminder", "handoff", "handed_back", "sent_back")


class CalledOff(NamedTuple):
    """A run or step, by its id, was called off or `again` taken up; `by` is null for the system."""

    subject: str
    at: datetime
    by: str | None
    again: bool


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
        unbegun = [step for step in steps if _is_unbegun(session, step)]
        for step in unbegun:
            _void(session, step, now, actor_id)
        if unbegun:
            later.follow(session, run, now)
            _end(session, run, now, actor_id)
            concerned.append(run)
    for run in _locked(session, location, days, "planned"):
        _note_called_off(session, run, now, actor_id)
        step_runs.discard(session, run, now)  # its time has come, but no clock has opened it yet
        concerned.append(run)
    return concerned


def take_up_again(
    session: Session, location: Location, days: Collection[date], now: datetime, actor_id: str
) -> None:
    """Open again what was called off on these local dates: each step where it was in its chain.

    Its holder gets the next level's wait afresh where the old one has run out meanwhile.
    """
    for state in ("open", "closed", "void"):
        for run in _locked(session, location, days, state):
            steps = [_locked_step(session, step) for step in run.step_runs]
            called_off = [step for step in steps if step.state == "void"]
            if run.opened_at is None:
                _plan_again(session, run, called_off, now)
            elif called_off:
                _open_again(session, run, called_off, now, actor_id)
    session.flush()


def history(session: Session, run: Run) -> list[CalledOff]:
    """Return when the run or steps of it were called off and taken up again, in their order."""
    subjects = [run.id, *(step.id for step in run.step_runs)]
    query = (
        select(Event.at, Event.kind, Event.subject, Person.name)
        .outerjoin(Person, Person.id == Event.actor)
        .where(Event.org_id == run.org_id, Event.subject.in_(subjects), Event.kind.in_(KINDS))
        .order_by(Event.seq)
    )
    return [
        CalledOff(row.subject, row.at, row.name, row.kind == "step.taken_up")
        for row in session.execute(query)
    ]


def _plan_again(session: Session, run: Run, steps: list[StepRun], now: datetime) -> None:
    """No clock had opened it yet; now one may, unless its time is over or has been moved."""
    if planning.is_wanted(session, run, now):
        run.state = "planned"
        for step in steps:
            step.state = "waiting"


def _open_again(
    session: Session, run: Run, steps: list[StepRun], now: datetime, actor_id: str
) -> None:
    run.state, run.closed_at = "open", None
    at = remind_at(run.opens_at, run.deadline_at, run.version.remind_minutes)
    run.remind_at = at if at is not None and at > now else run.remind_at
    for step in steps:
        payload = {"title": step.title}
        record.note(session, step.org_id, now, "step.taken_up", actor_id, step.id, payload)
        if step.is_later:
            later.wait_again(session, step, now)
        else:
            _hold_again(session, step, now)
    later.follow(session, run, now)


def _hold_again(session: Session, step: StepRun, now: datetime) -> None:
    step.state, step.escalate_why = "open", "missed"
    _give_time(step, now)
    if taking := step_runs.last_taking(step):
        messages.tell_after_all(session, step, taking, now)
    leaving.let_go_again(session, step, now)


def _give_time(step: StepRun, now: datetime) -> None:
    """At the last level nobody comes after: there the look only says that the step was missed."""
    chain = chains.from_json(step.chain)
    if step.level == step.last_level:
        first_due = escalation.first_due_at(chain, step.deadline_at)
        step.escalate_at = None if step.missed_at else first_due
        return
    if step.moves_at is None or step.moves_at <= now:
        step.moves_at = escalation.after_send_back(chain, step.level, step.deadline_at, now)
    step.escalate_at = step.moves_at


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


def _is_unbegun(session: Session, step: StepRun) -> bool:
    return step.state in ("open", "waiting") and not step_runs.has_evidence(session, step)


def _void(session: Session, step: StepRun, now: datetime, actor_id: str) -> None:
    step.state, step.escalate_at, step.opens_at = "void", None, None
    messages.withdraw(session, step, MESSAGES, now)
    payload = {"title": step.title, "reason": WHY}
    record.note(session, step.org_id, now, "step.called_off", actor_id, step.id, payload)
    session.flush()


def _end(session: Session, run: Run, now: datetime, actor_id: str) -> None:
    if all(step.state == "void" for step in run.step_runs):
        run.state, run.remind_at = "void", None
        _note_called_off(session, run, now, actor_id)
    else:
        step_runs.close_run_if_done(session, run, now)
    session.flush()


def _note_called_off(session: Session, run: Run, now: datetime, actor_id: str) -> None:
    facts = {"process": run.process.name, "location": run.location.name, "reason": WHY}
    record.note(session, run.org_id, now, "run.called_off", actor_id, run.id, facts)


def _day_of(key: str) -> date:
    return date.fromisoformat(key.partition("T")[0])
