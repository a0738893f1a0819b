"""Draining the outbox: the RQ job. RQ says only that it is time; the rows say what to do."""

import threading
import time
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import context
from webapp.extensions import db
from webapp.failpoint import reached
from webapp.models import OutboxMessage, PushSubscription
from webapp.push_keys import load_or_create_keys
from webapp.services import engine
from worker import outbox
from worker.parcels import Parcel, wrap
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

log = structlog.get_logger()

BATCH = 50
AT_ONCE = 16
# Real seconds. A job ends well before RQ ends it, and the next hint goes on; while pushes are on
# their way new rows are looked for, and leases are kept long before they lapse.
TAKE_FOR = 120.0
LOOK_EVERY = 1.0
KEEP_EVERY = 15.0

Sent = list[tuple[outbox.Target, Outcome]]


def drain() -> int:
    """Send everything that is due; return how many rows were settled or put off.

    Each parcel is settled as soon as it is sent, and new ones are taken meanwhile: a push service
    that is slow keeps no other message waiting.
    """
    session = context.session()
    try:
        _seen(session, context.now())
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return _Round(session, pool).run()
    finally:
        db.session.remove()


class _Round:
    """One job's work: what is on its way, and until when more is taken."""

    def __init__(self, session: Session, pool: ThreadPoolExecutor) -> None:
        self._session, self._pool = session, pool
        self._sending: dict[Future[Sent], Parcel] = {}
        self._kept = time.monotonic()
        self._take_until = self._kept + TAKE_FOR

    def run(self) -> int:
        """Take, send and settle until nothing is due and nothing is on its way."""
        handled = 0
        try:
            while (taken := self._take()) or self._sending:
                handled += taken
                self._settle_what_is_sent()
                self._keep()
        finally:
            for unsent in self._sending:
                unsent.cancel()
        return handled

    def _take(self) -> int:
        """Lease what is due and begin to send it, unless enough is on its way already."""
        if len(self._sending) >= AT_ONCE or time.monotonic() > self._take_until:
            return 0
        now, via = context.now(), sender()
        rows = outbox.lease(self._session, now, BATCH)
        parcels = wrap(self._session, rows, context.settings(), now)
        self._session.commit()
        if rows:
            reached("after_lease")
        for parcel in parcels:
            self._sending[self._pool.submit(_send, via, parcel)] = parcel
        return len(rows)

    def _settle_what_is_sent(self) -> None:
        done, _ = wait(self._sending, timeout=LOOK_EVERY, return_when=FIRST_COMPLETED)
        for sent in done:
            reached("after_send")
            parcel = self._sending.pop(sent)
            _settle_or_leave(self._session, parcel, sent.result(), context.now())

    def _keep(self) -> None:
        """Show that the worker is alive, and keep the leases of what is still on its way."""
        if time.monotonic() - self._kept < KEEP_EVERY:
            return
        self._kept, now = time.monotonic(), context.now()
        outbox.renew(self._session, {each.lease for each in self._sending.values()}, now)
        _seen(self._session, now)


def _send(via: PushSender, parcel: Parcel) -> Sent:
    return [(target, _send_one(via, parcel, target)) for target in parcel.targets]


def _send_one(via: PushSender, parcel: Parcel, target: outbox.Target) -> Outcome:
    """Send to one device; even a defect of ours never keeps the others from their messages."""
    try:
        return via.send(
            Subscription(target.endpoint, target.p256dh, target.auth),
            parcel.push.payload,
            ttl=parcel.ttl,
            urgency=parcel.push.urgency,
            topic=parcel.push.topic,
            contact=parcel.contact,
        )
    except Exception:
        log.exception("sending failed", message=parcel.push.topic, device=target.device_id)
        return Outcome("retry", reason="failed")


def _settle_or_leave(
    session: Session,
    parcel: Parcel,
    outcomes: Sent,
    now: datetime,
) -> None:
    """Settle in one transaction; what cannot be settled comes due again when its lease lapses."""
    try:
        _settle(session, parcel, outcomes, now)
        session.commit()
    except SQLAlchemyError as error:
        log.warning("messages could not be settled", error=str(error))
        session.rollback()


def _settle(
    session: Session,
    parcel: Parcel,
    outcomes: Sent,
    now: datetime,
) -> None:
    """A message is settled when no device is left to try: what was put off is tried again."""
    for target, outcome in outcomes:
        _note_device(session, target, outcome)
    for row in parcel.rows:
        session.refresh(row, with_for_update=True)
        if row.lease == parcel.lease:
            _settle_row(session, row, outcomes, now)


def _settle_row(
    session: Session,
    row: OutboxMessage,
    outcomes: Sent,
    now: datetime,
) -> None:
    for target, outcome in outcomes:
        if outcome.kind == "accepted":
            outbox.accepted(session, row, target.device_id, now)
    kinds = {outcome.kind for _, outcome in outcomes}
    reasons = ", ".join(outcome.reason for _, outcome in outcomes if outcome.reason) or None
    if "retry" in kinds:
        after = max((each.after or 0 for _, each in outcomes if each.kind == "retry"), default=0)
        outbox.retry(row, now, after, reasons or "retry")
    elif "accepted" in kinds:
        outbox.settle(row, "accepted", now, reasons)
    else:
        outbox.settle(row, "no_device" if kinds == {"gone"} else "refused", now, reasons)


def _note_device(session: Session, target: outbox.Target, outcome: Outcome) -> None:
    subscription = session.get(PushSubscription, target.subscription_id)
    if subscription is None:
        return
    if outcome.kind == "gone":
        session.delete(subscription)
    elif outcome.kind == "refused":
        subscription.last_error = outcome.reason


def _seen(session: Session, now: datetime) -> None:
    engine.state(session).worker_seen_at = now
    session.commit()


_senders: dict[int, PushSender] = {}
_senders_lock = threading.Lock()


def sender() -> PushSender:
    """Return this application's sender with its pooled connections, made on first use."""
    settings = context.settings()
    with _senders_lock:
        if id(settings) not in _senders:
            _senders[id(settings)] = PushSender(
                load_or_create_keys(settings.data_dir),
                extra_hosts=settings.push_hosts,
                insecure=settings.push_insecure,
            )
        return _senders[id(settings)]
