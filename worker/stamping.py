"""Having heads stamped, beside the clock: in a thread of its own, so that no tick waits for it."""

import threading
from datetime import datetime

import structlog
from apiflask import APIFlask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import context
from webapp.extensions import db
from webapp.services import stamps
from webapp.services.stamps import Unstamped
from worker import authority
from worker.authority import NoStamp

log = structlog.get_logger()

LOOK_EVERY = 15.0
LOOK_EVERY_ON_TEST_CLOCK = 1.0


def begin(app: APIFlask, stop: threading.Event) -> None:
    """Have heads stamped until told to stop, if an authority is set; nobody waits for it."""
    if context.settings().timestamp_url:
        threading.Thread(target=_go_on, args=(app, stop), name="stamps", daemon=True).start()


def _go_on(app: APIFlask, stop: threading.Event) -> None:
    with app.app_context():
        settings = context.settings()
        every = LOOK_EVERY_ON_TEST_CLOCK if settings.test_clock else LOOK_EVERY
        while settings.timestamp_url and not stop.wait(every):
            stamp_or_leave(settings.timestamp_url)


def stamp_or_leave(url: str) -> None:
    """Have stamped what is due; what goes wrong is logged, and tried again at a later look."""
    try:
        stamp_due(context.session(), url, context.now())
    except Exception:
        log.exception("time stamps could not be asked for")
    finally:
        db.session.remove()


def stamp_due(session: Session, url: str, now: datetime) -> int:
    """Ask for one stamp after the other, while no transaction is open.

    An authority that gives one head none is left alone until the next look.
    """
    session.rollback()
    session.connection(execution_options={"only_reads": True})
    due = stamps.due(session, now)
    session.rollback()
    done = 0
    for each in due:
        if not _claimed(session, each, now):
            continue
        if not _stamped(session, url, each):
            break
        done += 1
    return done


def _claimed(session: Session, each: Unstamped, now: datetime) -> bool:
    try:
        claimed = stamps.claim(session, each, now)
        session.commit()
    except IntegrityError:  # another clock was quicker
        session.rollback()
        return False
    return claimed


def _stamped(session: Session, url: str, each: Unstamped) -> bool:
    try:
        stamp = authority.stamp(url, stamps.text(each.seq, each.hash))
    except NoStamp as trouble:
        log.warning("no time stamp", organisation=each.org_id, head=each.seq, reason=str(trouble))
        stamps.failed(session, each, str(trouble))
        session.commit()
        return False
    stamps.keep(session, each, *stamp)
    session.commit()
    return True
