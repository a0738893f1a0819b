"""Turns at kiosks: who says that it is them, and whether their PIN bears it out, once.

A PIN is hashed outside any transaction, so a turn goes through two steps with a commit between
them: `begin` counts the try and keeps the turn, `settle` says what came of it.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Kiosk, Person, Turn
from webapp.problems import Problem
from webapp.rules.turn import covers
from webapp.services import kiosk_people, passwords, pin_tries, record


@dataclass(frozen=True, slots=True)
class Brought:
    """A turn as a kiosk tells of it; `started_at` is by its own clock, `sealed` its sealed PIN."""

    id: str
    person_id: str
    started_at: datetime
    sealed: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What is needed to verify a turn apart from the database: who, and the hash of their PIN."""

    turn_id: str
    person_id: str
    pin_hash: str | None

    def is_borne_out(self, person_id: str, turn_id: str, pin: str) -> bool:
        """Whether what was sealed is of this turn and person, and the PIN is theirs; slow."""
        is_of_it = (person_id, turn_id) == (self.person_id, self.turn_id)
        return passwords.matches(self.pin_hash if is_of_it else None, pin)


def check(session: Session, kiosk: Kiosk, turn_id: str, person_id: str, now: datetime) -> None:
    """Raise why nobody looks at this PIN, where somebody waits for the answer and tries again.

    "not_found", "pin_missing", "kiosk_locked", or "pin_locked" with `until`; nothing is kept.
    """
    person = session.get(Person, person_id)
    if person is None or not kiosk_people.includes(session, kiosk, person, now):
        raise Problem("not_found")
    if find(session, kiosk, turn_id) is not None:
        return
    standing = pin_tries.standing(session, kiosk, person, now)
    if standing.is_kiosk_locked:
        raise Problem("kiosk_locked")
    if standing.until is not None:
        raise Problem("pin_locked", until=standing.until.isoformat())
    if person.pin_hash is None:
        raise Problem("pin_missing")


def begin(session: Session, kiosk: Kiosk, brought: Brought, now: datetime) -> Turn:
    """Return the turn, kept now if it is new; its try is counted before anybody looks at it.

    A turn that may not be tried is refused at once, with the reason. Raises "not_found" for a
    person who is nobody here, "id_reused" for a turn that is known with something else in it.
    """
    pin_tries.lock(session, kiosk)
    known = session.get(Turn, (kiosk.org_id, brought.id))
    if known is not None:
        return _same(kiosk, known, brought)
    person = session.get(Person, brought.person_id)
    if person is None or person.org_id != kiosk.org_id:
        raise Problem("not_found")
    turn = _new(kiosk, person, brought, now)
    session.add(turn)
    if reason := _against(session, kiosk, person, now):
        _refuse(session, turn, reason, now)
    else:
        pin_tries.count(session, kiosk, person, now)
    session.flush()
    return turn


def claim_of(turn: Turn) -> Claim:
    """Return what is needed to verify the turn once the transaction is over."""
    return Claim(turn.id, turn.person_id, turn.person.pin_hash)


def settle(session: Session, kiosk: Kiosk, turn_id: str, is_borne_out: bool, now: datetime) -> Turn:
    """Say for good whether the PIN was right; what another request said first stands."""
    pin_tries.lock(session, kiosk)
    turn = session.get_one(Turn, (kiosk.org_id, turn_id), populate_existing=True)
    if turn.is_settled:
        return turn
    if is_borne_out:
        turn.verified_at = now
        pin_tries.was_right(session, kiosk, turn.person, now)
    else:
        _refuse(session, turn, "pin_wrong", now)
    session.flush()
    return turn


def going_on(session: Session, kiosk: Kiosk, turn_id: str, at: datetime) -> Turn:
    """Return a turn whose PIN was right and which is not over; `at` is by the kiosk's own clock.

    Raises "turn_over".
    """
    turn = find(session, kiosk, turn_id)
    if turn is None or turn.verified_at is None or turn.person.deactivated_at is not None:
        raise Problem("turn_over")
    if not covers(turn.started_at, turn.last_at, at):
        raise Problem("turn_over")
    return turn


def find(session: Session, kiosk: Kiosk, turn_id: str) -> Turn | None:
    """Return a turn that was at this tablet, also under an earlier pairing of it."""
    turn = session.get(Turn, (kiosk.org_id, turn_id))
    return turn if turn is not None and _is_of(turn, kiosk) else None


def _same(kiosk: Kiosk, turn: Turn, brought: Brought) -> Turn:
    """The turn that is known; another seal would be another guess, so it counts as another turn."""
    is_same = turn.person_id == brought.person_id and turn.sealed_sha256 == _hash(brought.sealed)
    if not is_same or not _is_of(turn, kiosk):
        raise Problem("id_reused")
    return turn


def _is_of(turn: Turn, kiosk: Kiosk) -> bool:
    return turn.kiosk_id == kiosk.id or turn.kiosk.device_id == kiosk.device_id


def _new(kiosk: Kiosk, person: Person, brought: Brought, now: datetime) -> Turn:
    return Turn(
        org_id=kiosk.org_id,
        id=brought.id,
        kiosk=kiosk,
        person=person,
        started_at=brought.started_at,
        last_at=brought.started_at,
        received_at=now,
        sealed_sha256=_hash(brought.sealed),
    )


def _against(session: Session, kiosk: Kiosk, person: Person, now: datetime) -> str | None:
    if not kiosk_people.includes(session, kiosk, person, now):
        return "not_here"
    if pin_tries.standing(session, kiosk, person, now).is_locked:
        return "pin_locked"
    return None if person.pin_hash else "pin_missing"


def _refuse(session: Session, turn: Turn, reason: str, now: datetime) -> None:
    turn.refused_at, turn.refused_because = now, reason
    payload = {
        "kiosk": {"id": turn.kiosk.id, "name": turn.kiosk.name},
        "person": {"id": turn.person.id, "name": turn.person.name},
        "code": reason,
    }
    record.note(session, turn.org_id, now, "turn.refused", record.SYSTEM, turn.id, payload)


def _hash(sealed: str) -> str:
    return hashlib.sha256(sealed.encode(errors="replace")).hexdigest()
