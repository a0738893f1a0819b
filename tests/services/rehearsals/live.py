"""The live engine with nobody acting: every moment at which something is due, one by one.

Devices that have answered before take each push and acknowledge it at once; those that have not
take it and stay silent; what a push service refuses stays refused. Mail and chat take everything.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Person, PushSubscription, Run, StepRun
from webapp.services import receipts
from worker import outbox, standing
from worker.duties import tick

AT_ONCE = 5000


class Live:
    """Ticks and delivers until nothing more becomes of anything that was due before `until`."""

    def __init__(self, session: Session, clock: Any) -> None:
        self.session, self.clock = session, clock

    def run(self, until: datetime) -> None:
        """Goes from one moment to the next, each exactly when it is due."""
        self._now()
        while (due := self._next()) <= until:
            self.clock.advance(seconds=(due - self.clock.now()).total_seconds())
            self._now()

    def _now(self) -> None:
        now = self.clock.now()
        tick(self.session, now)
        self._deliver(now)
        while self._least(StepRun.escalate_at) <= now:
            tick(self.session, now)
            self._deliver(now)

    def _next(self) -> datetime:
        """The next moment that is known; at most a day on, since planning looks a week ahead."""
        opens = self._least(Run.opens_at, Run.state == "planned")
        later = self._least(StepRun.opens_at)
        moments = (opens, later, self._least(StepRun.escalate_at), self._least(Run.remind_at))
        tomorrow = self.clock.now() + timedelta(days=1)
        return min(*moments, self._least(OutboxMessage.next_attempt_at), tomorrow)

    def _least(self, column: Any, *conditions: Any) -> datetime:
        found = self.session.scalar(select(func.min(column)).where(*conditions))
        return found or self.clock.now() + timedelta(days=1)

    def _deliver(self, now: datetime) -> None:
        for channel in ("push", "email", "extra"):
            rows = outbox.lease(self.session, now, AT_ONCE, channel)
            matters = standing.still_matters(self.session, rows) if rows else None
            verdicts = [self._verdict(row, channel, matters(row), now) for row in rows]
            outbox.write(self.session, verdicts, now)
            self.session.commit()
            for row in rows:
                self._answers(row, now)

    def _verdict(
        self, row: outbox.Row, channel: str, matters: bool, now: datetime
    ) -> outbox.Verdict:
        if row.expires_at <= now or not matters:
            return outbox.settled(row, "expired" if row.expires_at <= now else "not_needed")
        if channel != "push":
            return outbox.settled(row, "accepted")
        devices = list(self._devices(row))
        if not devices:
            return outbox.settled(row, "no_device")
        took = tuple(each.device_id for each in devices if not each.last_error)
        return outbox.settled(row, "accepted" if took else "refused", accepted_by=took)

    def _answers(self, row: outbox.Row, now: datetime) -> None:
        person = self.session.get_one(Person, row.person_id)
        message = self.session.get_one(OutboxMessage, row.id, populate_existing=True)
        for device in self._devices(row):
            if message.outcome == "accepted" and device.confirmed_at and not device.last_error:
                receipts.acknowledge(self.session, person, row.id, device.device_id, "reached", now)
        self.session.commit()

    def _devices(self, row: outbox.Row) -> Iterator[PushSubscription]:
        if row.behind_id is None:
            query = select(PushSubscription).where(PushSubscription.person_id == row.person_id)
            yield from self.session.scalars(query)


Turn = tuple[datetime, int, str, str | None, tuple[Any, ...], tuple[Any, ...]]


def turns(session: Session, step: StepRun) -> list[Turn]:
    """Who had it: at, level, person, reason, who was passed over before, and what told them."""
    first = step.chain[0]["person"]
    passed: list[tuple[str, str]] = []
    found: list[Turn] = []
    if not _was_absent_from_the_start(step):
        found.append((step.open_since, 0, first, None, (), ()))
    else:
        passed.append((first, step.handoffs[0].reason))
    for each in step.handoffs:
        if each.passed_over:
            passed.append((each.to_id, each.passed_over))
        else:
            by = channels(session, f"handoff:{each.id}")
            found.append((each.at, each.level, each.to_id, each.reason, tuple(passed), by))
            passed = []
    return found


def _was_absent_from_the_start(step: StepRun) -> bool:
    gone = ("absent", "deactivated")
    return any(
        each.level == 1 and each.at == step.open_since and each.reason in gone
        for each in step.handoffs
    )


def reminded(session: Session, run: Run) -> tuple[datetime, str, tuple[str, ...]] | None:
    """Who was reminded of the run, when, and by which channels."""
    query = select(OutboxMessage).where(
        OutboxMessage.run_id == run.id,
        OutboxMessage.kind == "reminder",
        OutboxMessage.behind_id.is_(None),
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        return None
    return row.created_at, row.person_id, tuple(by for by, _ in channels(session, row.dedupe_key))


def channels(session: Session, dedupe_key: str) -> tuple[tuple[str, datetime], ...]:
    """By what a message came, and when: a push only where a device answered."""
    push = session.scalars(
        select(OutboxMessage).where(OutboxMessage.dedupe_key == dedupe_key)
    ).one()
    behind = session.scalars(
        select(OutboxMessage)
        .where(OutboxMessage.behind_id == push.id, OutboxMessage.outcome == "accepted")
        .order_by(OutboxMessage.channel)
    ).all()
    answered = receipts.devices_reached(session, push)
    first = [("push", push.settled_at)] if answered else []
    return (*first, *((each.channel, each.settled_at) for each in behind))
