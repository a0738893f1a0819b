"""Leases: who has a message in hand, and what happens when they never come back."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from tests.factories import proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.extensions import db
from webapp.models import Handoff, OutboxMessage, Receipt
from worker import deliver, outbox, parcels
from worker.outbox import LEASE


@pytest.fixture
def missed(post):
    monday = post()
    monday.phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    return monday


class Died(Exception):
    """Stands for the end of a worker."""


def dies_at(monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    def reached(name: str) -> None:
        if name == place:
            raise Died(name)

    monkeypatch.setattr(deliver, "reached", reached)


def test_a_leased_message_is_nobody_elses_until_the_lease_lapses(missed):
    rows = outbox.lease(missed.session, missed.clock.now(), 10, "push")
    missed.session.commit()
    assert [row.attempts for row in rows] == [1]
    assert missed.delivers() == 0
    missed.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert missed.delivers() == 0
    missed.clock.advance(seconds=1)
    assert missed.delivers() == 1
    missed.service.expect(missed.phone, kind="handoff")


def test_what_a_worker_had_in_hand_when_it_died_is_sent_by_the_next(missed, monkeypatch):
    dies_at(monkeypatch, "after_lease")
    with pytest.raises(Died):
        missed.delivers()
    monkeypatch.undo()
    missed.clock.advance(seconds=LEASE.total_seconds())
    missed.delivers()
    missed.service.expect(missed.phone, kind="handoff")
    assert missed.rows()[0].attempts == 2


def test_what_was_sent_but_not_settled_is_sent_again_as_the_same_message(missed, monkeypatch):
    dies_at(monkeypatch, "after_send")
    with pytest.raises(Died):
        missed.delivers()
    monkeypatch.undo()
    missed.clock.advance(seconds=LEASE.total_seconds())
    missed.delivers()
    first, again = missed.service.take(missed.phone)
    assert first.payload == again.payload
    assert again.replaces == first.seq
    assert missed.outcomes() == ["accepted"]


def test_a_frozen_worker_whose_lease_was_taken_over_settles_nothing(missed, monkeypatch):
    taken_over = []

    def frozen(name: str) -> None:
        if name == "after_send" and not taken_over:
            with current_app._get_current_object().app_context():
                later = missed.clock.advance(seconds=LEASE.total_seconds())
                taken_over.extend(outbox.lease(db.session(), later, 10, "push"))
                db.session.commit()
                taken_over[:] = [row.lease for row in taken_over]

    monkeypatch.setattr(deliver, "reached", frozen)
    missed.delivers()
    missed.service.expect(missed.phone)
    row = missed.rows()[0]
    assert (row.outcome, [row.lease]) == (None, taken_over)


def test_the_oldest_messages_are_taken_first_and_no_more_than_asked_for(post):
    monday = post(steps=tuple((f"Step {n}", proof("note")) for n in range(5)))
    monday.later(**UNTIL_MISSED)
    waiting = [row.id for row in monday.rows()]
    taken = [row.id for row in outbox.lease(monday.session, monday.clock.now(), 3, "push")]
    assert taken == waiting[:3]
    monday.session.rollback()


def test_more_messages_than_one_batch_are_all_sent_in_one_go(post, monkeypatch):
    monkeypatch.setattr(deliver, "BATCH", 2)
    monkeypatch.setattr(parcels, "TOGETHER_WITHIN", timedelta(0))
    monday = post(steps=tuple((f"Step {n}", proof("note")) for n in range(5)))
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    assert monday.delivers() == 5
    titles = [push.payload["title"] for push in monday.service.take(phone)]
    assert titles.count("2 steps of Opening check are now yours") == 2
    assert len(titles) == 3


def test_no_fact_is_told_twice(missed):
    keys = missed.session.scalars(select(OutboxMessage.dedupe_key)).all()
    assert keys == [f"handoff:{missed.session.scalar(select(Handoff.id))}"]
    missed.delivers()
    missed.service.expect(missed.phone)


def test_putting_off_never_goes_beyond_what_the_push_service_asked(missed):
    now = missed.clock.now()
    (row,) = outbox.lease(missed.session, now, 10, "push")
    tired = row._replace(attempts=40)
    assert outbox.retried(tired, now, None, "busy").next_attempt_at == now + outbox.LONGEST_RETRY
    soon = outbox.retried(tired, now, 7, "busy").next_attempt_at
    assert soon == now + timedelta(seconds=7)
    missed.session.rollback()


def test_what_this_worker_has_in_hand_it_does_not_take_again_when_the_clock_jumps_ahead(missed):
    now = missed.clock.now()
    (row,) = outbox.lease(missed.session, now, 10, "push")
    missed.session.commit()
    later = missed.clock.advance(hours=2)
    assert outbox.lease(missed.session, later, 10, "push", [row.lease]) == []
    assert len(outbox.lease(missed.session, later, 10, "push", ["of-another"])) == 1
    missed.session.rollback()


def test_a_row_of_another_channel_is_left_to_it(missed):
    assert outbox.lease(missed.session, missed.clock.now(), 10, "email") == []
    missed.session.rollback()


def test_what_the_device_itself_said_it_has_is_not_sent_again(missed, monkeypatch):
    dies_at(monkeypatch, "after_send")
    with pytest.raises(Died):
        missed.delivers()
    monkeypatch.undo()
    missed.service.expect(missed.phone, kind="handoff")
    row = missed.rows()[0]
    now, device = missed.clock.now(), "push-phone-of-ben"
    missed.session.add(Receipt(message_id=row.id, device_id=device, reached_at=now))
    missed.session.commit()
    missed.clock.advance(seconds=LEASE.total_seconds())
    missed.delivers()
    assert missed.outcomes() == ["accepted"]
