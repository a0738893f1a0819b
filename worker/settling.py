"""What became of parcels is written down, for each of their rows and devices."""

import time
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import context
from webapp.models import PushSubscription
from worker import outbox
from worker.outbox import Row, Verdict
from worker.parcels import Parcel
from worker.push.channel import Sent

log = structlog.get_logger()

# Until an origin that is stuck is tried again.
PUT_OFF = timedelta(seconds=2)
# Real seconds. What was sent is not forgotten because the database is away for a moment.
TRIED_FOR = 30.0
PAUSE_WHEN_AWAY = 0.5


def settle(session: Session, ended: list[tuple[Parcel, Sent]]) -> None:
    """Settle all in one transaction, or, when one of them is in the way, each in its own.

    What cannot be settled comes due again when its lease lapses.
    """
    give_up = time.monotonic() + TRIED_FOR
    while not _settled_together(session, ended, time.monotonic() > give_up):
        time.sleep(PAUSE_WHEN_AWAY)


def _settled_together(session: Session, ended: list[tuple[Parcel, Sent]], last: bool) -> bool:
    """Whether there is nothing left to try."""
    try:
        _write(session, ended, context.now())
        session.commit()
    except OperationalError as error:
        session.rollback()
        log.warning("messages could not be settled", error=str(error))
        return last
    except SQLAlchemyError as error:
        session.rollback()
        log.warning("messages could not be settled together", error=str(error))
        if len(ended) > 1:
            for one in ended:
                settle(session, [one])
    return True


def _write(session: Session, ended: list[tuple[Parcel, Sent]], now: datetime) -> None:
    for _, sent in ended:
        _note_devices(session, sent)
    verdicts = [verdict(row, sent, now) for parcel, sent in ended for row in parcel.rows]
    outbox.write(session, verdicts, now)


def verdict(row: Row, sent: Sent, now: datetime) -> Verdict:
    """A message is settled when no device is left to try: what was put off is tried again."""
    kinds = {outcome.kind for _, outcome in sent}
    reasons = ", ".join(outcome.reason for _, outcome in sent if outcome.reason) or None
    took = tuple(
        target.device_id
        for target, outcome in sent
        if outcome.kind == "accepted" and target.device_id is not None
    )
    if "retry" in kinds:
        after = max((each.after or 0 for _, each in sent if each.kind == "retry"), default=0)
        return outbox.retried(row, now, after, reasons or "retry", took)
    if kinds & {"put_off", "lapsed"}:
        until = now + PUT_OFF if "put_off" in kinds else now
        return outbox.put_off(row, until, reasons, took)
    if "accepted" in kinds:
        return outbox.settled(row, "accepted", reasons, took)
    return outbox.settled(row, "no_device" if kinds == {"gone"} else "refused", reasons)


def _note_devices(session: Session, sent: Sent) -> None:
    """Forget a subscription that is gone; keep with another why it was refused."""
    for target, outcome in sent:
        if target.subscription_id is None or outcome.kind not in ("gone", "refused"):
            continue
        this = PushSubscription.id == target.subscription_id
        if outcome.kind == "gone":
            session.execute(delete(PushSubscription).where(this))
        else:
            session.execute(update(PushSubscription).where(this).values(last_error=outcome.reason))
