"""One engine cycle: plan, open, hand on. Each duty is isolated, each change one transaction."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import exists, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp import context, exporting
from webapp.failpoint import reached
from webapp.models import OutboxMessage, Run, StepRun
from webapp.services import (
    engine,
    erasure,
    keeping,
    later,
    planning,
    reminders,
    sandboxes,
    step_runs,
    unfinished,
)
from worker import digesting
from worker.set_aside import or_set_aside, out_of_the_way

log = structlog.get_logger()

# One duty may not starve the others: what it did not finish it goes on with in the next tick.
SECONDS_PER_DUTY = 5.0
SWEEP_EVERY = timedelta(days=1)
HEARTBEAT_EVERY = timedelta(seconds=5)
# Looks taken in one transaction: more gain little, and hold SQLite's one lock for longer.
LOOKS_AT_ONCE = 100
BREATH = 0.025

Progress = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Tick:
    """What one cycle did, and whether messages wait to be sent."""

    opened: int
    handed_on: int
    messages_due: bool


def tick(session: Session, now: datetime, progress: Progress = lambda: None) -> Tick:
    """Do everything that is due at `now`; a failing duty never keeps the next from its turn.

    `progress` is called whenever messages were written, so that they go out while more is done.
    """
    _attempt(session, "plan", lambda: _plan(session, now))
    opened = _attempt(session, "open", lambda: _until_none_is_due(session, now, _open_one))
    _attempt(session, "follow", lambda: _until_none_is_due(session, now, _follow_one))
    handed_on = _attempt(session, "hand on", lambda: _look_at_due(session, now, progress))
    _attempt(session, "remind", lambda: _until_none_is_due(session, now, _remind_one))
    _attempt(session, "digest", lambda: digesting.digest_if_due(session, now))
    _attempt(session, "sweep", lambda: _sweep(session, now))
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
    run_id = engine.run_to_open(session, now)
    if run_id is None:
        session.rollback()
        return False
    or_set_aside(
        session,
        Run,
        run_id,
        lambda: step_runs.open_run(session, _read(session, run_id), now),
        now,
    )
    return True


def _follow_one(session: Session, now: datetime) -> bool:
    due = later.run_to_follow(session, now)
    if due is None:
        session.rollback()
        return False
    step_run_id, run_id = due
    or_set_aside(
        session,
        StepRun,
        step_run_id,
        lambda: later.follow(session, _read(session, run_id), now),
        now,
    )
    return True


def _read(session: Session, run_id: str) -> Run:
    """The run as it stands now that it is locked."""
    return session.get_one(Run, run_id, populate_existing=True)


def _look_at_due(session: Session, now: datetime, progress: Progress) -> int:
    """Take the looks that are due, many in one transaction: the disk's work is the same for all.

    Whatever goes wrong with one of them undoes the whole lot, which is then gone through one by
    one: the one that cannot be handled is set aside, and keeps no other from its turn.
    """
    done, until = 0, time.monotonic() + SECONDS_PER_DUTY
    while time.monotonic() < until:
        due = engine.steps_to_look_at(session, now, LOOKS_AT_ONCE)
        if not due:
            session.rollback()
            return done
        reached("after_claim")
        if not _look_at_together(session, due, now):
            for _ in due:
                _look_at_one(session, now)
        done += len(due)
        progress()
        if len(due) == LOOKS_AT_ONCE:
            _let_others_write(session)
    return done


def _let_others_write(session: Session) -> None:
    """SQLite's one write lock has no queue: who waits looks again now and then, up to 100 ms apart.

    Without a pause between lots the worker would send nothing before the last one is through.
    """
    if session.get_bind().dialect.name == "sqlite":
        time.sleep(BREATH)


def _look_at_together(session: Session, due: Collection[str], now: datetime) -> bool:
    """Whether all could be handled, in one transaction."""
    try:
        engine.look_at(session, due, now)
        session.commit()
    except OperationalError:
        raise
    except Exception:
        session.rollback()
        return False
    reached("after_commit")
    return True


def _look_at_one(session: Session, now: datetime) -> None:
    if due := engine.steps_to_look_at(session, now, 1):
        or_set_aside(session, StepRun, due[0], lambda: engine.look_at(session, due, now), now)


def _remind_one(session: Session, now: datetime) -> bool:
    """Nothing is stuck for want of a reminder: one that cannot be made is left out."""
    run_id = reminders.run_to_remind(session, now)
    if run_id is None:
        session.rollback()
        return False
    try:
        reminders.remind(session, _read(session, run_id), now)
        session.commit()
    except OperationalError:
        raise
    except Exception as error:
        why = str(error)[:500]
        log.exception("run not reminded", id=run_id)
        session.rollback()
        out_of_the_way(
            session,
            lambda: reminders.give_up(session, run_id, why, now),
            update(Run).where(Run.id == run_id).values(remind_at=None),
        )
    return True


def _sweep(session: Session, now: datetime) -> int:
    """Once a day clear away what visitors tried, unfinished uploads and exports, and old photos.

    The next day is noted first. Photos that did not fit into the time come in the next tick.
    """
    state = engine.state(session)
    if state.next_sweep_at is not None and now < state.next_sweep_at:
        session.rollback()
        return 0
    state.next_sweep_at = now + SWEEP_EVERY
    sandboxes.sweep(session, now)
    session.commit()
    exporting.clear_what_was_left()
    directory = context.settings().blob_dir
    uploads = unfinished.sweep(session, directory, now).uploads
    return uploads + _erase_old_photos(session, directory, now)


def _erase_old_photos(session: Session, directory: Path, now: datetime) -> int:
    """First the rows say that photos are erased, a batch in each transaction; then the files go."""
    done, until = 0, time.monotonic() + SECONDS_PER_DUTY
    while batch := keeping.erase_old(session, now):
        session.commit()
        done += batch
        if time.monotonic() >= until:
            engine.state(session, lock=True).next_sweep_at = now
            session.commit()
            break
    session.rollback()
    erasure.finish_removing(session, directory, now)
    return done


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
