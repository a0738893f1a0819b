"""What the clock does by night, when nobody waits for it: looking for what stands out.

In a thread of its own, so that a long look delays no tick; it reads and thinks while nothing is
locked, and writes what it found in a moment.
"""

import threading
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from apiflask import APIFlask
from sqlalchemy.orm import Session

from webapp import context
from webapp.extensions import db
from webapp.models import Process
from webapp.services import engine, patterns, signal_pieces, signals

log = structlog.get_logger()

LOOK_EVERY = 10.0
LOOK_EVERY_ON_TEST_CLOCK = 1.0
# One pass ends after this, so that a process that is told to stop need not wait for a whole night.
SECONDS_AT_ONCE = 5.0


def begin(app: APIFlask, stop: threading.Event) -> None:
    """Look until told to stop, beside whoever calls this; the process never waits for it."""
    threading.Thread(target=_go_on, args=(app, stop), name="nights", daemon=True).start()


def _go_on(app: APIFlask, stop: threading.Event) -> None:
    with app.app_context():
        on_test_clock = context.settings().test_clock
        every = LOOK_EVERY_ON_TEST_CLOCK if on_test_clock else LOOK_EVERY
        while not stop.wait(every):
            _look_or_leave()


def _look_or_leave() -> None:
    """Look once; a database that is away is looked at another time."""
    try:
        look(context.session(), context.now())
    except Exception:
        log.exception("the night could not be looked at")
    finally:
        db.session.remove()


def look(session: Session, now: datetime) -> None:
    """Do what is due of the night; one kind of look that fails keeps no other from its turn."""
    for each in (look_for_signals, look_for_patterns):
        try:
            each(session, now)
        except Exception:
            log.exception("a look of the night failed", look=each.__name__)
            session.rollback()


def look_for_signals(session: Session, now: datetime) -> int:
    """Once a day look through the evidence of each process; return of how many.

    Which one is noted first, so that one that cannot be read stops no other.
    """
    return _while_due(lambda: _look_for_signals_of_one(session, now))


def _look_for_signals_of_one(session: Session, now: datetime) -> bool:
    process_id = signals.next_process(session, engine.state(session), now)
    session.commit()
    if process_id is None:
        return False
    found = signal_pieces.found(session, process_id, now)
    signals.keep(session, session.get_one(Process, process_id), found, now)
    session.commit()
    return True


def look_for_patterns(session: Session, now: datetime) -> int:
    """Each night look at the devices, then at process after process; return at how many.

    Which one is noted first, so that one that cannot be read stops no other.
    """
    done = _while_due(lambda: _look_for_patterns_of_one(session, now))
    session.rollback()
    return done


def _look_for_patterns_of_one(session: Session, now: datetime) -> bool:
    due = patterns.next_due(session, now)
    if due is None:
        return False
    patterns.leave(session, due, now)
    session.commit()
    patterns.settle(session, due, now)
    session.commit()
    patterns.keep(session, due, patterns.found(session, due, now), now)
    session.commit()
    return True


def _while_due(one: Callable[[], bool]) -> int:
    done, until = 0, time.monotonic() + SECONDS_AT_ONCE
    while time.monotonic() < until and one():
        done += 1
    return done
