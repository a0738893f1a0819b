"""Counting wrong PINs, in the database and before anybody looks at one.

The kiosk's row is locked by whoever counts, so that many tries at once are counted one by one.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webapp.models import Kiosk, Person, PinTries
from webapp.rules import lockout
from webapp.rules.moment_words import earliest_today, local_date


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a PIN may be tried: `until` is when the person may again, None when not locked."""

    until: datetime | None
    is_kiosk_locked: bool

    @property
    def is_locked(self) -> bool:
        """Whether no PIN is looked at."""
        return self.is_kiosk_locked or self.until is not None


def lock(session: Session, kiosk: Kiosk) -> None:
    """Lock the kiosk's row and read it afresh."""
    session.refresh(kiosk, with_for_update={"of": Kiosk, "key_share": True})


def standing(session: Session, kiosk: Kiosk, person: Person, now: datetime) -> Standing:
    """Return whether this person's PIN may be tried at this kiosk."""
    tries = _tries(session.get(PinTries, (kiosk.id, person.id)))
    until = tries.locked_until if lockout.is_locked(tries, now) else None
    return Standing(until, lockout.is_kiosk_locked(_of_kiosk(kiosk), _today(kiosk, now)))


def left(session: Session, kiosk: Kiosk, person: Person) -> int:
    """Return how many more wrong ones in a row go without a wait."""
    return lockout.left(_tries(session.get(PinTries, (kiosk.id, person.id))))


def count(session: Session, kiosk: Kiosk, person: Person, now: datetime) -> None:
    """Count one that is taken for wrong. The caller holds the kiosk's lock."""
    row = session.get(PinTries, (kiosk.id, person.id))
    if row is None:
        row = PinTries(kiosk_id=kiosk.id, person_id=person.id, org_id=kiosk.org_id)
        session.add(row)
    today = _today(kiosk, now)
    _keep(row, lockout.counted(_tries(row), today, now))
    _keep_kiosk(kiosk, lockout.kiosk_counted(_of_kiosk(kiosk), today))
    session.flush()


def was_right(session: Session, kiosk: Kiosk, person: Person, now: datetime) -> None:
    """Take back the one counted last. The caller holds the kiosk's lock."""
    row = session.get_one(PinTries, (kiosk.id, person.id))
    today = _today(kiosk, now)
    _keep(row, lockout.was_right(_tries(row), today))
    _keep_kiosk(kiosk, lockout.kiosk_was_right(_of_kiosk(kiosk), today))


def is_kiosk_locked(kiosk: Kiosk, now: datetime) -> bool:
    """Whether the kiosk takes no PIN until somebody unlocks it, or until its next local day."""
    return lockout.is_kiosk_locked(_of_kiosk(kiosk), _today(kiosk, now))


def unlock(session: Session, kiosk: Kiosk) -> None:
    """Let the kiosk take PINs again at once, of everybody; what was wrong today stays counted."""
    kiosk.wrong = 0
    session.execute(
        update(PinTries).where(PinTries.kiosk_id == kiosk.id).values(wrong=0, locked_until=None)
    )


def forget_waits(session: Session, person: Person) -> None:
    """End the person's waits at all kiosks, as with a new PIN."""
    session.execute(
        update(PinTries).where(PinTries.person_id == person.id).values(wrong=0, locked_until=None)
    )


def wrong_today(session: Session, org_id: str, now: datetime) -> int:
    """Return how many PINs were wrong in the organisation on the day that it is there."""
    query = select(func.sum(PinTries.wrong_today)).where(
        PinTries.org_id == org_id, PinTries.day >= earliest_today(now)
    )
    return session.scalar(query) or 0


def _today(kiosk: Kiosk, now: datetime) -> date:
    return local_date(now, kiosk.location.time_zone)


def _tries(row: PinTries | None) -> lockout.Tries:
    if row is None:
        return lockout.Tries()
    return lockout.Tries(row.wrong or 0, row.locked_until, row.day, row.wrong_today or 0)


def _of_kiosk(kiosk: Kiosk) -> lockout.KioskTries:
    return lockout.KioskTries(kiosk.wrong_day, kiosk.wrong)


def _keep(row: PinTries, tries: lockout.Tries) -> None:
    row.wrong, row.locked_until = tries.wrong, tries.locked_until
    row.day, row.wrong_today = tries.day, tries.wrong_today


def _keep_kiosk(kiosk: Kiosk, tries: lockout.KioskTries) -> None:
    kiosk.wrong_day, kiosk.wrong = tries.day, tries.wrong
