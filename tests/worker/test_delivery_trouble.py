"""Push services that are away, devices that are gone, and rows that are broken."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from tests.factories import proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.models import OutboxMessage, PushSubscription
from worker import parcels, settling
from worker.outbox import FIRST_RETRY, LONGEST_RETRY
from worker.push.letter import Sealer

EIGHT = tuple((f"Step {number}", proof("note")) for number in range(1, 9))


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_forgotten(post, status):
    monday = post()
    lost, good = monday.has_phone("ben", "lost"), monday.has_phone("ben", "good")
    monday.service.answer(lost, status=status)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(good, kind="handoff")
    assert monday.outcomes() == ["accepted"]
    assert monday.session.scalars(select(PushSubscription.device_id)).all() == ["good"]


def test_when_the_only_device_is_gone_the_message_had_no_device(post):
    monday = post()
    monday.service.answer(monday.has_phone("ben"), status=410)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    assert monday.outcomes() == ["no_device"]
    assert monday.session.scalar(select(func.count()).select_from(PushSubscription)) == 0


def test_a_push_service_that_asks_for_patience_gets_it(post):
    monday = post()
    phone = monday.has_phone("ben")
    monday.service.answer(phone, status=429, headers={"Retry-After": "90"})
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    assert monday.rows()[0].next_attempt_at == monday.clock.now() + timedelta(seconds=90)
    monday.clock.advance(seconds=89)
    assert monday.delivers() == 0
    monday.clock.advance(seconds=1)
    assert monday.delivers() == 1
    assert monday.service.expect(phone, kind="handoff").ttl == 20 * 60 - 90


def test_a_push_service_in_trouble_is_tried_again_ever_later(post):
    monday = post(waits=(600, 600))
    phone = monday.has_phone("ben")
    monday.service.answer(phone, status=503, times=11)
    monday.later(**UNTIL_MISSED)
    waits = []
    for _ in range(11):
        monday.delivers()
        waits.append(monday.rows()[0].next_attempt_at - monday.clock.now())
        monday.clock.advance(seconds=waits[-1].total_seconds())
    assert waits[:3] == [FIRST_RETRY, 2 * FIRST_RETRY, 4 * FIRST_RETRY]
    assert waits[-1] == LONGEST_RETRY
    assert waits == sorted(waits)
    monday.delivers()
    monday.service.expect(phone, kind="handoff")
    assert monday.outcomes() == ["accepted"]


def test_a_refusal_is_not_repeated_and_is_kept_with_the_subscription(post):
    monday = post()
    monday.service.answer(monday.has_phone("ben"), status=403)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    assert monday.outcomes() == ["refused"]
    assert monday.session.scalars(select(PushSubscription.last_error)).one() == "vapid"


def test_of_two_devices_only_the_one_that_missed_it_is_tried_again(post):
    monday = post()
    got, missed = monday.has_phone("ben", "got"), monday.has_phone("ben", "missed")
    monday.service.answer(missed, status=500)
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(got, kind="handoff")
    assert monday.outcomes() == [None]
    monday.clock.advance(seconds=FIRST_RETRY.total_seconds())
    monday.delivers()
    monday.service.expect(missed, kind="handoff")
    assert monday.outcomes() == ["accepted"]


def test_a_later_step_reaches_the_device_that_already_has_the_earlier_one(post, monkeypatch):
    monkeypatch.setattr(parcels, "TOGETHER_WITHIN", timedelta(0))
    monday = post(steps=EIGHT[:2])
    got, missed = monday.has_phone("ben", "got"), monday.has_phone("ben", "missed")
    monday.service.answer(missed, status=500)
    first, second = monday.step.run.step_runs
    monday.does("ana", "cannot_do", step=first, reason="No key.")
    monday.delivers()
    monday.service.expect(got, title="Now yours: Step 1")
    monday.does("ana", "cannot_do", step=second, reason="No key.")
    monday.clock.advance(seconds=FIRST_RETRY.total_seconds())
    monday.delivers()
    monday.service.expect(got, title="Now yours: Step 2")
    assert {push.subscription for push in monday.service.take()} == {missed.token}
    assert monday.outcomes() == ["accepted", "accepted"]


def test_a_row_that_cannot_be_put_into_words_holds_up_no_other(post):
    monday = post(steps=EIGHT[:2])
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", second)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    told_ben = next(row for row in monday.rows() if row.step_run_id == first.id)
    told_ben.facts = {}
    monday.session.commit()
    monday.delivers()
    monday.service.expect(fays, title="Now yours: Step 2")
    assert monday.session.get(OutboxMessage, told_ben.id).outcome == "refused"
    monday.service.take(bens)


def test_an_organisation_without_an_owner_still_tells_its_people(post):
    monday = post()
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.crew.olivia.deactivated_at = monday.clock.now()
    monday.delivers()
    monday.service.expect(phone, title="Now yours: Front room ready")
    assert parcels.contact_of(monday.session, monday.crew.org_id) == parcels.NO_CONTACT


def test_a_defect_in_sending_is_tried_again_and_keeps_nobody_else_waiting(post, monkeypatch):
    monday = post(steps=EIGHT[:2])
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", second)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    seal = Sealer.seal

    def broken(sealer, letter):
        if letter.subscription.endpoint == bens.endpoint:
            raise RuntimeError("a defect")
        return seal(sealer, letter)

    monkeypatch.setattr(Sealer, "seal", broken)
    monday.delivers()
    monday.service.expect(fays, title="Now yours: Step 2")
    monkeypatch.undo()
    monday.clock.advance(seconds=FIRST_RETRY.total_seconds())
    monday.delivers()
    monday.service.expect(bens, title="Now yours: Step 1")


def test_what_cannot_be_settled_leaves_the_rest_settled(post, monkeypatch):
    monday = post(steps=EIGHT[:2])
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    for who, step in (("ana", first), ("ana", second), ("ben", second)):
        monday.does(who, "cannot_do", step=step, reason="No key.")
    judge, unlucky = settling.verdict, first.id

    def conflicting(row, *given):
        if row.step_run_id == unlucky:
            raise IntegrityError("INSERT", {}, Exception("receipt"))
        return judge(row, *given)

    monkeypatch.setattr(settling, "verdict", conflicting)
    monday.delivers()
    monday.service.expect(bens, title="Now yours: Step 1")
    monday.service.expect(fays, title="Now yours: Step 2")
    assert sorted(map(str, monday.outcomes())) == ["None", "accepted", "not_needed"]


def test_what_was_sent_while_the_database_is_away_is_settled_when_it_is_back(post, monkeypatch):
    monday = post()
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    write, away = settling._write, [1, 2, 3]

    def failing(session, *given):
        if away:
            away.pop()
            raise OperationalError("UPDATE", {}, Exception("the connection is closed"))
        write(session, *given)

    monkeypatch.setattr(settling, "_write", failing)
    monkeypatch.setattr(settling, "PAUSE_WHEN_AWAY", 0)
    monday.delivers()
    monday.service.expect(phone, kind="handoff")
    assert monday.outcomes() == ["accepted"]
