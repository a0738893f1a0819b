"""What channels behind push share: which rows they still have to tell, and threads that send."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import Generic, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person
from worker import outbox, standing
from worker.outbox import Row, Verdict
from worker.parcels import Parcel
from worker.push.channel import MARGIN, LastsUntil, Tell
from worker.push.outcome import Outcome

log = structlog.get_logger()

# Real seconds that a parcel waits for its turn. What waits longer is put off, so that a slow
# server has only a few in hand at any time.
TURN_WITHIN = 10.0

Kind = TypeVar("Kind", bound=Parcel)
Told = dict[str, Person]


def still_to_tell(
    session: Session, rows: Sequence[Row], now: datetime
) -> tuple[list[Row], list[Verdict]]:
    """Return the rows that still matter, by id, and the end of the others.

    What expires keeps why it could not be sent before.
    """
    matters = standing.still_matters(session, rows)
    kept, verdicts = [], []
    for row in sorted(rows, key=lambda row: row.id):
        if row.expires_at <= now:
            verdicts.append(outbox.settled(row, "expired", _why_not_before(session, row)))
        elif matters(row):
            kept.append(row)
        else:
            verdicts.append(outbox.settled(row, "not_needed"))
    return kept, verdicts


def people_of(session: Session, rows: Sequence[Row]) -> Told:
    """Return the people of these rows who still work here, by id."""
    query = select(Person).where(
        Person.id.in_({row.person_id for row in rows}), Person.deactivated_at.is_(None)
    )
    return {person.id: person for person in session.scalars(query)}


def _why_not_before(session: Session, row: Row) -> str | None:
    query = select(OutboxMessage.last_error).where(OutboxMessage.id == row.id)
    return session.scalar(query) if row.attempts > 1 else None


class ByThread(Generic[Kind]):
    """Sends each parcel with `one`, in threads of its own; a parcel has one target.

    `idle` is called whenever nothing is left to send. A defect of ours in one message keeps no
    other from its reader.
    """

    def __init__(
        self,
        tell: Tell,
        at_once: int,
        one: Callable[[Kind], Outcome],
        idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._tell, self._one, self._idle = tell, one, idle
        self._pool = ThreadPoolExecutor(at_once)
        self._lock = Lock()
        self._left = 0

    def send(self, wrapped: list[Kind], lasts_until: LastsUntil) -> None:
        """Begin to send, without waiting."""
        with self._lock:
            self._left += len(wrapped)
        for parcel in wrapped:
            self._pool.submit(self._send, parcel, time.monotonic() + TURN_WITHIN, lasts_until)

    def close(self) -> None:
        """Wait for what is being sent."""
        self._pool.shutdown(cancel_futures=True)

    def _send(self, parcel: Kind, turn_until: float, lasts_until: LastsUntil) -> None:
        outcome = self._outcome(parcel, turn_until, lasts_until)
        with self._lock:
            self._left -= 1
            is_last = self._left == 0
        self._tell(parcel, [(parcel.targets[0], outcome)])
        if is_last:
            self._idle()

    def _outcome(self, parcel: Kind, turn_until: float, lasts_until: LastsUntil) -> Outcome:
        if time.monotonic() > lasts_until(parcel.lease) - MARGIN:
            return Outcome("lapsed")
        if time.monotonic() > turn_until:
            return Outcome("put_off", reason="stuck")
        try:
            return self._one(parcel)
        except Exception:
            log.exception("sending failed", message=parcel.rows[0].id)
            return Outcome("retry", reason="failed")
