"""Keeps what this worker has in hand: leases are short, and renewed while the worker lives.

It does so on a thread and a connection of its own, so that no slow send or long transaction of
the delivery lets a lease lapse. A worker that was frozen finds its leases over, by the clock of
the machine, and begins nothing under them any more.
"""

import time
from collections import Counter
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Self

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from webapp.clock import Clock
from worker import outbox

log = structlog.get_logger()

# Real seconds: four renewals to a lease.
KEEP_EVERY = outbox.LEASE.total_seconds() / 4


class Keeper:
    """Renews leases from `hold` to `let_go`, as long as it is entered."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._held: Counter[str] = Counter()
        self._until: dict[str, float] = {}
        self._lock = Lock()
        self._over = Event()
        self._thread = Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def hold(self, lease: str, parcels: int, since: float) -> None:
        """Keep a lease that was taken at `since` (monotonic seconds) until so many have ended."""
        with self._lock:
            self._held[lease] += parcels
            self._until[lease] = since + outbox.LEASE.total_seconds()

    def let_go(self, lease: str) -> bool:
        """One parcel of this lease has ended; False when it is of an earlier job that broke off."""
        with self._lock:
            if lease not in self._held:
                return False
            self._held[lease] -= 1
            if not self._held[lease]:
                del self._held[lease], self._until[lease]
            return True

    def held(self) -> list[str]:
        """The leases in hand."""
        with self._lock:
            return list(self._held)

    def lasts_until(self, lease: str) -> float:
        """Until when (monotonic seconds) nobody else takes what is leased under this token."""
        with self._lock:
            return self._until.get(lease, 0.0)

    def keep(self) -> None:
        """Renew every lease in hand; one that cannot be renewed runs out."""
        began, leases = time.monotonic(), self.held()
        if not leases:
            return
        try:
            with self._engine.begin() as connection:
                outbox.renew(connection, leases, self._clock.now())
        except SQLAlchemyError as error:
            log.warning("leases could not be renewed", error=str(error))
            return
        with self._lock:
            for lease in self._held.keys() & set(leases):
                self._until[lease] = began + outbox.LEASE.total_seconds()

    def _keep(self) -> None:
        while not self._over.wait(KEEP_EVERY):
            self.keep()
