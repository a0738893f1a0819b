"""Faults planted in steps that open later: each is found, and nothing else is."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.audit.busy import Busy
from tests.factories import FRIDGE, proof
from webapp.models import OutboxMessage, Run, StepRun

NOTE = proof("note")
PROCESS = {
    "steps": (("Fridge", FRIDGE), ("Food", NOTE), ("Buffet", NOTE), ("Clear", NOTE)),
    "later": {
        "Food": {"only_if": {"step": "Fridge", "is": "outside", "value": None}},
        "Clear": {"follow_up": {"step": "Buffet", "wait_minutes": 120, "due_minutes": 15}},
    },
    "review": "none",
}
WARM = {"kind": "number", "value": "45", "corrective": "Called the repair line."}
COLD = {"kind": "number", "value": "38"}
DONE = {"kind": "note", "text": "Done."}


def called(day: Busy, title: str) -> StepRun:
    day.session.commit()
    query = select(StepRun).join(Run).where(StepRun.title == title, Run.state != "planned")
    return day.session.scalars(query).one()


@pytest.fixture
def answered(busy):
    """A day on which the fridge was read and the buffet was put out."""

    def make(reading=WARM) -> Busy:
        day = busy(**PROCESS)
        day.does("ana", step=called(day, "Fridge"), proof=reading)
        day.does("ana", step=called(day, "Buffet"), proof=DONE)
        day.later(seconds=1)
        assert day.found() == []
        return day

    return make


def opened(answered) -> Busy:
    """The same day two hours later: the follow-up is open."""
    day = answered(COLD)
    day.passes(121)
    assert called(day, "Clear").state == "open"
    return day


def finds(day: Busy, code: str, title: str) -> None:
    assert day.found() == [(code, called(day, title).id)]


def test_the_whole_day_of_a_process_with_later_steps_is_clean(answered):
    day = answered()
    for _ in range(40):
        day.later(minutes=10)
        assert day.found() == []


def test_a_needed_step_that_never_opened(answered):
    day = answered()
    food = called(day, "Food").id
    day.spoils(
        "UPDATE step_run SET state = 'waiting', holder_id = NULL, escalate_at = NULL,"
        " moves_at = NULL WHERE id = :id",
        id=food,
    )
    finds(day, "later_not_opened", "Food")


def test_a_needed_step_that_was_left_out(answered):
    day = answered()
    day.spoils(
        "UPDATE step_run SET state = 'skipped', not_needed = :why, skip_reason = 'x',"
        " closed_at = deadline_at, escalate_at = NULL WHERE id = :id",
        id=called(day, "Food").id,
        why='{"step": "Fridge", "became": "done", "said": "38"}',
    )
    finds(day, "later_left_out", "Food")


def test_a_step_that_is_open_though_it_is_not_needed(answered):
    day = answered()
    fridge = called(day, "Fridge").proof_id
    day.spoils(
        "UPDATE proof SET content = :content WHERE id = :id",
        id=fridge,
        content='{"kind": "number", "value": "38"}',
    )
    finds(day, "later_not_asked", "Food")


def test_a_step_that_waits_though_it_is_not_needed(answered):
    day = answered(COLD)
    day.spoils(
        "UPDATE step_run SET state = 'waiting', not_needed = NULL, skip_reason = NULL,"
        " closed_at = NULL WHERE id = :id",
        id=called(day, "Food").id,
    )
    finds(day, "later_kept_waiting", "Food")


@pytest.mark.parametrize("at", [None, timedelta(days=1)])
def test_a_follow_up_whose_time_was_lost_or_put_off(answered, at):
    day = answered(COLD)
    clear = called(day, "Clear")
    day.spoils(
        "UPDATE step_run SET opens_at = :at WHERE id = :id",
        id=clear.id,
        at=at and clear.opens_at + at,
    )
    finds(day, "later_not_opened", "Clear")


def test_a_follow_up_that_the_clock_did_not_open(answered):
    day = answered(COLD)
    clear = called(day, "Clear")
    day.passes(119)
    day.spoils(
        "UPDATE step_run SET set_aside_at = :at WHERE id = :id", id=clear.id, at=clear.opens_at
    )
    day.passes(5)
    finds(day, "step_set_aside", "Clear")
    day.spoils("UPDATE step_run SET set_aside_at = NULL WHERE id = :id", id=clear.id)
    finds(day, "later_not_opened", "Clear")


def test_a_time_to_open_that_nothing_asks_for(busy):
    day = busy(**PROCESS)
    day.spoils(
        "UPDATE step_run SET opens_at = :at WHERE id = :id",
        id=called(day, "Clear").id,
        at=day.clock.now() + timedelta(hours=1),
    )
    finds(day, "later_not_asked", "Clear")


def test_a_follow_up_that_is_due_at_another_time(answered):
    day = opened(answered)
    clear = called(day, "Clear")
    day.spoils(
        "UPDATE step_run SET deadline_at = :at WHERE id = :id",
        id=clear.id,
        at=clear.deadline_at - timedelta(minutes=10),
    )
    assert ("later_wrong_deadline", clear.id) in day.found()


def test_a_follow_up_that_nobody_was_told_of(answered):
    day = opened(answered)
    query = select(OutboxMessage.id).where(OutboxMessage.dedupe_key.startswith("opened:"))
    for message in day.session.scalars(query).all():
        day.spoils("DELETE FROM receipt WHERE message_id = :id", id=message)
        day.spoils("DELETE FROM outbox WHERE id = :id", id=message)
    finds(day, "later_untold", "Clear")


def test_a_step_that_waits_in_a_closed_run(answered):
    day = answered(COLD)
    run_id = called(day, "Clear").run_id
    day.spoils("UPDATE run SET state = 'closed', closed_at = opened_at WHERE id = :id", id=run_id)
    finds(day, "later_not_opened", "Clear")
