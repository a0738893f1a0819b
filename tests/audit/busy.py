"""A day on which clock and worker run, and ways to spoil it behind their backs."""

from typing import Any

from sqlalchemy import select, text

from tests.day import Day, photo, photo_proof
from webapp import context
from webapp.extensions import db
from webapp.models import OutboxMessage, PushSubscription, Receipt, StepRun
from webapp.rules.sentences import Sentence
from webapp.services import audit, engine, reviews
from webapp.services.audit import Finding, Memory
from webapp.services.step_runs import last_taking
from worker.duties import tick

GUARDS = {
    "sqlite": ("DROP TRIGGER event_no_update", "DROP TRIGGER event_no_delete"),
    "postgresql": ("DROP TRIGGER event_no_change ON event",),
}


def look_over(memory: Memory | None = None) -> list[Finding]:
    """What an auditor on a connection of its own finds now."""
    with audit.snapshot(db.engine) as reading:
        return audit.audit(reading, context.now(), context.settings().blob_dir, memory)


def deliver(session, now, *, reached: bool = True) -> None:
    """What a worker does whose push service takes everything."""
    due = select(OutboxMessage).where(OutboxMessage.next_attempt_at <= now)
    for row in session.scalars(due.order_by(OutboxMessage.id)).all():
        row.attempts += 1
        devices = session.scalars(
            select(PushSubscription.device_id).where(PushSubscription.person_id == row.person_id)
        ).all()
        for device in devices:
            when = now if reached else None
            receipt = Receipt(message_id=row.id, device_id=device, accepted_at=now, reached_at=when)
            session.merge(receipt)
        row.outcome = "accepted" if devices else "no_device"
        row.next_attempt_at, row.settled_at, row.lease = None, now, None
    engine.state(session).worker_seen_at = now
    session.commit()


class Busy(Day):
    """People with phones; whenever time passes, clock and worker do their part."""

    reached = True

    def begin(self, *who: str) -> "Busy":
        """Gives these people phones, and lets clock and worker show themselves."""
        for name in who or ("ana", "ben", "fay", "olivia"):
            self.has_phone(name)
        self.later(seconds=6)
        return self

    def has_phone(self, who: str) -> None:
        """Subscribes a phone of this person's."""
        person = self.crew.people[who]
        self.session.add(
            PushSubscription(
                org_id=person.org_id,
                person_id=person.id,
                device_id=f"phone-of-{who}",
                endpoint=f"https://push.example.org/{person.id}",
                p256dh="p",
                auth="a",
                created_at=self.clock.now(),
            )
        )
        self.session.commit()

    def later(self, **by) -> None:
        now = self.clock.advance(**by)
        tick(self.session, now)
        deliver(self.session, now, reached=self.reached)

    def passes(self, minutes: int) -> None:
        """Lets time pass as it does, with a look every other minute."""
        for _ in range(minutes // 2):
            self.later(minutes=2)
        self.later(minutes=minutes % 2)

    def decides(self, step: StepRun, reason: str | None = None) -> None:
        """The owner approves, or sends back with a reason."""
        owner, now, seen = self.crew.olivia, self.clock.now(), step.proof.evidence_sha256
        if reason is None:
            reviews.approve(self.session, owner, step, seen, now)
        else:
            reviews.send_back(self.session, owner, step, seen, reason, now)
        self.session.commit()

    def gives_photo(self, who: str, colour: str, **more: Any) -> None:
        """Sends the words of a photo and then its bytes."""
        content = photo(colour)
        self.does(who, proof=photo_proof(content), **more)
        self.uploads(content)

    def found(self, memory: Memory | None = None) -> list[tuple[str, str]]:
        """Code and subject of everything the auditor finds."""
        self.session.commit()
        found = look_over(memory)
        spoken = [isinstance(each.sentence, Sentence) for each in found if each.organisation]
        assert all(spoken), "what an owner reads can be said in their language"
        return [(each.code, each.subject) for each in found]

    def taking(self):
        """The handoff by which the holder has the step."""
        return last_taking(self.step)

    def spoils(self, statement: str, **values: object) -> None:
        """Changes the database behind everybody's back, past its checks and references."""
        self.session.commit()
        if self.session.get_bind().dialect.name == "sqlite":
            self._past_sqlite(statement, values)
        else:
            self._past_postgresql(statement, values)
        self.session.expire_all()

    def _past_sqlite(self, statement: str, values: dict[str, object]) -> None:
        with db.engine.connect() as connection:
            connection.rollback()
            raw = connection.connection.driver_connection
            raw.execute("PRAGMA foreign_keys = OFF")
            raw.execute("PRAGMA ignore_check_constraints = ON")
            connection.execute(text(statement), values)
            connection.commit()
            connection.invalidate()

    def _past_postgresql(self, statement: str, values: dict[str, object]) -> None:
        words = statement.split()
        table = words[1] if words[0] == "UPDATE" else words[2]
        checks = text(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u')"
            " AND conrelid = CAST(:name AS regclass)"
        )
        with db.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in connection.scalars(checks, {"name": table}).all():
                connection.execute(text(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE'))
            connection.execute(text(statement), values)

    def unguards(self, *statements: str) -> None:
        """Takes away triggers or indexes that refuse a fault."""
        self.session.commit()
        with db.engine.begin() as connection:
            for statement in statements or GUARDS[connection.dialect.name]:
                connection.execute(text(statement))
