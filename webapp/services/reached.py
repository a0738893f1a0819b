"""Whether the holder of a step was reached by a device of theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import Handoff, OutboxMessage, PushSubscription, Receipt, StepRun
from webapp.rules import chain as chains


@dataclass(frozen=True, slots=True)
class Telling:
    """How far the message of a handoff came.

    `told_at` is when a push service took it, or when it was clear that none will; the handoff's
    own time while it is still tried. `tried` is false until a worker has come to an end with it
    once: one that dies with the message in hand has told nobody, and that is not the holder's
    fault.
    """

    reached: bool
    tried: bool
    told_at: datetime


def telling(session: Session, handoff: Handoff) -> Telling:
    """Return how far the new holder was told; a handoff without a message was never tried."""
    message = session.scalars(
        select(OutboxMessage).where(OutboxMessage.dedupe_key == f"handoff:{handoff.id}")
    ).one_or_none()
    if message is None:
        return Telling(reached=False, tried=False, told_at=handoff.at)
    tried = message.outcome is not None or message.last_error is not None
    return Telling(has_reached(session, message), tried, message.settled_at or handoff.at)


def has_reached(session: Session, message: OutboxMessage) -> bool:
    """Whether a device of the person has the message.

    Messages that travelled together share the receipts of the one that led them.
    """
    receipt = exists().where(
        Receipt.message_id.in_((message.id, message.sent_as or message.id)),
        Receipt.reached_at.is_not(None),
    )
    return bool(session.scalar(select(receipt)))


def somebody_later_has_a_device(session: Session, step_run: StepRun) -> bool:
    """Whether handing on could reach anybody further down the chain by a device that works."""
    later = [level.person for level in chains.from_json(step_run.chain)[step_run.level + 1 :]]
    return bool(devices_that_work(session, later))


def devices_that_work(session: Session, people: Sequence[str]) -> list[PushSubscription]:
    """Return these people's subscriptions that no push service has refused for good."""
    query = select(PushSubscription).where(
        PushSubscription.person_id.in_(people), PushSubscription.last_error.is_(None)
    )
    return list(session.scalars(query))
