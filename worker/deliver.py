"""Draining the outbox: the RQ job. RQ says only that it is time; the rows say what to do."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import context
from webapp.config import Settings
from webapp.extensions import db
from webapp.failpoint import reached
from webapp.models import OutboxMessage, PushSubscription
from webapp.push_keys import load_or_create_keys
from webapp.rules.push_endpoint import SubscriptionError, check_contact
from webapp.services import engine, organisations
from worker import outbox
from worker.message import Note, Push, bundle_key, compose
from worker.push.outcome import Outcome
from worker.push.sender import PushSender, Subscription

log = structlog.get_logger()

BATCH = 100
AT_ONCE = 16
# Push services want a contact; this one says that the operator has not named any.
NO_CONTACT = "mailto:nobody@baton.example"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One push for one person: its rows, its words, and every device it goes to."""

    rows: tuple[OutboxMessage, ...]
    push: Push
    targets: tuple[outbox.Target, ...]
    ttl: int
    contact: str
    lease: str | None


def drain() -> int:
    """Send everything that is due; return how many rows were settled or put off."""
    session, handled = context.session(), 0
    try:
        _seen(session, context.now())
        while handed := _drain_batch(session, sender(), context.settings(), context.now()):
            handled += handed
    finally:
        db.session.remove()
    return handled


def _drain_batch(session: Session, via: PushSender, settings: Settings, now: datetime) -> int:
    rows = outbox.lease(session, now, BATCH)
    parcels = _parcels(session, rows, settings, now)
    session.commit()
    reached("after_lease")
    with ThreadPoolExecutor(AT_ONCE) as pool:
        sent = list(pool.map(lambda parcel: _send(via, parcel), parcels))
    reached("after_send")
    for parcel, outcomes in zip(parcels, sent, strict=True):
        _settle_or_leave(session, parcel, outcomes, now)
    return len(rows)


def _parcels(
    session: Session, rows: list[OutboxMessage], settings: Settings, now: datetime
) -> list[Parcel]:
    """Group what still matters by person, bundle and the devices still to tell; settle the rest."""
    groups: dict[tuple[str, tuple[str, ...], tuple[outbox.Target, ...]], list[OutboxMessage]] = {}
    for row in sorted(rows, key=lambda row: row.id):
        if not _worth_sending(session, row, now):
            continue
        if targets := outbox.targets(session, row):
            key = (row.person_id, bundle_key(_note(row)), targets)
            groups.setdefault(key, []).append(row)
        else:
            outbox.settle(row, "no_device", now)
    parcels = [
        _parcel(session, group, targets, settings, now) for (_, _, targets), group in groups.items()
    ]
    return [parcel for parcel in parcels if parcel is not None]


def _parcel(
    session: Session,
    rows: list[OutboxMessage],
    targets: tuple[outbox.Target, ...],
    settings: Settings,
    now: datetime,
) -> Parcel | None:
    while rows:
        try:
            push = compose([_note(row) for row in rows])
        except Exception:
            log.exception("a message could not be put into words", id=rows[0].id)
            outbox.settle(rows.pop(0), "refused", now, "it could not be put into words")
            continue
        contact = settings.push_contact or _contact(session, rows[0].org_id)
        return Parcel(tuple(rows), push, targets, _ttl(rows, now), contact, rows[0].lease)
    return None


def _worth_sending(session: Session, row: OutboxMessage, now: datetime) -> bool:
    if row.expires_at <= now:
        outbox.settle(row, "expired", now)
    elif not outbox.still_matters(session, row):
        outbox.settle(row, "not_needed", now)
    return row.outcome is None


def _note(row: OutboxMessage) -> Note:
    return Note(row.id, row.kind, row.run_id, row.step_run_id, row.facts)


def _ttl(rows: Iterable[OutboxMessage], now: datetime) -> int:
    """Seconds until the message is worth nothing: until the next level, at least one."""
    return max(1, int((max(row.expires_at for row in rows) - now).total_seconds()))


def _contact(session: Session, org_id: str) -> str:
    """The owner's address, for push services that want to reach the sender."""
    contact = f"mailto:{organisations.owner_of(session, org_id).email}"
    try:
        check_contact(contact)
    except SubscriptionError:
        return NO_CONTACT
    return contact


def _send(via: PushSender, parcel: Parcel) -> list[tuple[outbox.Target, Outcome]]:
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
    outcomes: list[tuple[outbox.Target, Outcome]],
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
    outcomes: list[tuple[outbox.Target, Outcome]],
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
    outcomes: list[tuple[outbox.Target, Outcome]],
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
