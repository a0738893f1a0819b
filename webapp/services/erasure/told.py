"""What the record itself says of what was erased from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Event
from webapp.rules import erasure as rules
from webapp.services import record

Why = Literal["person", "retention"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure: the event that tells of it, and the events whose words went, as ranges.

    `photos` are the hashes of the photos and signatures that went, `counts` what else did.
    """

    seq: int
    at: datetime
    actor: str
    why: Why
    ranges: tuple[tuple[int, int], ...]
    photos: tuple[str, ...]
    counts: dict[str, int]


def note(
    session: Session,
    org_id: str,
    actor_id: str,
    now: datetime,
    why: Why,
    *,
    seqs: Iterable[int] = (),
    photos: Sequence[str] = (),
    **more: Any,
) -> None:
    """Note in the record who erased what, and why: numbers and hashes, never a name."""
    payload = {
        "why": why,
        "events": rules.ranges(seqs),
        "photos": sorted(photos),
    } | more
    record.note(session, org_id, now, rules.ERASED, actor_id, org_id, payload)


def erasures(session: Session, org_id: str) -> list[Erasure]:
    """Return every erasure of the organisation, oldest first."""
    query = select(Event).where(
        Event.subject == org_id, Event.org_id == org_id, Event.kind == rules.ERASED
    )
    events = session.scalars(query.order_by(Event.seq))
    return [_as_erasure(each, each.payload) for each in events if each.payload is not None]


def erased(session: Session, org_id: str) -> list[tuple[int, int, datetime]]:
    """Return which events were erased, as (first, last, when), in the order of the record."""
    found = [
        (first, last, each.at) for each in erasures(session, org_id) for first, last in each.ranges
    ]
    return sorted(found)


def unsaid(session: Session, org_id: str) -> int | None:
    """Return the first event that is empty, and of which the record does not tell by whom.

    Whoever has the database in hand could empty it; the chain stands without its words.
    """
    said = [(first, last) for first, last, _ in erased(session, org_id)]
    empty = (Event.org_id == org_id) & Event.salt.is_(None)
    many = session.scalar(select(func.count()).select_from(Event).where(empty)) or 0
    if many == rules.how_many(said):
        return None
    known = {seq for first, last in said for seq in range(first, last + 1)}
    found = session.scalars(select(Event.seq).where(empty).order_by(Event.seq))
    return next((each for each in found if each not in known), None)


def _as_erasure(event: Event, payload: dict[str, Any]) -> Erasure:
    return Erasure(
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        why=payload["why"],
        ranges=tuple((first, last) for first, last in payload["events"]),
        photos=tuple(payload["photos"]),
        counts=payload.get("counts", {}),
    )
