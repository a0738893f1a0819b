"""What became of the message of each handoff: queued, accepted, reached, opened, acted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Handoff, OutboxMessage, Receipt
from webapp.services.receipts import NO_DEVICE


@dataclass(frozen=True, slots=True)
class Told:
    """How far a message came, over all devices of its person: the first time of each; aware UTC.

    `channel` is the one that took it, or the push where none did; `outcome` is null while it is
    still tried. `by_api`: they acted over the API, which says nothing of their devices.
    """

    queued_at: datetime
    accepted_at: datetime | None
    reached_at: datetime | None
    opened_at: datetime | None
    acted_at: datetime | None
    channel: str
    outcome: str | None
    by_api: bool = False

    @property
    def state(self) -> str:
        """The furthest it came (acted, opened, …, queued), or why it went nowhere."""
        for state in ("acted", "opened", "reached", "accepted"):
            if getattr(self, f"{state}_at"):
                return state
        return self.outcome or "queued"


def of_handoffs(session: Session, handoffs: Sequence[Handoff]) -> dict[str, Told]:
    """Return by handoff how its new holder was told; who was passed over was told nothing."""
    keys = {f"handoff:{each.id}": each.id for each in handoffs if each.passed_over is None}
    query = select(OutboxMessage).where(OutboxMessage.dedupe_key.in_(keys))
    pushes = session.scalars(query).all()
    found = of_messages(session, pushes)
    return {keys[push.dedupe_key]: found[push.id] for push in pushes}


def of_messages(session: Session, pushes: Sequence[OutboxMessage]) -> dict[str, Told]:
    """Return by message how far it came, with what stood behind it on other channels."""
    ids = [push.id for push in pushes]
    others = session.scalars(select(OutboxMessage).where(OutboxMessage.behind_id.in_(ids))).all()
    receipts = session.scalars(select(Receipt).where(Receipt.message_id.in_(ids))).all()
    return {
        push.id: _told(
            push,
            [each for each in others if each.behind_id == push.id],
            [each for each in receipts if each.message_id == push.id],
        )
        for push in pushes
    }


def _told(
    push: OutboxMessage, others: Sequence[OutboxMessage], receipts: Sequence[Receipt]
) -> Told:
    reached_at = _first(each.reached_at for each in receipts)
    accepted_at = _first(each.accepted_at for each in receipts) or _settled(push)
    took = push
    if not (accepted_at or reached_at):
        took = next((each for each in others if each.outcome == "accepted"), push)
        accepted_at = _settled(took)
    return Told(
        queued_at=push.created_at,
        accepted_at=accepted_at,
        reached_at=reached_at,
        opened_at=_first(each.opened_at for each in receipts),
        acted_at=_first(each.acted_at for each in receipts),
        channel=took.channel,
        outcome=took.outcome,
        by_api=any(each.device_id == NO_DEVICE for each in receipts),
    )


def _settled(message: OutboxMessage) -> datetime | None:
    return message.settled_at if message.outcome == "accepted" else None


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)
