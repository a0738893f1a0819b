"""Who still holds open steps is reminded once, before they are due."""

from datetime import time

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from webapp.models import Event, OutboxMessage, Run, StepRun
from webapp.services import absences, people, reminders
from worker.duties import tick
from worker.standing import still_matters

NOTE = {"kind": "note", "text": "Done."}
TWO = (("Front room", proof("note")), ("Gate latch", proof("note")))
# The run opens at 06:30 and is due at 07:15: by rule the reminder is due eleven minutes before.
UNTIL_REMINDED = {"minutes": 34}


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew) -> Day:
    return Day(stored, clock, crew, steps=TWO)


def reminded(session) -> list[tuple[str, list[str]]]:
    query = select(OutboxMessage).where(OutboxMessage.kind == "reminder")
    rows = session.scalars(query.order_by(OutboxMessage.id))
    return [(row.dedupe_key.rpartition(":")[2], row.facts["steps"]) for row in rows]


def run_of(day: Day) -> Run:
    return day.step.run


def both(session) -> list[StepRun]:
    query = select(StepRun).join(Run).where(Run.state == "open").order_by(StepRun.position)
    return list(session.scalars(query))


def test_an_open_run_knows_when_it_reminds(day):
    run = run_of(day)
    assert (run.deadline_at - run.remind_at).total_seconds() == 11 * 60


def test_nobody_is_reminded_before_that(stored, day):
    day.later(minutes=33)
    assert reminded(stored) == []


def test_the_holder_gets_one_message_for_all_open_steps_of_the_run(stored, day, crew):
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == [(crew.ana.id, ["Front room", "Gate latch"])]
    (row,) = stored.scalars(select(OutboxMessage))
    assert row.dedupe_key == f"reminder:{run_of(day).id}:{crew.ana.id}"
    assert (row.channel, row.expires_at) == ("push", run_of(day).deadline_at)
    assert run_of(day).remind_at is None


def test_a_run_reminds_once(stored, day):
    day.later(**UNTIL_REMINDED)
    day.later(minutes=1)
    day.later(minutes=5)
    assert len(reminded(stored)) == 1


def test_only_what_is_still_open_is_reminded_of(stored, day, crew):
    first, second = both(stored)
    day.does("ana", step=first, proof=NOTE)
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == [(crew.ana.id, ["Gate latch"])]
    (row,) = stored.scalars(select(OutboxMessage).where(OutboxMessage.kind == "reminder"))
    assert row.step_run_id == second.id


def test_each_holder_is_reminded_of_their_own_steps(stored, day, crew):
    first, _ = both(stored)
    day.does("ana", "cannot_do", step=first, reason="I am at the dentist.")
    day.later(**UNTIL_REMINDED)
    assert sorted(reminded(stored)) == sorted(
        [(crew.ana.id, ["Gate latch"]), (crew.ben.id, ["Front room"])]
    )


def test_a_claimed_step_reminds_nobody(stored, clock, crew):
    day = Day(stored, clock, crew)
    day.does("ana", proof={"kind": "photo", "sha256": "ab" * 32, "bytes": 9, "media_type": "x/y"})
    assert day.step.state == "claimed"
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == []


def test_a_run_that_is_done_reminds_nobody(stored, day):
    for step in both(stored):
        day.does("ana", step=step, proof=NOTE)
    assert stored.scalars(select(Run).where(Run.state == "closed")).one().remind_at is None
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == []


def test_after_an_outage_nobody_is_reminded_of_what_is_overdue(stored, day):
    day.later(minutes=46)
    assert reminded(stored) == []
    assert run_of(day).remind_at is None


def test_who_is_away_is_not_reminded_and_who_stands_in_is(stored, clock, day, crew):
    absences.sick_today(stored, crew.ana, crew.ana, clock.now())
    stored.commit()
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == [(crew.ben.id, ["Front room", "Gate latch"])]


def test_who_has_left_is_not_reminded(stored, clock, day, crew):
    people.deactivate(stored, crew.olivia, crew.ana, clock.now())
    stored.commit()
    day.later(**UNTIL_REMINDED)
    assert reminded(stored) == [(crew.ben.id, ["Front room", "Gate latch"])]


def test_a_run_opened_early_by_work_reminds_too(stored, clock, crew, day):
    day.later(hours=20)
    planned = stored.scalars(select(Run).where(Run.state == "planned").order_by(Run.opens_at))
    step = planned.first().step_runs[0]
    day.does("ana", step=step, proof=NOTE)
    run = step.run
    assert run.state == "open"
    assert (run.deadline_at - run.remind_at).total_seconds() == 11 * 60


@pytest.mark.parametrize(("minutes", "lead"), [(10, 10), (0, None), (60, None)])
def test_what_the_process_says_decides(stored, clock, crew, minutes, lead):
    day = Day(stored, clock, crew, steps=TWO, remind=minutes)
    run = run_of(day)
    before = run.remind_at and (run.deadline_at - run.remind_at).total_seconds() / 60
    assert before == lead


def test_a_window_that_is_too_short_has_no_reminder(stored, clock, crew):
    day = Day(stored, clock, crew, steps=TWO, deadline=time(6, 40))
    assert run_of(day).remind_at is None


def test_the_record_says_who_was_reminded_of_what(stored, day):
    day.later(**UNTIL_REMINDED)
    noted = stored.scalars(select(Event).where(Event.kind == "run.reminded")).one()
    assert [to["name"] for to in noted.payload["to"]] == ["Ana"]
    assert noted.payload["to"][0]["steps"] == ["Front room", "Gate latch"]


def test_a_reminder_matters_only_while_its_person_holds_an_open_step(stored, day):
    day.later(**UNTIL_REMINDED)
    (row,) = stored.scalars(select(OutboxMessage))
    first, second = both(stored)
    day.does("ana", step=first, proof=NOTE)
    assert still_matters(stored, [row])(row)
    day.does("ana", "cannot_do", step=second, reason="The gate is locked.")
    assert not still_matters(stored, [row])(row)


def test_a_reminder_that_cannot_be_made_is_left_out_and_the_rest_goes_on(
    stored, clock, crew, day, monkeypatch
):
    def breaks(*_):
        raise ValueError("no words for this")

    with monkeypatch.context() as patched:
        patched.setattr(reminders, "_open_by_holder", breaks)
        day.later(**UNTIL_REMINDED)
    assert run_of(day).remind_at is None
    assert reminded(stored) == []
    assert "run.not_reminded" in list(stored.scalars(select(Event.kind)))
    day.later(minutes=16)
    assert day.step.holder.name == "Ben"


def test_two_clocks_remind_once(stored, day, clock):
    tick(stored, clock.advance(**UNTIL_REMINDED))
    tick(stored, clock.now())
    assert len(reminded(stored)) == 1
