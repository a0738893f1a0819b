"""What twelve months of a process were at one location, and what was missed in them."""

from datetime import date, timedelta

import pytest

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from tests.statements import statements
from webapp.models import Run
from webapp.services import locations, process_year

MONDAY = date(2026, 11, 23)
NOTE = {"kind": "note", "text": "Done."}
TWO = (("Gate latch", proof("note")), ("Alarm off", proof("note")))


@pytest.fixture
def day(stored, clock) -> Day:
    return Day(stored, clock, crew_of_a_daycare(stored, clock.now()), steps=TWO)


def year(day):
    place, now = day.crew.location, day.clock.now()
    return process_year.of(day.session, day.step.run.process, place, now)


def misses(day):
    place, now = day.crew.location, day.clock.now()
    return process_year.misses(day.session, day.step.run.process, place, now)


def does_all(day, who):
    for step in list(day.step.run.step_runs):
        day.does(who, step=step, proof=NOTE)


def test_twelve_months_begin_on_the_first_of_the_month_eleven_before(day):
    assert (year(day).first, year(day).last) == (date(2025, 12, 1), MONDAY)


def test_a_run_in_time_a_run_of_the_backup_and_one_of_the_owner_are_three_things(day):
    assert year(day).days[MONDAY] == ["ahead"]
    does_all(day, "ana")
    assert year(day).days[MONDAY] == ["on_time"]


def test_what_moved_on_is_not_what_came_to_the_last(day):
    day.later(minutes=50)
    assert year(day).days[MONDAY] == ["moved"]
    day.later(minutes=20)
    day.later(minutes=30)
    assert year(day).days[MONDAY] == ["owner"]
    does_all(day, "olivia")
    assert year(day).days[MONDAY] == ["owner"]


def test_what_is_due_and_not_closed_yet_is_neither(day):
    day.clock.advance(minutes=46)
    assert year(day).days[MONDAY] == ["open"]


def test_a_run_that_was_called_off_counts_as_nothing_else(day):
    run = day.session.get_one(Run, day.step.run_id)
    run.state, run.remind_at = "void", None
    assert year(day).days[MONDAY] == ["off"]


def test_a_closed_date_is_known_as_one(day):
    locations.close(day.session, day.crew.location, [MONDAY], day.clock.now())
    assert MONDAY in year(day).closed
    assert MONDAY - timedelta(days=1) not in year(day).closed


def test_two_missed_steps_of_a_run_are_one_miss_with_its_notes(day):
    day.later(minutes=50)
    does_all(day, "ben")
    day.does("ben", "fix_note", text="Moved the key.")
    ((miss,), more) = misses(day)
    assert [step.title for step in miss.steps] == ["Gate latch", "Alarm off"]
    assert [move.to_person.name for step in miss.steps for move in step.moves] == ["Ben", "Ben"]
    assert [note.text for note in miss.notes] == ["Moved the key."]
    assert not more


def test_another_place_has_no_miss_of_this_one(day):
    day.later(minutes=50)
    place = locations.Place("Riverside", "America/New_York")
    there = locations.add(day.session, day.crew.org_id, place, day.clock.now())
    process = day.step.run.process
    assert process_year.misses(day.session, process, there, day.clock.now()) == ([], False)
    assert process_year.of(day.session, process, there, day.clock.now()).days == {}


def test_more_misses_cost_no_more_statements(day):
    day.later(minutes=50)
    with statements(day.session) as few:
        misses(day)
    for _each in range(3):
        day.later(days=1)
    day.later(minutes=50)
    day.session.expire_all()
    day.step  # noqa: B018 - read again beforehand
    with statements(day.session) as many:
        found, _more = misses(day)
    assert len(found) > 1
    assert len(many) <= len(few) + 6
