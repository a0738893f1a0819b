"""The clock's weekly duty: publish the record's head, then write the digests that tell it."""

from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.services import digests, engine, record_heads
from webapp.services.digests import Owed

log = structlog.get_logger()


def digest_if_due(session: Session, now: datetime) -> int:
    """Write the digests that are due, and note when to look again.

    One organisation's trouble keeps no other's owners waiting; it is tried again at the next look.
    """
    state = engine.state(session)
    at = state.next_digest_at
    if at is not None and now < at <= now + digests.LOOK_EVERY:
        session.rollback()
        return 0
    due = digests.owed(session, now)
    session.rollback()
    written = sum(_write(session, each, now) for each in due)
    engine.state(session).next_digest_at = digests.next_look(session, now)
    session.commit()
    return written


def _write(session: Session, each: Owed, now: datetime) -> bool:
    """The hash of a head is known for good only once it is committed; the digest comes after."""
    try:
        record_heads.publish(session, each.org_id, now)
        session.commit()
        digests.write(session, each, now)
        session.commit()
    except OperationalError:
        raise
    except Exception:
        log.exception("digest not written", organisation=each.org_id)
        session.rollback()
        return False
    return True
