"""A location that closes today: what nobody has begun is called off."""

from datetime import time

from sqlalchemy import select

from tests.day import photo, photo_proof
from tests.factories import process, proof
from tests.services.closing.shared import DAY, GATE, NOTE, TODAY, TWO, states
from webapp.models import Event, OutboxMessage, StepRun
from webapp.services import locations, planning, reviews
from webapp.services.locations import Place
from worker.duties import tick


def test_a_location_closed_today_calls_off_what_nobody_has_begun(stored, day, closes, crew):
    monday = day(steps=TWO)
    effect = closes(TODAY)
    run = monday.step.run
    assert (run.state, [step.state for step in run.step_runs]) == ("void", ["void", "void"])
    assert [seen.process for seen in effect.gone] == ["Opening check"]
    called_off = stored.scalars(select(Event).where(Event.kind == "step.called_off")).all()
    assert {(e.actor, e.payload["reason"]) for e in called_off} == {
        (crew.olivia.id, "the location is closed")
    }
    assert len(called_off) == 2


def test_what_is_called_off_moves_no_more_and_nobody_is_told(stored, day, closes):
    monday = day()
    closes(TODAY)
    for hours in (1, 1, 1):
        monday.later(hours=hours)
    assert (monday.step.level, monday.step.escalate_at, monday.step.missed_at) == (0, None, None)
    assert stored.scalars(select(OutboxMessage)).all() == []


def test_a_step_that_is_done_stays_and_the_run_closes(day, closes, clock):
    monday = day(steps=TWO)
    monday.does("ana", proof=NOTE)
    effect = closes(TODAY)
    run = monday.step.run
    assert [step.state for step in run.step_runs] == ["done", "void"]
    assert (run.state, run.closed_at) == ("closed", clock.now())
    assert effect.gone == []
    assert effect.sentences(clock.now(), "America/Chicago") == [
        "1 step of a run that has begun is called off: “Door” of Opening check, 07:15."
    ]


def test_a_step_that_is_claimed_stays_with_its_holder(day, closes):
    monday = day(steps=(("Room", proof("photo")), *GATE))
    monday.does("ana", proof=photo_proof(photo()))
    closes(TODAY)
    run = monday.step.run
    assert [step.state for step in run.step_runs] == ["claimed", "void"]
    assert run.state == "open"
    monday.uploads(photo())
    assert monday.step.state == "in_review"


def test_a_step_that_was_sent_back_stays_open(stored, clock, crew, day, closes):
    monday = day(steps=GATE, review="all")
    monday.does("ana", proof=NOTE)
    seen = monday.step.proof.evidence_sha256
    reviews.send_back(stored, crew.olivia, monday.step, seen, "Which gate?", clock.now())
    stored.commit()
    closes(TODAY)
    assert (monday.step.state, monday.step.run.state) == ("open", "open")


def test_the_unsent_message_of_a_step_that_is_called_off_is_withdrawn(stored, day, closes):
    monday = day()
    monday.later(minutes=50)
    assert monday.step.level == 1
    closes(TODAY)
    assert stored.scalars(select(OutboxMessage.outcome)).all() == ["not_needed"]
    assert monday.step.state == "void"


def test_work_that_arrives_for_a_step_called_off_is_kept_beside_it(day, closes):
    monday = day()
    closes(TODAY)
    assert monday.does("ana", proof=NOTE).status == "superseded"


def test_what_was_due_yesterday_stays_open(stored, clock, day, closes):
    monday = day()
    tick(stored, clock.advance(hours=24))
    closes(TODAY + DAY)
    assert states(stored)[:2] == [("2026-11-23", "open"), ("2026-11-24", "void")]
    assert monday.step.state == "open"


def test_what_opens_days_before_a_closed_day_is_called_off_too(stored, clock, crew, closes):
    made = process(stored, crew, clock.now(), steps=GATE, rrule="FREQ=WEEKLY;BYDAY=WE")
    made.versions[0].opens_days_before = 2
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.advance(hours=1))
    assert states(stored)[0] == ("2026-11-25", "open")
    closes(TODAY + 2 * DAY)
    assert states(stored)[0] == ("2026-11-25", "void")


def test_a_run_whose_time_has_come_but_that_no_clock_opened_is_called_off(
    stored, clock, crew, closes
):
    process(stored, crew, clock.now(), steps=GATE)
    clock.advance(hours=1, minutes=1)
    closes(TODAY)
    tick(stored, clock.now())
    assert states(stored)[0] == ("2026-11-23", "void")


def test_another_location_goes_on(stored, clock, crew, day, closes):
    uptown = locations.add(stored, crew.org_id, Place("Uptown", "America/Chicago"), clock.now())
    made = process(stored, crew, clock.now(), name="Uptown check", steps=GATE)
    made.versions[0].locations = [uptown]
    planning.replan_process(stored, made, clock.now())
    day()
    closes(TODAY)
    left = [step.run.process.name for step in stored.scalars(_open()).unique()]
    assert left == ["Uptown check"]


def _open():
    return select(StepRun).where(StepRun.state == "open")


def test_today_is_the_date_on_the_wall_of_the_location(stored, clock, crew):
    """Half past five on Monday morning in Chicago is already Tuesday in Auckland."""
    auckland = locations.add(
        stored, crew.org_id, Place("Auckland", "Pacific/Auckland"), clock.now()
    )
    made = process(
        stored, crew, clock.now(), steps=GATE, rrule="FREQ=DAILY", deadline=time(2), opens=None
    )
    made.versions[0].locations = [auckland]
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.advance(hours=1))
    assert states(stored)[0] == ("2026-11-24", "open")
    locations.close(stored, auckland, [TODAY], clock.now())
    assert states(stored)[0] == ("2026-11-24", "open")
    locations.close(stored, auckland, [TODAY + DAY], clock.now())
    assert states(stored)[0] == ("2026-11-24", "void")


def test_a_run_called_off_before_any_clock_opened_it_says_by_whom(stored, clock, crew, closes):
    process(stored, crew, clock.now(), steps=GATE)
    clock.advance(hours=1)
    closes(TODAY)
    noted = stored.scalars(select(Event).where(Event.kind == "run.called_off")).one()
    assert (noted.actor, noted.payload["process"]) == (crew.olivia.id, "Opening check")
