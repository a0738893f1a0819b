"""What the clock does by night, when nobody waits for it: looking for what keeps going wrong."""

import time
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.services import patterns

log = structlog.get_logger()

# What waits for nobody takes no longer than this of a tick: the rest of the night is long.
SECONDS_FOR_PATTERNS = 1.0


def look_for_patterns(session: Session, now: datetime) -> int:
    """Look at process after process, each in a transaction of its own.

    Nothing is stuck for want of it: what cannot be looked at is left until the next night.
    """
    done, until = 0, time.monotonic() + SECONDS_FOR_PATTERNS
    while time.monotonic() < until and (due := patterns.next_due(session, now)):
        try:
            patterns.look_at(session, due, now)
        except OperationalError:
            raise
        except Exception:
            log.exception("no patterns looked for", process=due.process_id, organisation=due.org_id)
            session.rollback()
            patterns.leave(session, due, now)
        session.commit()
        done += 1
    session.rollback()
    return done
