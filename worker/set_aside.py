"""A change of the engine's that may fail: its row is then set aside, and keeps no other waiting."""

from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Update, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.failpoint import reached
from webapp.models import Run, StepRun
from webapp.services import engine

log = structlog.get_logger()


def or_set_aside(
    session: Session,
    kind: type[Run] | type[StepRun],
    row_id: str,
    change: Callable[[], object],
    now: datetime,
) -> None:
    """Commit the change; a row that cannot be changed is taken out of the way and shown.

    Trouble of the database itself (a deadlock, a restart) is not the row's: the next tick tries
    again.
    """
    try:
        change()
        session.commit()
        reached("after_commit")
    except OperationalError:
        raise
    except Exception as error:
        why = str(error)[:500]
        log.exception("row set aside", kind=kind.__name__, id=row_id)
        session.rollback()
        out_of_the_way(
            session,
            lambda: engine.set_aside(session, kind, row_id, why, now),
            update(kind).where(kind.id == row_id).values(set_aside_at=now),
        )


def out_of_the_way(session: Session, said: Callable[[], None], unsaid: Update) -> None:
    """Take a row out of the way, in the record too; where that cannot be written, without it.

    One organisation with a damaged record must not keep the others from their handoffs; the
    auditor finds what the record does not say.
    """
    try:
        said()
        session.commit()
    except OperationalError:
        raise
    except Exception:
        log.exception("a row was set aside, and the record cannot say so")
        session.rollback()
        session.execute(unsaid)
        session.commit()
