"""One engine cycle: plan, open, hand on. Each duty is isolated, each change one transaction."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.failpoint import reached
from webapp.models import OutboxMessage, Run, StepRun
from webapp.services import engine, planning, reminders, step_runs

log = structlog.get_logger()

# One duty may not starve the others: what it did not finish it goes on with in the next tick.
SECONDS_PER_DUTY = 5.0
HEARTBEAT_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Tick:
    """What one cycle did, and whether messages wait to be sent."""

    opened: int
    handed_on: int
    messages_due: bool


def tick(session: Session, now: datetime) -> Tick:
    """Do everything that is due at `now`; a failing duty never keeps the next from its turn."""
    _attempt(session, "plan", lambda: _plan(session, now))
    opened = _attempt(session, "open", lambda: _until_none_is_due(session, now, _open_one))
    handed_on = _attempt(session, "hand on", lambda: _until_none_is_due(session, now, _hand_on_one))
    _attempt(session, "remind", lambda: _until_none_is_due(session, now, _remind_one))
    _attempt(session, "heartbeat", lambda: _heartbeat(session, now))
    return Tick(opened, handed_on, messages_due(session, now))


def _attempt(session: Session, duty: str, work: Callable[[], int]) -> int:
    try:
        return work()
    except Exception:
        log.exception("duty failed", duty=duty)
        session.rollback()
        return 0


def _plan(session: Session, now: datetime) -> int:
    planned = planning.plan_if_due(session, engine.state(session, lock=True), now)
    session.commit()
    return int(planned)


def _until_none_is_due(
    session: Session, now: datetime, one: Callable[[Session, datetime], bool]
) -> int:
    done, until = 0, time.monotonic() + SECONDS_PER_DUTY
    while time.monotonic() < until and one(session, now):
        done += 1
    return done


def _open_one(session: Session, now: datetime) -> bool:
    run = engine.run_to_open(session, now)
    if run is None:
        session.rollback()
        return False
    _or_set_aside(session, run, lambda: step_runs.open_run(session, run, now), now)
    return True


def _hand_on_one(session: Session, now: datetime) -> bool:
    step_run = engine.step_to_look_at(session, now)
    if step_run is None:
        session.rollback()
        return False
    reached("after_claim")
    _or_set_aside(session, step_run, lambda: engine.look_at(session, step_run, now), now)
    return True


def _remind_one(session: Session, now: datetime) -> bool:
    """Nothing is stuck for want of a reminder: one that cannot be made is left out."""
    run = reminders.run_to_remind(session, now)
    if run is None:
        session.rollback()
        return False
    run_id = run.id
    try:
        reminders.remind(session, run, now)
        session.commit()
    except OperationalError:
        raise
    except Exception as error:
        log.exception("run not reminded", id=run_id)
        session.rollback()
        reminders.give_up(session, session.get_one(Run, run_id), str(error)[:500], now)
        session.commit()
    return True


def _or_set_aside(
    session: Session, row: Run | StepRun, change: Callable[[], object], now: datetime
) -> None:
    """Commit the change; a row that cannot be changed is taken out of the way and shown.

    Trouble of the database itself (a deadlock, a restart) is not the row's: the next tick tries
    again.
    """
    kind: type[Any] = type(row)
    row_id = row.id
    try:
        change()
        session.commit()
        reached("after_commit")
    except OperationalError:
        raise
    except Exception as error:
        log.exception("row set aside", kind=kind.__name__, id=row_id)
        session.rollback()
        engine.set_aside(session, session.get_one(kind, row_id), str(error)[:500], now)
        session.commit()


def _heartbeat(session: Session, now: datetime) -> int:
    """Say that the clock is alive; not with every look, since each write is a disk's work."""
    state = engine.state(session)
    if state.last_tick_at is None or abs(now - state.last_tick_at) >= HEARTBEAT_EVERY:
        state.last_tick_at = now
    session.commit()
    return 1


def messages_due(session: Session, now: datetime) -> bool:
    """Whether the outbox holds something to send now."""
    due = exists().where(OutboxMessage.next_attempt_at <= now)
    found = bool(session.scalar(select(due)))
    session.rollback()
    return found
