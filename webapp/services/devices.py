"""Devices as the server knows them: what they say of themselves, and what they lost."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from webapp.models import Device, Kiosk, Person
from webapp.rules import sequence
from webapp.rules.sequence import Book, Loss
from webapp.services import commands, pairings, record


@dataclass(frozen=True, slots=True)
class State:
    """What a device says of itself. `oldest` is by its own clock; `seqs` are what it holds.

    `steps` are the step runs that it holds work of; apps of before 23 November do not say.
    """

    waiting: int
    bytes: int
    oldest: datetime | None
    seqs: Sequence[int]
    steps: Sequence[str] = ()
    persisted: bool | None = None
    free_bytes: int | None = None
    version: str | None = None


def heard_from(
    session: Session,
    person: Person,
    device_id: str,
    state: State | None,
    arrived: Mapping[int, datetime],
    now: datetime,
) -> Device:
    """Note that the device was here, which numbers arrived, and what it says of itself.

    `arrived` are the sequence numbers of the commands in hand, whatever their receipts, by the
    time of their capture. Older apps say nothing of themselves: `state` is None.
    """
    device = commands.known_device(session, person, device_id, now)
    return _heard(session, device, person.id, state, arrived, now)


def kiosk_heard_from(
    session: Session,
    kiosk: Kiosk,
    state: State | None,
    arrived: Mapping[int, datetime],
    now: datetime,
) -> Device:
    """Note the same of a kiosk's device, which is nobody's in particular."""
    device = pairings.device_of(session, kiosk, now)
    return _heard(session, device, record.SYSTEM, state, arrived, now)


def _heard(
    session: Session,
    device: Device,
    actor_id: str,
    state: State | None,
    arrived: Mapping[int, datetime],
    now: datetime,
) -> Device:
    session.flush()
    session.refresh(device, with_for_update=True)
    _turned_up(session, actor_id, device, now)
    book = sequence.arrive(_book(device, state, arrived), arrived)
    if state is not None:
        _keep_state(device, state, now)
        book, loss = sequence.report(book, state.seqs, now)
        if loss is not None and not _is_shared_with_others(session, device):
            _note_loss(session, device, loss, now)
    device.numbers = sequence.to_json(book)
    return device


def answered(session: Session, person: Person, device_id: str, now: datetime) -> None:
    """Note that a device that is known here was heard from: it answered a message."""
    session.execute(
        update(Device)
        .where(Device.org_id == person.org_id, Device.id == device_id)
        .values(last_seen_at=now, person_id=person.id)
    )


def arrived_otherwise(device: Device, arrived: Collection[int]) -> None:
    """Note that these numbers of the device arrived by another way than from it.

    One far beyond what is known would move the book over all that is missing; it is passed over.
    When their work was done is not known for certain.
    """
    book = _book(device, None, {})
    near = [number for number in arrived if number <= book.accounted + sequence.WIDEST]
    device.numbers = sequence.to_json(sequence.arrive(book, dict.fromkeys(near)))


def _book(device: Device, state: State | None, arrived: Mapping[int, datetime]) -> Book:
    """The book, begun now for a device from before there were books: what is past stays past."""
    if device.numbers is not None:
        return sequence.from_json(device.numbers)
    known = [device.last_seq, *arrived, *(state.seqs if state else ())]
    return Book(accounted=max(known), highest=max(known))


def _turned_up(session: Session, actor_id: str, device: Device, now: datetime) -> None:
    """A device that was said to be gone for good and is heard from is not gone."""
    if device.gone_at is None:
        return
    device.gone_at = device.gone_why = None
    payload = {"person": device.person_id}
    record.note(session, device.org_id, now, "device.turned_up", actor_id, device.id, payload)


def _keep_state(device: Device, state: State, now: datetime) -> None:
    device.app_version = state.version
    device.waiting, device.waiting_bytes = state.waiting, state.bytes
    device.oldest_at = state.oldest if state.waiting else None
    device.waiting_steps = list(dict.fromkeys(state.steps)) if state.waiting else []
    device.persisted, device.free_bytes = state.persisted, state.free_bytes
    device.reported_at = now


def _is_shared_with_others(session: Session, device: Device) -> bool:
    """Whether another organisation uses it too: its numbers are missing here and not lost."""
    other = exists().where(Device.id == device.id, Device.org_id != device.org_id)
    return bool(session.scalar(select(other)))


def _note_loss(session: Session, device: Device, loss: Loss, now: datetime) -> None:
    told = {
        "count": loss.count,
        "after": loss.after.isoformat() if loss.after else None,
        "before": loss.before.isoformat(),
    }
    device.losses = [*device.losses, told | {"at": now.isoformat(), "seen_at": None}]
    payload: dict[str, Any] = told | {"person": device.person_id}
    record.note(session, device.org_id, now, "device.lost", record.SYSTEM, device.id, payload)
