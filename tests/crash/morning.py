"""A Monday morning on real processes: one step that nobody does, and what came of it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import crew_of_a_daycare, process, proof
from tests.push_service import RemotePushService, Subscription
from tests.stack import Stack, until
from webapp import context, create_app
from webapp.clock import SharedTestClock
from webapp.extensions import db
from webapp.models import Event, Handoff, OutboxMessage, Run, StepRun
from webapp.rules.record import Verified
from webapp.services import record, subscriptions
from worker.duties import tick

KILLED = 137
# Ana misses the step; this is when it comes to the others.
DUE = {
    "ben": datetime(2026, 11, 23, 13, 20, tzinfo=UTC),
    "fay": datetime(2026, 11, 23, 13, 40, tzinfo=UTC),
    "olivia": datetime(2026, 11, 23, 14, 10, tzinfo=UTC),
}


class Morning:
    """The organisation behind a stack, made and looked at from this process."""

    def __init__(self, stack: Stack, pushes: RemotePushService) -> None:
        self.stack, self.pushes = stack, pushes
        self._app = create_app(stack.settings)
        with self._inside() as session:
            now = context.now()
            crew = crew_of_a_daycare(session, now)
            process(session, crew, now, steps=(("Front room", proof("note")),))
            self.org_id = crew.org_id
            self.phones = {who: self._phone(session, crew.people[who], now) for who in DUE}
            session.commit()

    @contextmanager
    def _inside(self) -> Iterator[Session]:
        with self._app.app_context():
            yield db.session()
            db.session.remove()
            db.engine.dispose()

    def _phone(self, session: Session, person: Any, now: datetime) -> Subscription:
        taken = self.pushes.subscribe()
        subscriptions.subscribe(
            session,
            person,
            f"phone-of-{person.name}",
            taken.endpoint,
            taken.p256dh,
            taken.auth,
            now,
            insecure=True,
        )
        return taken

    def advance(self, **by: float) -> None:
        """Moves the clock of every process."""
        with self._inside():
            self._clock().advance(timedelta(**by))

    def comes_due_for(self, who: str) -> None:
        """Moves the clock of every process to when the step comes to this person."""
        with self._inside():
            self._clock().set(DUE[who])

    def _clock(self) -> SharedTestClock:
        clock = context.clock()
        assert isinstance(clock, SharedTestClock)
        return clock

    def opens(self) -> None:
        """Lets the run open, as a clock would that nobody harms; a running one may be faster."""
        self.advance(hours=1)
        with self._inside() as session:
            tick(session, context.now())
        first = select(Run.state).order_by(Run.deadline_at)
        until(lambda: self._one(first) == "open", "the run opens")

    def level(self) -> int:
        """The level that the step stands at."""
        return int(self._one(select(StepRun.level).join(Run).order_by(Run.deadline_at)))

    def _one(self, query: Any) -> Any:
        with self.stack.database() as session:
            return session.scalars(query.limit(1)).one_or_none()

    def reaches_level(self, level: int) -> None:
        """Waits until the step has moved there."""
        until(lambda: self.level() == level, f"the step reaches level {level}")

    def tells(self, who: str, times: int = 1) -> None:
        """Waits until this person's phone has got so many pushes, and the outbox knows."""
        until(lambda: self._got(who) >= times, f"{who} is told {times} times")
        waiting = select(OutboxMessage.id).where(OutboxMessage.next_attempt_at.is_not(None))
        until(lambda: self._one(waiting) is None, "every message is settled")

    def _got(self, who: str) -> int:
        token = self.phones[who].token
        return sum(
            each.accepted and each.subscription == token for each in self.pushes.ledger.messages()
        )

    def goes_on(self, after: str) -> None:
        """Lets the rest of the chain pass in peace, each person told before the next is due."""
        names = list(DUE)
        for who in names[names.index(after) + 1 :]:
            self.comes_due_for(who)
            self.tells(who)

    def nothing_was_lost_or_doubled(self, sent_again: int = 0) -> None:
        """Every level once in the handoffs, the record and the outbox; each message told."""
        with self._inside() as session:
            moves = select(Handoff.level).order_by(Handoff.at, Handoff.level)
            assert list(session.scalars(moves)) == [1, 2, 3]
            noted = select(Event.payload).where(Event.kind == "step.handed_on").order_by(Event.seq)
            assert [payload["level"] for payload in session.scalars(noted)] == [1, 2, 3]
            rows = list(session.scalars(select(OutboxMessage).order_by(OutboxMessage.level)))
            assert [(row.level, row.outcome) for row in rows] == [
                (level, "accepted") for level in (1, 2, 3)
            ]
            assert isinstance(record.verify(session, self.org_id), Verified)
            ids = {row.id for row in rows}
        came = Counter(each.payload["id"] for each in self.pushes.ledger.messages())
        assert set(came) == ids
        assert max(came.values()) <= 2
        assert sum(came.values()) == len(ids) + sent_again
