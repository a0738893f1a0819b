"""What was decided reaches the person's devices, once, while it still matters."""

from datetime import timedelta

from sqlalchemy import select

from tests.day import photo, photo_proof
from tests.factories import process, proof
from tests.worker.conftest import UNTIL_MISSED
from webapp.models import Receipt
from webapp.services import reachability, reviews
from worker.duties import tick
from worker.outbox import LEASE
from worker.parcels import NO_CONTACT, contact_of

EIGHT = tuple((f"Step {number}", proof("note")) for number in range(1, 9))


def test_a_handoff_reaches_every_device_of_its_person_urgently_until_the_next_level(post):
    monday = post()
    phones = [monday.has_phone("ben", "phone"), monday.has_phone("ben", "tablet")]
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    for phone in phones:
        push = monday.service.expect(phone, kind="handoff", title="Now yours: Front room ready")
        assert (push.ttl, push.urgency) == (20 * 60, "high")
        assert push.topic is not None
    assert monday.outcomes() == ["accepted"]
    assert len(monday.session.scalars(select(Receipt.accepted_at)).all()) == 2


def test_each_level_is_told_once_as_its_turn_comes(post):
    monday = post()
    phones = {who: monday.has_phone(who) for who in ("ana", "ben", "fay", "olivia")}
    for minutes, who, ttl in ((50, "ben", 1200), (20, "fay", 1800), (30, "olivia", 86400)):
        monday.later(minutes=minutes)
        monday.delivers()
        assert monday.service.expect(phones[who], kind="handoff").ttl == ttl
    monday.later(hours=10)
    monday.delivers()


def test_eight_steps_of_one_run_to_one_person_are_one_push(post):
    monday = post(steps=EIGHT)
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    assert monday.delivers() == 8
    title = "8 steps of Opening check are now yours"
    monday.service.expect(phone, title=title)
    assert monday.outcomes() == ["accepted"] * 8


def test_steps_of_two_runs_to_one_person_are_one_push_and_share_its_receipts(post):
    monday = post(steps=EIGHT[:1])
    process(monday.session, monday.crew, monday.clock.now(), name="Fridge round")
    tick(monday.session, monday.clock.now())
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    assert monday.delivers() == 2
    push = monday.service.expect(phone, title="2 steps in 2 runs are now yours")
    assert monday.outcomes() == ["accepted", "accepted"]
    assert {row.sent_as or row.id for row in monday.rows()} == {push.payload["id"]}


def test_what_comes_within_ten_seconds_of_the_last_push_waits_and_travels_together(post):
    monday = post(steps=EIGHT[:3])
    phone = monday.has_phone("ben")
    first, *others = monday.step.run.step_runs
    monday.does("ana", "cannot_do", step=first, reason="No key.")
    monday.delivers()
    monday.service.expect(phone, title="Now yours: Step 1")
    for step in others:
        monday.clock.advance(seconds=4)
        monday.does("ana", "cannot_do", step=step, reason="No key.")
        monday.delivers()
    assert monday.outcomes() == ["accepted", None, None]
    monday.clock.advance(seconds=2)
    monday.delivers()
    monday.service.expect(phone, title="2 steps of Opening check are now yours")
    assert [row.attempts for row in monday.rows()] == [1, 1, 1]


def test_a_test_message_holds_nothing_back(post):
    monday = post(steps=EIGHT[:1])
    phone = monday.has_phone("ben")
    ben = monday.crew.ben
    reachability.send_test(monday.session, ben, ben, monday.clock.now())
    monday.session.commit()
    monday.delivers()
    monday.service.expect(phone, title="Test message")
    monday.does("ana", "cannot_do", reason="No key.")
    monday.delivers()
    monday.service.expect(phone, title="Now yours: Step 1")


def test_what_would_be_worthless_by_then_does_not_wait_for_its_like(post):
    monday = post(steps=EIGHT[:2])
    phone = monday.has_phone("ben")
    first, second = monday.step.run.step_runs
    for step in (first, second):
        monday.does("ana", "cannot_do", step=step, reason="No key.")
        row = monday.rows()[-1]
        row.expires_at = monday.clock.now() + timedelta(seconds=9)
        monday.delivers()
    titles = [push.payload["title"] for push in monday.service.take(phone)]
    assert titles == ["Now yours: Step 1", "Now yours: Step 2"]


def test_a_single_message_waits_for_no_other(post):
    monday = post(steps=EIGHT[:1])
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(phone, title="Now yours: Step 1")


def test_two_people_get_each_their_own(post):
    monday = post(steps=EIGHT[:2])
    bens, fays = monday.has_phone("ben"), monday.has_phone("fay")
    first, second = monday.step.run.step_runs
    monday.does("ana", "cannot_do", step=first, reason="No key.")
    monday.does("ben", "cannot_do", step=first, reason="Nor have I.")
    monday.does("ana", "cannot_do", step=second, reason="No key.")
    monday.delivers()
    monday.service.expect(fays, title="Now yours: Step 1")
    monday.service.expect(bens, title="Now yours: Step 2")
    assert sorted(monday.outcomes()) == ["accepted", "accepted", "not_needed"]


def test_what_was_closed_meanwhile_is_not_sent(post):
    monday = post(steps=EIGHT[:1])
    monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.does("ben", proof={"kind": "note", "text": "Done."})
    monday.delivers()
    assert monday.outcomes() == ["not_needed"]


def test_what_moved_on_before_it_was_sent_goes_to_the_new_holder_only(post):
    monday = post()
    monday.has_phone("ben")
    fays = monday.has_phone("fay")
    monday.later(**UNTIL_MISSED)
    monday.later(minutes=20)
    monday.delivers()
    monday.service.expect(fays, kind="handoff")
    assert monday.outcomes() == ["not_needed", "accepted"]


def test_what_has_expired_is_not_sent(post):
    monday = post()
    monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.clock.advance(minutes=20)
    monday.delivers()
    assert monday.outcomes() == ["expired"]


def test_without_a_device_the_message_says_so_and_is_settled(post):
    monday = post()
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    assert monday.outcomes() == ["no_device"]
    assert monday.delivers() == 0


def test_a_settled_message_is_never_sent_twice(post):
    monday = post()
    phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(phone)
    monday.clock.advance(seconds=LEASE.total_seconds() + 1)
    assert monday.delivers() == 0


def test_the_owner_is_asked_to_look_at_a_photo(post):
    monday = post()
    phone = monday.has_phone("olivia")
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    monday.delivers()
    push = monday.service.expect(phone, kind="review", seen=monday.step.proof.evidence_sha256)
    assert push.payload["url"] == f"/approve/{monday.step.id}"
    assert push.urgency == "normal"


def test_a_decision_withdraws_the_question_that_was_not_yet_sent(post):
    monday = post()
    monday.has_phone("olivia")
    anas = monday.has_phone("ana")
    monday.uploads(photo())
    monday.does("ana", proof=photo_proof(photo()))
    step, now = monday.step, monday.clock.now()
    reviews.send_back(
        monday.session, monday.crew.olivia, step, step.proof.evidence_sha256, "Too dark.", now
    )
    monday.clock.advance(seconds=10)
    monday.delivers()
    monday.service.expect(anas, kind="sent_back", body="Olivia: Too dark.")
    assert sorted(monday.outcomes()) == ["accepted", "not_needed"]


def test_who_took_over_in_vain_is_told_that_it_was_done_in_time(post):
    monday = post(steps=EIGHT[:1])
    phone = monday.has_phone("ben")
    in_time = monday.clock.now()
    monday.later(**UNTIL_MISSED)
    monday.delivers()
    monday.service.expect(phone, kind="handoff")
    monday.does("ana", captured_at=in_time, proof={"kind": "note", "text": "Closed."})
    monday.delivers()
    monday.service.expect(phone, kind="not_needed", title="No longer needed: Step 1")


def test_push_services_are_told_whom_to_ask_when_the_operator_named_nobody(post):
    monday = post()
    owner = monday.crew.olivia
    assert contact_of(monday.session, owner.org_id) == f"mailto:{owner.email}"
    owner.email = None
    monday.session.commit()
    assert contact_of(monday.session, owner.org_id) == NO_CONTACT
