"""The outbox's rows from due to settled: lease, check that it still matters, settle.

A lease is `next_attempt_at` moved into the future together with the leaser's name: if the worker
dies, the row comes due again by itself.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, PushSubscription, Receipt, StepRun, new_id
from webapp.services import other_channels, reminders

LEASE = timedelta(seconds=60)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)


def lease(session: Session, now: datetime, most: int) -> list[OutboxMessage]:
    """Take up to `most` due rows in hand, oldest first, under one new lease."""
    rows = list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.next_attempt_at <= now)
            .order_by(OutboxMessage.next_attempt_at, OutboxMessage.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
    )
    token = new_id()
    for row in rows:
        row.lease, row.next_attempt_at = token, now + LEASE
        row.attempts += 1
    return rows


def renew(session: Session, leases: Collection[str | None], now: datetime) -> None:
    """Keep in hand what is leased under these tokens and not settled yet."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.lease.in_(leases), OutboxMessage.next_attempt_at.is_not(None))
        .values(next_attempt_at=now + LEASE)
    )


def still_matters(session: Session, row: OutboxMessage) -> bool:
    """Whether the row still tells a fact that its person must act on, and does not know yet."""
    if other_channels.is_overtaken(session, row):
        return False
    if row.kind == "reminder":
        return reminders.still_matters(session, row)
    step_run = session.get(StepRun, row.step_run_id) if row.step_run_id else None
    if step_run is None:
        return True
    if row.kind == "handoff":
        return not step_run.is_closed and step_run.level == row.level
    if row.kind == "review":
        return step_run.state == "in_review"
    return True


@dataclass(frozen=True, slots=True)
class Target:
    """One device to push to, detached from the database."""

    subscription_id: str
    device_id: str
    endpoint: str
    p256dh: str
    auth: str


def targets(session: Session, row: OutboxMessage) -> tuple[Target, ...]:
    """Return the person's devices whose push service has not taken the message yet.

    Who has left has no devices here any more, whatever their browsers still take.
    """
    taken = select(Receipt.device_id).where(
        Receipt.message_id == row.id, Receipt.accepted_at.is_not(None)
    )
    query = (
        select(PushSubscription)
        .join(Person, Person.id == PushSubscription.person_id)
        .where(
            PushSubscription.person_id == row.person_id,
            PushSubscription.device_id.not_in(taken),
            Person.deactivated_at.is_(None),
        )
    )
    return tuple(
        Target(each.id, each.device_id, each.endpoint, each.p256dh, each.auth)
        for each in session.scalars(query.order_by(PushSubscription.created_at))
    )


def settle(row: OutboxMessage, outcome: str, now: datetime, error: str | None = None) -> None:
    """Put an end to the row."""
    row.outcome, row.settled_at = outcome, now
    row.next_attempt_at, row.lease, row.last_error = None, None, error


def retry(row: OutboxMessage, now: datetime, after: int | None, error: str) -> None:
    """Try again later: when the push service says, else twice as late each time."""
    waited = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 10), LONGEST_RETRY)
    row.next_attempt_at = now + (timedelta(seconds=after) if after else waited)
    row.lease, row.last_error = None, error


def accepted(session: Session, row: OutboxMessage, device_id: str, now: datetime) -> None:
    """Note that a push service took the message for this device."""
    receipt = session.get(Receipt, (row.id, device_id))
    if receipt is None:
        session.add(Receipt(message_id=row.id, device_id=device_id, accepted_at=now))
    elif receipt.accepted_at is None:
        receipt.accepted_at = now
