"""Clock and worker as a machine handles them: two at once, killed, away, refused."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import select

from tests.audit.busy import Busy
from webapp import failpoint
from webapp.extensions import db
from webapp.models import OutboxMessage, PushSubscription, Receipt, new_id
from webapp.services import engine
from worker.duties import tick


class Killed(BaseException):
    """The process is gone: no handler of the product may see this."""


class Machinery(Busy):
    """What clock and worker can do, and what can befall them."""

    works = "reached"

    def later(self, **by) -> None:
        now = self.clock.advance(**by)
        self.ticks(now)
        self.delivers(now)

    def ticks(self, now) -> None:
        tick(self.session, now)
        self.session.commit()

    def ticks_twice_at_once(self) -> None:
        """Two clocks in two threads, each with a connection of its own."""
        self.session.commit()
        app, now = current_app._get_current_object(), self.clock.now()
        failures: list[BaseException] = []

        def run() -> None:
            with app.app_context():
                try:
                    tick(db.session(), now)
                except BaseException as failure:
                    failures.append(failure)
                finally:
                    db.session.remove()

        threads = [threading.Thread(target=run) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures, failures
        self.session.expire_all()

    def dies_in_a_tick(self, point: str, after: timedelta) -> None:
        """A clock killed at a named point; the next one goes on."""
        now = self.clock.advance(seconds=after.total_seconds())
        with _killed_at(point), suppress(Killed):
            tick(self.session, now)
        self.session.rollback()
        self.session.expire_all()
        self.ticks(now)
        self.delivers(now)

    def delivers(self, now) -> None:
        """A worker whose push service does as `works` says."""
        due = select(OutboxMessage).where(OutboxMessage.next_attempt_at <= now)
        for row in self.session.scalars(due.order_by(OutboxMessage.id)).all():
            self._handles(row, now)
        engine.state(self.session).worker_seen_at = now
        self.session.commit()

    def _handles(self, row: OutboxMessage, now) -> None:
        row.attempts += 1
        if row.expires_at <= now:
            self._settle(row, "expired", now)
        elif self.works == "dies":
            row.lease, row.next_attempt_at = new_id(), now + timedelta(seconds=60)
        elif self.works == "retry":
            row.next_attempt_at, row.lease = now + timedelta(seconds=2 * row.attempts), None
        else:
            self._sends(row, now)

    def _sends(self, row: OutboxMessage, now) -> None:
        query = select(PushSubscription).where(PushSubscription.person_id == row.person_id)
        devices = self.session.scalars(query).all()
        if self.works == "gone":
            for device in devices:
                self.session.delete(device)
            self._settle(row, "no_device", now)
            return
        if self.works == "refused" and devices:
            for device in devices:
                device.last_error = "401"
            self._settle(row, "refused", now)
            return
        reached_at = now if self.works == "reached" else None
        for device in devices:
            key = {"message_id": row.id, "device_id": device.device_id}
            self.session.merge(Receipt(**key, accepted_at=now, reached_at=reached_at))
        self._settle(row, "accepted" if devices else "no_device", now)

    def _settle(self, row: OutboxMessage, outcome: str, now) -> None:
        row.outcome, row.settled_at = outcome, now
        row.next_attempt_at, row.lease = None, None

    def loses_its_leases(self) -> None:
        """A worker that died held everything that waits."""
        now = self.clock.now()
        waiting = select(OutboxMessage).where(OutboxMessage.next_attempt_at.is_not(None))
        for row in self.session.scalars(waiting).all():
            row.lease, row.next_attempt_at = new_id(), now + timedelta(seconds=60)
        self.session.commit()


@contextmanager
def _killed_at(point: str) -> Iterator[None]:
    """Whoever reaches the point is gone."""
    before: Callable[[int], Any] = failpoint.os._exit

    def die(_code: int) -> None:
        raise Killed

    os.environ["BATON_FAILPOINT"] = point
    failpoint.os._exit = die
    try:
        yield
    finally:
        failpoint.os._exit = before
        del os.environ["BATON_FAILPOINT"]
