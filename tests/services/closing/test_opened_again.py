"""A day that was closed by mistake: each step comes back where it was."""

from sqlalchemy import select

from tests.factories import process
from tests.services.closing.shared import GATE, NOTE, TODAY, TWO, kinds, states
from webapp.models import OutboxMessage
from webapp.services import absences
from worker.duties import tick


def test_a_day_that_was_closed_by_mistake_is_opened_again(stored, day, closes, opens):
    monday = day(steps=TWO)
    closes(TODAY)
    assert [seen.process for seen in opens().added] == ["Opening check"]
    run = monday.step.run
    assert (run.state, [step.state for step in run.step_runs]) == ("open", ["open", "open"])
    assert (monday.step.holder.name, monday.step.escalate_at) == ("Ana", monday.step.moves_at)
    assert kinds(stored).count("step.taken_up") == 2
    assert monday.does("ana", proof=NOTE).status == "applied"


def test_the_rest_of_a_run_that_was_begun_comes_back_too(day, closes, opens, clock):
    monday = day(steps=TWO)
    monday.does("ana", proof=NOTE)
    closes(TODAY)
    assert monday.step.run.state == "closed"
    effect = opens()
    run = monday.step.run
    assert (run.state, run.closed_at) == ("open", None)
    assert effect.sentences(clock.now(), "America/Chicago") == [
        "1 step is taken up again: “Door” of Opening check, 07:15."
    ]
    assert [step.state for step in run.step_runs] == ["done", "open"]


def test_a_step_comes_back_where_it_was_in_its_chain(stored, clock, crew, day, closes, opens):
    monday = day()
    absences.sick_today(stored, crew.ana, crew.ana, clock.now())
    monday.later(seconds=1)
    closes(TODAY)
    opens()
    assert (monday.step.holder.name, monday.step.level) == ("Ben", 1)
    monday.later(minutes=75)
    assert (monday.step.holder.name, monday.step.level) == ("Fay", 2)


def test_who_gets_a_step_back_after_its_time_gets_time_for_it(day, closes, opens, clock):
    monday = day()
    closes(TODAY)
    monday.later(hours=2)
    opens()
    monday.later(minutes=29)
    assert monday.step.holder.name == "Ana"
    monday.later(minutes=2)
    assert monday.step.holder.name == "Ben"


def test_what_had_reached_the_owner_comes_back_to_the_owner(day, closes, opens):
    monday = day()
    for minutes in (50, 20, 30):
        monday.later(minutes=minutes)
    closes(TODAY)
    opens()
    monday.later(hours=1)
    assert (monday.step.state, monday.step.holder.name) == ("open", "Olivia")


def test_a_run_that_no_clock_had_opened_is_opened_after_all(stored, clock, crew, closes, opens):
    process(stored, crew, clock.now(), steps=GATE)
    clock.advance(hours=1, minutes=1)
    closes(TODAY)
    opens()
    tick(stored, clock.advance(seconds=1))
    assert states(stored)[0] == ("2026-11-23", "open")


def test_its_reminder_comes_back_unless_its_time_has_passed(day, closes, opens):
    monday = day()
    before = monday.step.run.remind_at
    closes(TODAY)
    assert monday.step.run.remind_at is None
    opens()
    assert monday.step.run.remind_at == before
    closes(TODAY)
    monday.later(minutes=44)
    opens()
    assert monday.step.run.remind_at is None


def test_who_holds_it_again_is_told_when_the_message_had_not_gone_out(stored, day, closes, opens):
    monday = day()
    monday.later(minutes=50)
    closes(TODAY)
    (withdrawn,) = stored.scalars(select(OutboxMessage)).all()
    assert withdrawn.outcome == "not_needed"
    opens()
    stored.refresh(withdrawn)
    assert (withdrawn.outcome, withdrawn.next_attempt_at) == (None, monday.clock.now())
    assert withdrawn.expires_at == monday.step.moves_at
