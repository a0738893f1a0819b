"""A step that opens later is rehearsed at the time at which the live engine then opens it."""

from datetime import timedelta

import pytest

from tests.factories import crew_of_a_daycare, reached_by_phone
from tests.services.rehearsals.comparing import as_rehearsed
from tests.services.rehearsals.live import Live, channels, turns
from tests.services.test_later import LATER, STEPS, Later
from webapp.models import Run
from webapp.services import absences, rehearsals


@pytest.fixture
def monday(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    reached_by_phone(stored, crew.ana, crew.fay, crew.olivia, confirmed_at=clock.now())
    reached_by_phone(stored, crew.ben)  # a phone that has never answered
    return Later(stored, clock, crew, steps=STEPS, later=LATER, review="none")


def rehearsed(monday: Later, title: str, days: int = 1):
    played = rehearsals.of_process(monday.session, monday.run.process, monday.clock.now(), days)
    return [run for run in played.runs if run.step and run.step.title == title]


def lived(monday: Later, title: str):
    """The engine's own turns of a step that opened, and what told its first holder of it."""
    step = monday.called(title)
    found = turns(monday.session, step)
    if not found[0][4]:
        key = f"opened:{step.id}:{step.opened_at.isoformat()}"
        found[0] = (*found[0][:5], channels(monday.session, key))
    return found


def done_at_its_deadline(monday: Later, title: str) -> None:
    monday.clock.shows = monday.run.deadline_at
    monday.notes(title)


def test_the_engine_does_with_a_later_step_what_was_rehearsed_before_and_after_it_was_sure(monday):
    before = rehearsed(monday, "Clear it")[0]
    assert before.step.is_supposed
    done_at_its_deadline(monday, "Buffet out")
    sure = rehearsed(monday, "Clear it")[0]
    assert not sure.step.is_supposed
    assert sure.course == before.course
    Live(monday.session, monday.clock).run(before.deadline_at + timedelta(hours=3))
    step = monday.called("Clear it")
    assert (step.opened_at, step.deadline_at) == (before.occasion.opens_at, before.deadline_at)
    assert as_rehearsed(before) == lived(monday, "Clear it")
    assert before.course.missed_at == step.missed_at


def test_once_it_is_open_it_is_rehearsed_from_where_it_stands(monday):
    done_at_its_deadline(monday, "Buffet out")
    opens = monday.called("Clear it").opens_at
    Live(monday.session, monday.clock).run(opens + timedelta(minutes=5))
    still = rehearsed(monday, "Clear it")[0]
    assert still.occasion.begun is not None
    Live(monday.session, monday.clock).run(opens + timedelta(hours=3))
    assert as_rehearsed(still)[1:] == lived(monday, "Clear it")[1:]


def test_whoever_is_away_as_it_opens_is_passed_over_and_not_told(monday):
    crew, today = monday.crew, monday.run.deadline_at.date()
    absences.declare(monday.session, crew.ana, crew.ana, today, today, "", monday.clock.now())
    monday.session.commit()
    before = rehearsed(monday, "Clear it")[0]
    done_at_its_deadline(monday, "Buffet out")
    Live(monday.session, monday.clock).run(before.deadline_at + timedelta(hours=3))
    assert as_rehearsed(before) == lived(monday, "Clear it")


def test_a_step_that_only_an_answer_opens_is_told_of_and_not_missed(monday):
    played = rehearsals.of_process(monday.session, monday.run.process, monday.clock.now(), 3)
    assert [step.title for step in played.conditional] == ["Move the food"]
    assert {run.step.title for run in played.runs if run.step} == {"Clear it"}
    assert monday.session.get_one(Run, monday.run.id).state == "open"
