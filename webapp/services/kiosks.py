"""The kiosks of an organisation: how each fares, and what their owner can do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.models import Device, Kiosk, Person
from webapp.problems import Problem
from webapp.rules import dark, kiosk_silence, lockout
from webapp.rules.moment_words import local_date
from webapp.services import calendars, pin_tries, reach, record
from webapp.services.pairings import kiosk_name
from webapp.services.sign_in import sha256

# How long one that was signed off can still be let in again.
SHOWN_AFTERWARDS = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Health:
    """A kiosk with its device, as far as that was ever heard from, and what is wrong with it.

    `light` is what its device says of its work; `is_dark`: silent while the place is open.
    """

    kiosk: Kiosk
    device: Device | None
    light: dark.Light
    is_dark: bool
    is_locked: bool

    @property
    def heard_at(self) -> datetime:
        """When it was last heard from."""
        return self.device.last_seen_at if self.device else self.kiosk.paired_at

    @property
    def unseen_losses(self) -> list[dict[str, str]]:
        """What it lost and nobody has noted yet."""
        losses = self.device.losses if self.device else []
        return [loss for loss in losses if loss["seen_at"] is None]


def all_of(session: Session, person: Person, now: datetime) -> list[Health]:
    """Return the kiosks at this person's locations, by location and name, revoked ones last.

    A tablet that was paired again shows only as what it is now; one that was signed off, for 90
    days.
    """
    query = (
        select(Kiosk, Device)
        .outerjoin(Device, (Device.org_id == Kiosk.org_id) & (Device.id == Kiosk.device_id))
        .where(
            Kiosk.org_id == person.org_id,
            or_(Kiosk.revoked_at.is_(None), Kiosk.revoked_at > now - SHOWN_AFTERWARDS),
        )
        .order_by(Kiosk.revoked_at.is_not(None), Kiosk.paired_at.desc())
    )
    newest: dict[str, tuple[Kiosk, Device | None]] = {}
    for kiosk, device in session.execute(query):
        newest.setdefault(kiosk.device_id, (kiosk, device))
    found = [
        _health(kiosk, device, now)
        for kiosk, device in newest.values()
        if reach.manages(person, kiosk.location)
    ]
    return sorted(found, key=_order)


def _order(health: Health) -> tuple[bool, str, str]:
    kiosk = health.kiosk
    return kiosk.revoked_at is not None, kiosk.location.name, kiosk.name


def _health(kiosk: Kiosk, device: Device | None, now: datetime) -> Health:
    return Health(
        kiosk=kiosk,
        device=device,
        light=_light(kiosk, device, now),
        is_dark=kiosk.revoked_at is None and _is_dark(kiosk, device, now),
        is_locked=kiosk.revoked_at is None and pin_tries.is_kiosk_locked(kiosk, now),
    )


def _light(kiosk: Kiosk, device: Device | None, now: datetime) -> dark.Light:
    if device is None:
        return "signed_off" if kiosk.revoked_at else "unknown"
    facts = dark.DeviceFacts(
        heard_at=device.last_seen_at,
        waiting=device.waiting,
        oldest_at=device.oldest_at,
        has_said=device.reported_at is not None,
        is_newest=True,
        revoked_at=kiosk.revoked_at,
    )
    return dark.light(facts, now)


def _is_dark(kiosk: Kiosk, device: Device | None, now: datetime) -> bool:
    place = kiosk.location
    day = local_date(now, place.time_zone)
    return kiosk_silence.is_dark(
        device.last_seen_at if device else kiosk.paired_at,
        now,
        place.time_zone,
        place.opens,
        place.closes,
        is_open_today=not calendars.is_closed(place, day),
    )


def many_wrong(session: Session, person: Person, now: datetime) -> int | None:
    """Return how many PINs were wrong today when that is alarming; it is for owners."""
    if person.role != "owner":
        return None
    wrong = pin_tries.wrong_today(session, person.org_id, now)
    return wrong if wrong >= lockout.ALARM_PER_DAY else None


def of_token(session: Session, token: str) -> Kiosk:
    """Return the kiosk of this token, or raise "kiosk_unknown" or "kiosk_revoked"."""
    kiosk = session.scalar(select(Kiosk).where(Kiosk.token_hash == sha256(token)))
    if kiosk is None:
        raise Problem("kiosk_unknown")
    if kiosk.revoked_at is not None:
        raise Problem("kiosk_revoked")
    return kiosk


def of_device(session: Session, org_id: str, device_id: str) -> Kiosk | None:
    """Return the kiosk that this device is, or was last; None for one that never was."""
    query = select(Kiosk).where(Kiosk.org_id == org_id, Kiosk.device_id == device_id)
    return session.scalars(query.order_by(Kiosk.paired_at.desc()).limit(1)).one_or_none()


def find(session: Session, actor: Person, kiosk_id: str) -> Kiosk:
    """Return a kiosk at one of the actor's locations, locked for a change, or raise not_found."""
    query = select(Kiosk).where(Kiosk.id == kiosk_id, Kiosk.org_id == actor.org_id)
    query = query.with_for_update(of=Kiosk, key_share=True)
    kiosk = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if kiosk is None or not reach.manages(actor, kiosk.location):
        raise Problem("not_found")
    return kiosk


def rename(session: Session, actor: Person, kiosk: Kiosk, name: str, now: datetime) -> None:
    """Call it something else; raises "name_missing" or "not_valid" with the field `name`."""
    before, kiosk.name = kiosk.name, kiosk_name(name)
    if kiosk.name != before:
        _note(session, actor, kiosk, "kiosk.renamed", now, {"from": before})


def revoke(session: Session, actor: Person, kiosk: Kiosk, now: datetime) -> None:
    """End what the tablet may do here, at once; what it captured before still counts."""
    if kiosk.revoked_at is None:
        kiosk.revoked_at, kiosk.revoked_by_id = now, actor.id
        _set_device_revoked(session, kiosk, now)
        _note(session, actor, kiosk, "kiosk.revoked", now, {})


def let_in_again(session: Session, actor: Person, kiosk: Kiosk, now: datetime) -> None:
    """Undo the revoking, unless the tablet was paired anew meanwhile ("kiosk_replaced")."""
    if kiosk.revoked_at is None:
        return
    if _is_replaced(session, kiosk):
        raise Problem("kiosk_replaced")
    kiosk.revoked_at = kiosk.revoked_by_id = None
    _set_device_revoked(session, kiosk, None)
    _note(session, actor, kiosk, "kiosk.let_in_again", now, {})


def unlock(session: Session, actor: Person, kiosk: Kiosk, now: datetime) -> None:
    """Let it take PINs again, after too many were wrong."""
    pin_tries.unlock(session, kiosk)
    _note(session, actor, kiosk, "kiosk.unlocked", now, {})


def losses_seen(session: Session, actor: Person, kiosk: Kiosk, now: datetime) -> None:
    """Note that somebody has seen what the tablet lost; it is shown no more."""
    device = session.get(Device, (kiosk.org_id, kiosk.device_id), with_for_update=True)
    if device is None or all(loss["seen_at"] for loss in device.losses):
        return
    device.losses = [
        loss | {"seen_at": loss["seen_at"] or now.isoformat()} for loss in device.losses
    ]
    _note(session, actor, kiosk, "device.loss_seen", now, {"device": device.id})


def _is_replaced(session: Session, kiosk: Kiosk) -> bool:
    same: Sequence[str] = session.scalars(
        select(Kiosk.id).where(
            Kiosk.org_id == kiosk.org_id,
            Kiosk.device_id == kiosk.device_id,
            Kiosk.revoked_at.is_(None),
        )
    ).all()
    return bool(same)


def _set_device_revoked(session: Session, kiosk: Kiosk, at: datetime | None) -> None:
    device = session.get(Device, (kiosk.org_id, kiosk.device_id), with_for_update=True)
    if device is not None:
        device.revoked_at = at


def _note(
    session: Session, actor: Person, kiosk: Kiosk, kind: str, now: datetime, more: dict[str, str]
) -> None:
    payload = {"name": kiosk.name, "location": kiosk.location.name} | more
    record.note(session, kiosk.org_id, now, kind, actor.id, kiosk.id, payload)
