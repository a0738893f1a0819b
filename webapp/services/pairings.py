"""Pairing a tablet: it shows a code, somebody who is signed in confirms it, it asks until then.

After RFC 8628 (device authorization): the code is for people, the secret with which the tablet
asks is its own, and each of the two works once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import CodeTries, Device, Kiosk, Location, Pairing, Person
from webapp.problems import Problem
from webapp.rules import pairing_code, sequence
from webapp.rules.sentences import say
from webapp.services import reach, record
from webapp.services.names import clean_name
from webapp.services.sign_in import sha256

LONGEST_NAME = 60
MOST_WRONG_CODES = 30
KEPT_AFTERWARDS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Begun:
    """What the tablet is told, and nobody else: its code to show, its secret to ask with."""

    code: str
    poll: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """A tablet that was just paired, and the token that is given to it once."""

    kiosk: Kiosk
    token: str


def begin(session: Session, device_id: str, now: datetime) -> Begun:
    """Begin a pairing for the browser with this device id; it ends in ten minutes."""
    session.execute(delete(Pairing).where(Pairing.expires_at < now - KEPT_AFTERWARDS))
    begun = Begun(pairing_code.fresh(), secrets.token_urlsafe(32), now + pairing_code.LIVES_FOR)
    pairing = Pairing(
        code_hash=sha256(begun.code),
        poll_hash=sha256(begun.poll),
        device_id=device_id,
        created_at=now,
        expires_at=begun.expires_at,
    )
    session.add(pairing)
    session.flush()
    return begun


def count_code(session: Session, actor: Person, now: datetime) -> None:
    """Count a typed code as wrong before it is looked up; the caller commits that at once.

    Raises "too_many_codes" after 30 wrong ones on a date (UTC).
    """
    row = session.get(CodeTries, actor.id, with_for_update=True)
    if row is None:
        row = CodeTries(person_id=actor.id, day=now.date(), wrong=0)
        session.add(row)
    if row.day != now.date():
        row.day, row.wrong = now.date(), 0
    if row.wrong >= MOST_WRONG_CODES:
        raise Problem("too_many_codes")
    row.wrong += 1
    session.flush()


def approve(
    session: Session, actor: Person, typed: str, location: Location, name: str, now: datetime
) -> Pairing:
    """Confirm the tablet that shows this code: it becomes a kiosk of the location.

    Raises "code_unknown" with the field `code`; "not_allowed" for a location that is not the
    actor's to manage; "name_missing" or "not_valid" with the field `name`.
    """
    reach.check(actor, [location])
    kept = kiosk_name(name)
    pairing = _waiting(session, typed, now)
    tries = session.get(CodeTries, actor.id)
    if tries is not None:
        tries.wrong = max(tries.wrong - 1, 0)
    pairing.org_id, pairing.location_id, pairing.name = actor.org_id, location.id, kept
    pairing.approved_by_id, pairing.approved_at = actor.id, now
    session.flush()
    return pairing


def faults(session: Session, typed: str, name: str, now: datetime) -> dict[str, str]:
    """Return what is wrong with the code and the name, by field; the code was counted before."""
    found: dict[str, str] = {}
    for check in (lambda: _waiting(session, typed, now), lambda: kiosk_name(name)):
        try:
            check()
        except Problem as problem:
            found |= problem.fields
    return found


def _waiting(session: Session, typed: str, now: datetime) -> Pairing:
    code = pairing_code.read(typed)
    query = select(Pairing).where(
        Pairing.code_hash == sha256(code or ""),
        Pairing.expires_at > now,
        Pairing.approved_at.is_(None),
    )
    pairing = session.scalars(query.with_for_update()).one_or_none()
    if pairing is None:
        problem = Problem("code_unknown")
        raise Problem("code_unknown", fields={"code": problem.title})
    return pairing


def ask(session: Session, poll: str, now: datetime) -> Paired | None:
    """Return the kiosk once it is confirmed, for the only time; None while it is not.

    Raises "pairing_over" for a secret that was used, has expired, or is none.
    """
    query = select(Pairing).where(
        Pairing.poll_hash == sha256(poll), Pairing.used_at.is_(None), Pairing.expires_at > now
    )
    pairing = session.scalars(query.with_for_update()).one_or_none()
    if pairing is None:
        raise Problem("pairing_over")
    if pairing.approved_at is None:
        return None
    pairing.used_at = now
    return _pair(session, pairing, now)


def _pair(session: Session, pairing: Pairing, now: datetime) -> Paired:
    location = session.get_one(Location, pairing.location_id)
    actor = session.get_one(Person, pairing.approved_by_id)
    _end_earlier(session, actor, pairing.device_id, now)
    token = secrets.token_urlsafe(32)
    kiosk = Kiosk(
        org_id=location.org_id,
        location=location,
        name=str(pairing.name),
        device_id=pairing.device_id,
        token_hash=sha256(token),
        paired_by_id=actor.id,
        paired_at=now,
    )
    session.add(kiosk)
    device_of(session, kiosk, now).revoked_at = None
    session.flush()
    payload = {"name": kiosk.name, "location": location.name, "device": kiosk.device_id}
    record.note(session, kiosk.org_id, now, "kiosk.paired", actor.id, kiosk.id, payload)
    return Paired(kiosk, token)


def _end_earlier(session: Session, actor: Person, device_id: str, now: datetime) -> None:
    """A tablet is one kiosk at a time: pairing it anew ends what it was."""
    query = select(Kiosk).where(
        Kiosk.org_id == actor.org_id, Kiosk.device_id == device_id, Kiosk.revoked_at.is_(None)
    )
    for kiosk in session.scalars(query):
        kiosk.revoked_at, kiosk.revoked_by_id = now, actor.id
        payload = {"name": kiosk.name}
        record.note(session, actor.org_id, now, "kiosk.revoked", actor.id, kiosk.id, payload)


def device_of(session: Session, kiosk: Kiosk, now: datetime) -> Device:
    """Return the device that the kiosk is, heard from now: nobody's in particular."""
    device = session.get(Device, (kiosk.org_id, kiosk.device_id))
    if device is None:
        device = Device(org_id=kiosk.org_id, id=kiosk.device_id, created_at=now)
        device.numbers = sequence.to_json(sequence.Book())
        session.add(device)
    device.person_id, device.last_seen_at = None, now
    return device


def kiosk_name(name: str) -> str:
    """Return the name as it is kept, or raise "name_missing" or "not_valid" at `name`."""
    kept = clean_name(name)
    if len(kept) > LONGEST_NAME:
        words = say("Use a name of at most %(most)s characters.", most=LONGEST_NAME)
        raise Problem("not_valid", fields={"name": words})
    return kept
