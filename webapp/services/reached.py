"""Whether the holder of a step was reached by a device of theirs."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Exists, exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    Device,
    Handoff,
    OutboxMessage,
    Person,
    PushSubscription,
    Receipt,
    StepRun,
)
from webapp.rules import chain as chains
from webapp.rules.device_names import called
from webapp.rules.holding import Telling

_AT_HAND = "devices_at_hand"


def telling(session: Session, handoff: Handoff) -> Telling:
    """Return how far the new holder was told; a handoff without a message was never tried."""
    known: AtHand | None = session.info.get(_AT_HAND)
    told = _tellings(session, [handoff]) if known is None else known.tellings
    return told.get(handoff.id) or Telling(reached=False, tried=False, told_at=handoff.at)


def _tellings(session: Session, handoffs: Sequence[Handoff]) -> dict[str, Telling]:
    """How far the messages of these handoffs came, by handoff, as far as there are any."""
    told_by = {f"handoff:{handoff.id}": handoff for handoff in handoffs}
    message = OutboxMessage
    query = select(
        message.dedupe_key,
        or_(message.outcome.is_not(None), message.last_error.is_not(None)),
        message.settled_at,
        _has_reached(message),
    ).where(message.dedupe_key.in_(told_by))
    found = session.execute(query) if told_by else ()
    return {
        told_by[key].id: Telling(reached, tried, settled_at or told_by[key].at)
        for key, tried, settled_at, reached in found
    }


def have_reached(session: Session, message_ids: Collection[str | None]) -> set[str]:
    """Of these messages, those that a device of their person has, or that they acted on."""
    query = select(OutboxMessage.id).where(
        OutboxMessage.id.in_(message_ids), _has_reached(OutboxMessage)
    )
    return set(session.scalars(query)) if message_ids else set()


def _has_reached(message: type[OutboxMessage]) -> Exists:
    """Messages that travelled together share the receipts of the one that led them."""
    return exists().where(
        or_(Receipt.message_id == message.id, Receipt.message_id == message.sent_as),
        or_(Receipt.reached_at.is_not(None), Receipt.acted_at.is_not(None)),
    )


def somebody_later_has_a_device(session: Session, step_run: StepRun) -> bool:
    """Whether handing on could reach anybody further down the chain by a device that works."""
    later = [level.person for level in chains.from_json(step_run.chain)[step_run.level + 1 :]]
    return bool(with_a_device(session, later))


def with_a_device(session: Session, people: Collection[str]) -> set[str]:
    """Of these people, those with a subscription that no push service has refused for good."""
    known: AtHand | None = session.info.get(_AT_HAND)
    if known is not None and known.people.issuperset(people):
        return known.with_a_device.intersection(people)
    query = select(PushSubscription.person_id).where(
        PushSubscription.person_id.in_(people), PushSubscription.last_error.is_(None)
    )
    return set(session.scalars(query))


@dataclass(frozen=True, slots=True)
class Heard:
    """When a person's device was last heard from, and what that device is called."""

    at: datetime
    device: str


def dark(session: Session, person_id: str, since: datetime) -> Heard | None:
    """Return when a device of the person was last heard from, unless one was since that time.

    None, too, for who has no device at all. A device is whose who used it last.
    """
    heard = last_heard_from(session, {person_id}).get(person_id)
    return heard if heard is not None and heard.at < since else None


def last_heard_from(session: Session, people: Collection[str]) -> dict[str, Heard]:
    """Return for each of these people who has a device which was last heard from, and when."""
    known: AtHand | None = session.info.get(_AT_HAND)
    if known is not None and known.people.issuperset(people):
        return known.heard_from
    query = (
        select(Person.id, Person.name, Device.last_seen_at, Device.id, Device.kind, Device.name)
        .join(Device, Device.person_id == Person.id)
        .where(Device.person_id.in_(people), Device.revoked_at.is_(None))
        .order_by(Device.last_seen_at, Device.id)
    )
    found = session.execute(query)
    return {
        who: Heard(at, called(person, device_id, kind, name))
        for who, person, at, device_id, kind, name in found
    }


@dataclass(frozen=True, slots=True)
class AtHand:
    """What was asked once for many looks."""

    tellings: dict[str, Telling]
    people: set[str]
    with_a_device: set[str]
    heard_from: dict[str, Heard]


@contextmanager
def at_hand(
    session: Session, people: Collection[str], step_runs: Iterable[StepRun]
) -> Iterator[None]:
    """Ask once for these people's devices, and for how far these steps' messages came."""
    standing = [handoff for step_run in step_runs for handoff in step_run.handoffs]
    known = AtHand(
        tellings=_tellings(session, standing),
        people=set(people),
        with_a_device=with_a_device(session, people),
        heard_from=last_heard_from(session, people),
    )
    session.info[_AT_HAND] = known
    try:
        yield
    finally:
        del session.info[_AT_HAND]
