"""Signing a device off, as when it is lost, letting it in again, and giving it up for good."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp.models import Device, Event, Person, PushSubscription, SignIn
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import people, record

LONGEST_REASON = 500


def sign_off(session: Session, actor: Person, device: Device, now: datetime) -> None:
    """End every session on the device, and tell it nothing more.

    What it captured before still counts; what it captures from now on is held with its proof.
    """
    if device.revoked_at is not None:
        return
    device.revoked_at = now
    session.execute(
        delete(PushSubscription).where(
            PushSubscription.org_id == device.org_id, PushSubscription.device_id == device.id
        )
    )
    members = select(Person.id).where(Person.org_id == device.org_id)
    session.execute(
        update(SignIn)
        .where(
            SignIn.device_id == device.id,
            SignIn.ended_at.is_(None),
            SignIn.person_id.in_(members),
        )
        .values(ended_at=now)
    )
    _note(session, actor, device, "device.signed_off", now)


def let_in_again(session: Session, actor: Person, device: Device, now: datetime) -> None:
    """Undo the signing off: what it captures from now on counts; its people sign in anew.

    Raises "not_allowed" for who may not.
    """
    if device.revoked_at is None:
        return
    if not may_let_in_again(session, actor, device):
        raise Problem("not_allowed")
    device.revoked_at = None
    _note(session, actor, device, "device.let_in_again", now)


def gone(session: Session, actor: Person, device: Device, why: str, now: datetime) -> None:
    """Note that the device is gone for good, and why: what waits on it is waited for no more.

    It is signed off with that. Raises "not_allowed" for who does not look after its person, and
    "reason_missing".
    """
    if not may_give_up(session, actor, device):
        raise Problem("not_allowed")
    reason = " ".join(why.split())[:LONGEST_REASON]
    if not reason:
        raise Problem("reason_missing", N_("Say what became of the device."))
    if device.gone_at is not None:
        return
    sign_off(session, actor, device, now)
    device.gone_at, device.gone_why = now, reason
    facts = {"why": reason, "waiting": device.waiting, "steps": list(device.waiting_steps)}
    _note(session, actor, device, "device.gone", now, facts)


def not_gone(session: Session, actor: Person, device: Device, now: datetime) -> None:
    """Undo `gone`; the device stays signed off. Raises "not_allowed"."""
    if not may_give_up(session, actor, device):
        raise Problem("not_allowed")
    if device.gone_at is None:
        return
    device.gone_at = device.gone_why = None
    _note(session, actor, device, "device.not_gone", now)


def may_give_up(session: Session, actor: Person, device: Device) -> bool:
    """Whether it is for them: they look after its person, whose work may be lost with it."""
    return people.may_look_after(actor, session.get_one(Person, device.person_id))


def losses_seen(session: Session, actor: Person, device: Device, now: datetime) -> None:
    """Note that somebody has seen what the device lost; it is shown no more.

    Raises "not_allowed" for who may not.
    """
    if not may_note_losses(session, actor, device):
        raise Problem("not_allowed")
    if all(loss["seen_at"] for loss in device.losses):
        return
    device.losses = [
        loss | {"seen_at": loss["seen_at"] or now.isoformat()} for loss in device.losses
    ]
    _note(session, actor, device, "device.loss_seen", now)


def may_let_in_again(session: Session, actor: Person, device: Device) -> bool:
    """Whether it is for them: they look after its person, or signed their own off themselves."""
    if people.may_look_after(actor, session.get_one(Person, device.person_id)):
        return True
    return actor.id == device.person_id and actor.id == _signed_off_by(session, device)


def may_note_losses(session: Session, actor: Person, device: Device) -> bool:
    """Whether it is for them: who lost work does not take that off the page of their manager."""
    return people.may_look_after(actor, session.get_one(Person, device.person_id))


def _signed_off_by(session: Session, device: Device) -> str | None:
    """The id of the person who signed it off last; None when the record does not say."""
    told = select(Event.actor).where(
        Event.org_id == device.org_id,
        Event.subject == device.id,
        Event.kind == "device.signed_off",
    )
    return session.scalars(told.order_by(Event.seq.desc()).limit(1)).one_or_none()


def _note(
    session: Session,
    actor: Person,
    device: Device,
    kind: str,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    payload = {"person": device.person_id} | (facts or {})
    record.note(session, device.org_id, now, kind, actor.id, device.id, payload)
