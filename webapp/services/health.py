"""Whether the engine is alive and keeps up, from what its processes left in the database."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from webapp.models import EngineState, OutboxMessage, Run, StepRun

SILENCE = timedelta(seconds=60)
ENGINE_ROW = 1


def reasons(session: Session, now: datetime) -> list[str]:
    """Return why the installation is not well, one sentence each; empty when it is."""
    engine = session.get(EngineState, ENGINE_ROW)
    found = [
        silence("clock", engine.last_tick_at if engine else None, now),
        silence("worker", engine.worker_seen_at if engine else None, now),
        _late(_count(session, _opening_due(now - SILENCE)), "run to open is", "runs to open are"),
        _late(_count(session, _escalation_due(now - SILENCE)), "handoff is", "handoffs are"),
        _late(_count(session, _message_due(now - SILENCE)), "message is", "messages are"),
    ]
    return [reason for reason in [*found, _set_aside(session)] if reason]


def gauges(session: Session, now: datetime) -> dict[str, float]:
    """Return the numbers that a monitor watches; ages are in seconds, absent when unknown."""
    engine = session.get(EngineState, ENGINE_ROW)
    numbers: dict[str, float] = {
        "step_runs_open": _count(session, StepRun.state.in_(("open", "claimed"))),
        "step_runs_in_review": _count(session, StepRun.state == "in_review"),
        "step_runs_set_aside": _count(session, StepRun.set_aside_at.is_not(None)),
        "handoffs_due": _count(session, _escalation_due(now)),
        "outbox_due": _count(session, _message_due(now)),
    }
    if engine and engine.last_tick_at:
        numbers["tick_age_seconds"] = (now - engine.last_tick_at).total_seconds()
    if engine and engine.worker_seen_at:
        numbers["worker_age_seconds"] = (now - engine.worker_seen_at).total_seconds()
    return numbers


def _count(session: Session, condition: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0


def _opening_due(by: datetime) -> ColumnElement[bool]:
    return (Run.state == "planned") & (Run.opens_at < by) & Run.set_aside_at.is_(None)


def _escalation_due(by: datetime) -> ColumnElement[bool]:
    return (StepRun.escalate_at < by) & StepRun.set_aside_at.is_(None)


def _message_due(by: datetime) -> ColumnElement[bool]:
    return OutboxMessage.next_attempt_at < by


def _set_aside(session: Session) -> str | None:
    """What the engine could not handle needs somebody: it does not move by itself any more."""
    steps = _count(session, StepRun.set_aside_at.is_not(None))
    rows = steps + _count(session, Run.set_aside_at.is_not(None))
    if not rows:
        return None
    what = "step or run was" if rows == 1 else "steps or runs were"
    return f"{rows} {what} set aside and no longer moves by itself. The owner's page names it."


def silence(who: str, seen_at: datetime | None, now: datetime) -> str | None:
    """Say that the clock or the worker has not shown itself for a minute, or None."""
    if seen_at is None:
        return f"The {who} has not run yet."
    if now - seen_at <= SILENCE:
        return None
    minutes = int((now - seen_at) / timedelta(minutes=1))
    return f"The {who} has been silent for {minutes} minute{'' if minutes == 1 else 's'}."


def _late(count: int, one: str, several: str) -> str | None:
    return (
        f"{count} {one if count == 1 else several} overdue by more than a minute."
        if count
        else None
    )
