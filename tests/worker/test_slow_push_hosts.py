"""A push service that is slow keeps no message waiting but its own."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import proof
from tests.push_service import PushService
from tests.worker.conftest import UNTIL_MISSED
from webapp.extensions import db
from webapp.models import OutboxMessage
from worker import deliver, keeper, outbox
from worker.keeper import Keeper
from worker.outbox import FIRST_RETRY, LEASE

TWO = tuple((f"Step {number}", proof("note")) for number in (1, 2))
LONG = 30


@pytest.fixture
def slow_service():
    """A push service of another origin, whose answers wait until `answers` is set."""
    with PushService() as service:
        service.answers = threading.Event()
        received = service.state.next_answer

        def waits(token):
            assert service.answers.wait(LONG), "nobody let it answer"
            return received(token)

        service.state.next_answer = waits
        yield service


@pytest.fixture
def two(post, slow_service):
    """Step 1 is Ben's, whose push service is slow; step 2 is Fay's."""
    monday = post(steps=TWO)
    monday.slow = slow_service
    monday.phone = monday.has_phone("ben", service=slow_service)
    monday.other = monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", second)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    return monday


def by_person(monday) -> dict[str, object]:
    people = {person.id: who for who, person in monday.crew.people.items()}
    return {people[row.person_id]: row for row in monday.rows() if row.outcome != "not_needed"}


def after_settling(monkeypatch, act) -> None:
    """Calls `act` each time something has been settled."""
    settle = deliver.settle

    def settled(session, ended):
        settle(session, ended)
        for parcel, _ in ended:
            act(session, parcel)

    monkeypatch.setattr(deliver, "settle", settled)


def test_what_is_sent_is_settled_while_another_push_service_is_slow(two, monkeypatch):
    settled = []

    def note(session, parcel):
        settled.append(parcel.rows[0].person_id)
        two.slow.answers.set()

    after_settling(monkeypatch, note)
    two.delivers()
    assert settled == [two.crew.fay.id, two.crew.ben.id]
    two.service.expect(two.other, title="Now yours: Step 2")
    two.slow.expect(two.phone, title="Now yours: Step 1")


def test_what_comes_due_meanwhile_is_sent_while_another_push_service_is_slow(two, monkeypatch):
    settled = []
    monkeypatch.setattr(deliver, "BATCH", 1)

    def note(session, parcel):
        settled.append(parcel.rows[0].person_id)
        two.slow.answers.set()

    after_settling(monkeypatch, note)
    assert two.delivers() == len(two.rows()) - 1
    assert settled == [two.crew.fay.id, two.crew.ben.id]
    two.service.take()
    two.slow.take()


def test_a_try_again_is_counted_from_when_the_push_service_answered(two, monkeypatch):
    two.slow.answer(two.phone, status=503)
    began, fay = two.clock.now(), two.crew.fay.id

    def a_moment_passes(session, parcel):
        if parcel.rows[0].person_id == fay:
            two.clock.advance(seconds=1)
            two.slow.answers.set()

    after_settling(monkeypatch, a_moment_passes)
    two.delivers()
    rows = by_person(two)
    assert rows["fay"].settled_at == began
    assert rows["ben"].next_attempt_at == began + timedelta(seconds=1) + FIRST_RETRY
    two.service.take()


def test_the_lease_of_what_is_still_on_its_way_is_kept(two, monkeypatch):
    until = []
    monkeypatch.setattr(keeper, "KEEP_EVERY", 0.001)
    renew = outbox.renew

    def renewed(connection, leases, now):
        renew(connection, leases, now + timedelta(seconds=50))
        held = select(OutboxMessage.next_attempt_at).where(OutboxMessage.lease.in_(leases))
        until.extend(connection.scalars(held))
        two.slow.answers.set()

    monkeypatch.setattr(outbox, "renew", renewed)
    began = two.clock.now()
    two.delivers()
    assert until[0] == began + timedelta(seconds=50) + LEASE
    assert set(two.outcomes()) == {"accepted", "not_needed"}
    two.service.take()
    two.slow.take()


def test_the_lease_of_what_another_worker_took_over_is_left_alone(post):
    monday = post(steps=TWO[:1])
    monday.later(**UNTIL_MISSED)
    outbox.lease(monday.session, monday.clock.now(), 10, "push")
    monday.session.commit()
    before = monday.rows()[0].next_attempt_at
    monday.session.rollback()
    with Keeper(db.engine, monday.clock) as kept:
        kept.hold("of-somebody-else", 1, since=0.0)
        monday.clock.advance(seconds=1)
        kept.keep()
    assert monday.rows()[0].next_attempt_at == before


def test_what_a_frozen_worker_finds_lapsed_is_not_sent_but_left_to_who_has_it_now(post):
    monday = post(steps=TWO[:1])
    monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.session.commit()
    with pytest.MonkeyPatch.context() as frozen:
        frozen.setattr(Keeper, "lasts_until", lambda keeper, lease: 0.0)
        frozen.setattr(deliver, "settle", lambda session, ended: None)
        monday.delivers()
    assert monday.outcomes() == [None]
