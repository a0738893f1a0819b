"""How far the message of a handoff came: reached, opened, acted on, and told together."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof, reached_by_phone
from webapp.models import OutboxMessage, PushSubscription, Receipt, StepRun
from webapp.problems import Problem
from webapp.services import receipts
from webapp.services.reached import have_reached

NOTE = {"kind": "note", "text": "Done."}
TWO = (("Front room", proof("note")), ("Gate latch", proof("note")))


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def missed(stored, clock, crew) -> Day:
    """Two steps of a run are with Ben since just now."""
    day = Day(stored, clock, crew, steps=TWO)
    day.later(minutes=50)
    return day


def told(session, person) -> list[OutboxMessage]:
    query = select(OutboxMessage).where(OutboxMessage.person_id == person.id)
    return list(session.scalars(query.order_by(OutboxMessage.id)))


def stages(session, message: OutboxMessage) -> list[bool]:
    session.commit()
    found = session.scalars(select(Receipt).where(Receipt.message_id == message.id)).all()
    stages = ("reached_at", "opened_at", "acted_at")
    return [any(getattr(each, stage) for each in found) for stage in stages]


def confirmed(session) -> dict:
    return {row.device_id: row.confirmed_at for row in session.scalars(select(PushSubscription))}


def test_who_opened_a_message_was_reached_by_it(stored, clock, crew, missed):
    first, second = told(stored, crew.ben)
    receipts.acknowledge(stored, crew.ben, first.id, "phone", "opened", clock.now())
    assert stages(stored, first) == [True, True, False]
    assert stages(stored, second) == [False, False, False]


def test_the_first_time_counts(stored, clock, crew, missed):
    first, _ = told(stored, crew.ben)
    at = clock.now()
    receipts.acknowledge(stored, crew.ben, first.id, "phone", "reached", at)
    receipts.acknowledge(stored, crew.ben, first.id, "phone", "opened", clock.advance(minutes=1))
    stored.commit()
    kept = stored.get(Receipt, (first.id, "phone"))
    assert (kept.reached_at, kept.opened_at) == (at, at + timedelta(minutes=1))


def test_what_travelled_together_came_as_far(stored, clock, crew, missed):
    first, second = told(stored, crew.ben)
    second.sent_as = first.id
    stored.commit()
    receipts.acknowledge(stored, crew.ben, first.id, "phone", "reached", clock.now())
    assert stages(stored, second) == [True, False, False]


def test_a_message_that_followed_another_still_counts_for_both_when_it_leads_later(
    stored, clock, crew, missed
):
    first, second = told(stored, crew.ben)
    second.sent_as = first.id
    stored.commit()
    receipts.acknowledge(stored, crew.ben, second.id, "tablet", "reached", clock.now())
    assert stages(stored, first) == [True, False, False]


def test_another_persons_message_is_not_there(stored, clock, crew, missed):
    first, _ = told(stored, crew.ben)
    with pytest.raises(Problem) as refused:
        receipts.acknowledge(stored, crew.fay, first.id, "phone", "reached", clock.now())
    assert refused.value.code == "not_found"


def test_the_first_receipt_shows_that_the_device_works(stored, clock, crew, missed):
    reached_by_phone(stored, crew.ben, device="phone")
    reached_by_phone(stored, crew.ben, device="tablet")
    first, _ = told(stored, crew.ben)
    receipts.acknowledge(stored, crew.ben, first.id, "phone-of-Ben", "reached", clock.now())
    stored.commit()
    assert confirmed(stored) == {"phone-of-Ben": clock.now(), "tablet-of-Ben": None}


def test_a_page_opened_by_the_holder_counts_for_each_step_they_hold(stored, clock, crew, missed):
    first, second = told(stored, crew.ben)
    receipts.opened_page(stored, crew.ben, [first.step_run_id], "laptop", clock.now())
    assert stages(stored, first) == [True, True, False]
    assert stages(stored, second) == [False, False, False]


def test_a_page_shows_nothing_about_the_push_of_its_device(stored, clock, crew, missed):
    reached_by_phone(stored, crew.ben)
    first, _ = told(stored, crew.ben)
    receipts.opened_page(stored, crew.ben, [first.step_run_id], "phone-of-Ben", clock.now())
    stored.commit()
    assert confirmed(stored) == {"phone-of-Ben": None}


def test_a_page_opened_by_somebody_else_counts_for_nothing(stored, clock, crew, missed):
    messages = told(stored, crew.ben)
    for person in (crew.ana, crew.fay, crew.olivia):
        receipts.opened_page(
            stored, person, [each.step_run_id for each in messages], "phone", clock.now()
        )
    assert [stages(stored, each) for each in messages] == [[False] * 3] * 2


def test_who_lost_the_step_opens_nothing_any_more(stored, clock, crew, missed):
    first, _ = told(stored, crew.ben)
    missed.later(minutes=20)
    receipts.opened_page(stored, crew.ben, [first.step_run_id], "phone", clock.now())
    assert stages(stored, first) == [False, False, False]


def test_a_page_counts_for_the_newest_handoff(stored, clock, crew, missed):
    missed.later(minutes=20)
    missed.later(minutes=30)
    (newest, _) = told(stored, crew.olivia)
    receipts.opened_page(stored, crew.olivia, [newest.step_run_id], "phone", clock.now())
    assert stages(stored, newest) == [True, True, False]


def test_step_runs_of_nobody_are_left_alone(stored, clock, crew, missed):
    receipts.opened_page(stored, crew.ben, ["no-such-step"], "phone", clock.now())
    assert stored.scalars(select(Receipt)).all() == []


def test_completing_a_step_is_acting_on_its_message(stored, crew, missed):
    first, second = told(stored, crew.ben)
    step = stored.get(StepRun, first.step_run_id)
    missed.does("ben", step=step, proof=NOTE)
    assert stages(stored, first) == [True, True, True]
    assert stages(stored, second) == [False, False, False]
    assert stored.scalars(select(Receipt.device_id)).one() == "phone-of-ben"


def test_saying_that_it_cannot_be_done_is_acting_on_its_message(stored, crew, missed):
    first, _ = told(stored, crew.ben)
    step = stored.get(StepRun, first.step_run_id)
    missed.does("ben", "cannot_do", step=step, reason="I am on the bus.")
    assert stages(stored, first) == [True, True, True]
    (next_one,) = told(stored, crew.fay)
    assert stages(stored, next_one) == [False, False, False]


def test_who_was_never_handed_the_step_acts_on_no_message(stored, crew, missed):
    first, _ = told(stored, crew.ben)
    missed.does("ana", step=stored.get(StepRun, first.step_run_id), proof=NOTE)
    assert stored.scalars(select(Receipt)).all() == []


def test_work_over_the_api_reaches_no_device_and_the_person_knows_all_the_same(
    stored, clock, crew, missed
):
    first, _ = told(stored, crew.ben)
    receipts.acted(stored, crew.ben, missed.step, None, clock.now())
    assert stages(stored, first) == [False, False, True]
    assert have_reached(stored, [first.id]) == {first.id}


def test_work_from_a_device_shows_that_the_device_has_the_message(stored, clock, crew, missed):
    first, _ = told(stored, crew.ben)
    receipts.acted(stored, crew.ben, missed.step, "phone", clock.now())
    assert stages(stored, first) == [True, True, True]
