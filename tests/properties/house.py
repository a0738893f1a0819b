"""The daycare as a machine handles it: everybody's acts, clock and worker, power cuts."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select, update

from tests.audit.busy import Busy, look_over
from tests.day import photo, photo_proof
from tests.factories import FRIDGE, process, proof
from webapp import failpoint
from webapp.extensions import db
from webapp.models import (
    Command,
    Event,
    Handoff,
    OutboxMessage,
    Process,
    Proof,
    PushSubscription,
    Receipt,
    Step,
    StepRun,
    new_id,
)
from webapp.problems import Problem
from webapp.services import (
    absences,
    definitions,
    engine,
    held,
    locations,
    people,
    places,
    receipts,
)
from webapp.services.audit import Memory
from webapp.services.definitions.draft import draft_of
from worker.duties import tick

STAFF = ("ana", "ben", "fay")
EVERYBODY = (*STAFF, "olivia")
POINTS = ("after_claim", "after_handoff", "after_outbox", "after_commit")
DONE = {
    "Front": None,
    "Fridge": {"kind": "number", "value": "38"},
    "Gate": {"kind": "note", "text": "Closed."},
}


class Killed(BaseException):
    """The process is gone: no handler of the product may see this."""


class House(Busy):
    """A daycare with two processes. Each method is one thing that can happen."""

    def __init__(self, session, clock, crew):
        self.session, self.clock, self.crew = session, clock, crew
        self.acknowledged: dict[str, tuple[str, str]] = {}
        self.levels: dict[str, tuple[int, int]] = {}
        self.memory = Memory()
        steps = (("Front", proof("photo")), ("Fridge", FRIDGE), ("Gate", proof("note")))
        process(session, crew, clock.now(), steps=steps, rrule="FREQ=DAILY", review="all")
        often = "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0"
        gate = (("Gate", proof("note")),)
        process(
            session,
            crew,
            clock.now(),
            name="Rounds",
            rrule=often,
            opens=None,
            steps=gate,
            review="none",
            grace=1,
            waits=(2, 3),
        )
        session.execute(update(Step).where(Step.title == "Gate").values(may_skip=True))
        session.commit()
        self.works = "reached"
        self.begin()

    # Time, clock and worker

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

    # People

    def steps(self, *states: str) -> list[StepRun]:
        """The step runs in these states, in a steady order."""
        self.session.commit()
        query = select(StepRun).where(StepRun.state.in_(states)).order_by(StepRun.id)
        return list(self.session.scalars(query).unique())

    def completes(self, who: str, step: StepRun, ago: timedelta, *, bytes_too: bool, shade: int):
        """Sends a proof, captured now or while the phone was in the dark."""
        now = self.clock.now()
        content = DONE[step.title] or photo_of(shade)[0]
        command = self.does(
            who,
            proof=content,
            step=step,
            attempt=step.attempt,
            captured_at=now - ago,
            sent_at=now,
        )
        self._remember(command)
        if DONE[step.title] is None and bytes_too:
            self.uploads(photo_of(shade)[1])

    def brings_the_bytes(self, shade: int) -> None:
        """A photo's bytes arrive, whether they were announced or not."""
        self.uploads(photo_of(shade)[1])

    def says_cannot(self, who: str, step: StepRun) -> None:
        command = self.does(
            who, "cannot_do", step=step, attempt=step.attempt, reason="My hands are full."
        )
        self._remember(command)

    def skips(self, who: str, step: StepRun) -> None:
        reason = "There is no gate today."
        self._remember(
            self.does(who, "not_applicable", step=step, attempt=step.attempt, reason=reason)
        )

    def decides_on_held(self, pick: int, use: bool) -> None:
        """The owner takes up what was set beside, or leaves it beside."""
        owner, now = self.crew.olivia, self.clock.now()
        waiting = held.waiting(self.session, owner)
        if not waiting:
            return
        chosen = waiting[pick % len(waiting)]
        with self._unless_refused():
            if use:
                held.use(self.session, owner, chosen, now)
            else:
                held.put_aside(self.session, owner, chosen, "It was too late.", now)

    def _remember(self, command: Command) -> None:
        self.acknowledged[command.id] = (command.status, command.content_sha256)

    def decides_on(self, step: StepRun, reason: str | None) -> None:
        with self._unless_refused():
            self.decides(step, reason)

    def falls_sick(self, who: str) -> None:
        person = self.crew.people[who]
        with self._unless_refused():
            absences.sick_today(self.session, person, person, self.clock.now())

    def goes_away(self, who: str, days: int) -> None:
        person, now = self.crew.people[who], self.clock.now()
        first = now.date() + timedelta(days=1)
        last = first + timedelta(days=days)
        with self._unless_refused():
            absences.declare(self.session, person, person, first, last, "Holiday", now)

    def comes_back(self, who: str) -> None:
        person, now = self.crew.people[who], self.clock.now()
        for absence in absences.of_person(self.session, person, now):
            with self._unless_refused():
                absences.end(self.session, person, absence, now)

    def leaves(self, who: str) -> None:
        with self._unless_refused():
            person = self.crew.people[who]
            people.deactivate(self.session, self.crew.olivia, person, self.clock.now())

    def reads(self, who: str) -> None:
        """Opens the page of what they hold."""
        person = self.crew.people[who]
        held = [step.id for step in self.steps("open") if step.holder_id == person.id]
        receipts.opened_page(self.session, person, held, f"phone-of-{who}", self.clock.now())
        self.session.commit()

    def gets_a_phone(self, who: str) -> None:
        person = self.crew.people[who]
        known = select(PushSubscription).where(PushSubscription.person_id == person.id)
        row = self.session.scalars(known).one_or_none()
        if row is not None:
            row.last_error = None
        elif person.deactivated_at is None:
            self.has_phone(who)
        self.session.commit()

    # The owner's edits

    def edits(self, name: str, **changes: Any) -> None:
        """Saves the process with these changes, on the owner's authority."""
        found = self.session.scalars(select(Process).where(Process.name == name)).one()
        draft = replace(draft_of(definitions.current_version(found)), **changes)
        with self._unless_refused():
            definitions.save(
                self.session, self.crew.olivia.id, self.crew.org_id, draft, self.clock.now(), found
            )

    def swaps_the_chain(self, name: str) -> None:
        """The first and the second of the chain change places."""
        found = self.session.scalars(select(Process).where(Process.name == name)).one()
        first, second, *rest = draft_of(definitions.current_version(found)).chain
        chain = (
            replace(first, person_id=second.person_id),
            replace(second, person_id=first.person_id),
            *rest,
        )
        self.edits(name, chain=chain)

    def moves_the_deadline(self, name: str, minutes: int) -> None:
        self.edits(name, deadline=time(7 + minutes // 60, minutes % 60))

    def edits_the_place(self, **changes: Any) -> None:
        place = replace(places.present(self.crew.location), **changes)
        with self._unless_refused():
            locations.edit(self.session, self.crew.location, place, self.clock.now())

    @contextmanager
    def _unless_refused(self) -> Iterator[None]:
        """Commits; what the product refuses with a sentence changes nothing."""
        try:
            yield
            self.session.commit()
        except Problem:
            self.session.rollback()

    # What must hold after each of them

    def check(self, whole: bool) -> None:
        """The auditor finds nothing, and what was promised stands."""
        self.session.commit()
        found = look_over(None if whole else self.memory)
        assert not found, found
        self._acknowledged_work_stands()
        self._levels_only_rise()
        self._each_handoff_is_told_once()

    def _acknowledged_work_stands(self) -> None:
        for command_id, (status, content) in self.acknowledged.items():
            row = self.session.get_one(Command, (self.crew.org_id, command_id))
            assert row.content_sha256 == content
            assert row.status == status or status == "held", (row.status, status)
            if row.kind == "complete_step" and status != "rejected":
                given = select(Proof.id).where(Proof.command_id == command_id)
                assert self.session.scalars(given).first() is not None

    def _levels_only_rise(self) -> None:
        """A step goes back only when it was handed back, and rises one by one."""
        back = dict(
            self.session.execute(
                select(Event.subject, func.count())
                .where(Event.kind == "step.handed_back")
                .group_by(Event.subject)
            ).all()
        )
        for step in self.steps("open", "claimed", "in_review", "done"):
            before, times = self.levels.get(step.id, (0, 0))
            now = back.get(step.id, 0)
            assert step.level >= before or now > times, (step.title, before, step.level)
            self.levels[step.id] = (step.level, now)
            standing = [handoff.level for handoff in step.handoffs]
            assert standing == list(range(1, step.level + 1)), (step.title, standing)

    def _each_handoff_is_told_once(self) -> None:
        taken = select(Handoff.id).where(Handoff.passed_over.is_(None))
        ids = set(self.session.scalars(taken))
        keys = self.session.scalars(
            select(OutboxMessage.dedupe_key).where(OutboxMessage.dedupe_key.startswith("handoff:"))
        ).all()
        assert {key.removeprefix("handoff:") for key in keys} == ids
        assert len(keys) == len(ids)


_PHOTOS: dict[int, tuple[dict[str, Any], bytes]] = {}


def photo_of(shade: int) -> tuple[dict[str, Any], bytes]:
    """A photo of that shade, as its proof and as its bytes."""
    if shade not in _PHOTOS:
        content = photo(f"rgb({shade}, {shade}, {shade})")
        _PHOTOS[shade] = (photo_proof(content), content)
    return _PHOTOS[shade]


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
