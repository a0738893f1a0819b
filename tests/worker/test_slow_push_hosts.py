"""A push service that is slow keeps no message waiting but its own."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.models import OutboxMessage
from worker import deliver, outbox
from worker.outbox import FIRST_RETRY, LEASE
from worker.push.outcome import Outcome
from worker.push.sender import PushSender

TWO = tuple((f"Step {number}", proof("note")) for number in (1, 2))
LONG = 30


@pytest.fixture
def two(post):
    """Step 1 is Ben's, whose push service is slow; step 2 is Fay's."""
    monday = post(steps=TWO)
    monday.phone = monday.has_phone("ben")
    monday.other = monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", second)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    return monday


def slow(monkeypatch, monday, until: threading.Event, outcome: Outcome | None = None) -> None:
    """Ben's push service answers only at `until`."""
    send = PushSender.send

    def waits(via, subscription, *given, **more):
        if subscription.endpoint != monday.phone.endpoint:
            return send(via, subscription, *given, **more)
        assert until.wait(LONG), "nobody let it answer"
        return outcome or send(via, subscription, *given, **more)

    monkeypatch.setattr(PushSender, "send", waits)


def by_person(monday) -> dict[str, object]:
    people = {person.id: who for who, person in monday.crew.people.items()}
    return {people[row.person_id]: row for row in monday.rows() if row.outcome != "not_needed"}


def after_settling(monkeypatch, act) -> None:
    """Calls `act` each time something has been settled."""
    settle = deliver._settle_or_leave

    def settled(session, parcel, outcomes, now):
        settle(session, parcel, outcomes, now)
        act(session, parcel)

    monkeypatch.setattr(deliver, "_settle_or_leave", settled)


def test_what_is_sent_is_settled_while_another_push_service_is_slow(two, monkeypatch):
    answers, settled = threading.Event(), []
    slow(monkeypatch, two, answers)

    def note(session, parcel):
        settled.append(parcel.rows[0].person_id)
        answers.set()

    after_settling(monkeypatch, note)
    two.delivers()
    assert settled == [two.crew.fay.id, two.crew.ben.id]
    two.service.expect(two.other, title="Now yours: Step 2")
    two.service.expect(two.phone, title="Now yours: Step 1")


def test_what_comes_due_meanwhile_is_sent_while_another_push_service_is_slow(two, monkeypatch):
    answers, settled = threading.Event(), []
    slow(monkeypatch, two, answers)
    monkeypatch.setattr(deliver, "BATCH", 1)

    def note(session, parcel):
        settled.append(parcel.rows[0].person_id)
        answers.set()

    after_settling(monkeypatch, note)
    assert two.delivers() == len(two.rows()) - 1
    assert settled == [two.crew.fay.id, two.crew.ben.id]
    two.service.take()


def test_a_try_again_is_counted_from_when_the_push_service_answered(two, monkeypatch):
    answers = threading.Event()
    slow(monkeypatch, two, answers, Outcome("retry", reason="busy"))
    began, fay = two.clock.now(), two.crew.fay.id

    def half_a_minute_passes(session, parcel):
        if parcel.rows[0].person_id == fay:
            two.clock.advance(seconds=30)
            answers.set()

    after_settling(monkeypatch, half_a_minute_passes)
    two.delivers()
    rows = by_person(two)
    assert rows["fay"].settled_at == began
    assert rows["ben"].next_attempt_at == began + timedelta(seconds=30) + FIRST_RETRY
    two.service.take()


def test_the_lease_of_what_is_still_on_its_way_is_kept(two, monkeypatch):
    answers, until = threading.Event(), []
    slow(monkeypatch, two, answers)
    monkeypatch.setattr(deliver, "KEEP_EVERY", 0)
    renew = outbox.renew

    def renewed(session, leases, now):
        renew(session, leases, two.clock.advance(seconds=50))
        held = select(OutboxMessage.next_attempt_at).where(OutboxMessage.lease.in_(leases))
        until.extend(session.scalars(held))
        answers.set()

    monkeypatch.setattr(outbox, "renew", renewed)
    began = two.clock.now()
    two.delivers()
    assert until == [began + timedelta(seconds=50) + LEASE]
    assert set(two.outcomes()) == {"accepted", "not_needed"}
    two.service.take()


def test_the_lease_of_what_another_worker_took_over_is_left_alone(post):
    monday = post(steps=TWO[:1])
    monday.later(**UNTIL_MISSED)
    (row,) = outbox.lease(monday.session, monday.clock.now(), 10)
    before, later = row.next_attempt_at, monday.clock.advance(seconds=30)
    outbox.renew(monday.session, {"of-somebody-else"}, later)
    monday.session.refresh(row)
    assert row.next_attempt_at == before
    monday.session.rollback()
