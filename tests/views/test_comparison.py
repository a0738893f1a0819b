"""Locations side by side: every count with its whole, by name, and honest where it is little."""

import pytest

from tests.day import Day
from tests.factories import process, proof, signed_in
from tests.statements import statements
from tests.views.pages import words
from webapp.services import comparison, definitions, locations, planning
from webapp.views import drawing

NOTE = {"kind": "note", "text": "Done."}


@pytest.fixture
def day(session, clock, crew) -> Day:
    """A process that is done at Downtown, and from now on at Annex too."""
    day = Day(session, clock, crew, steps=(("Gate latch", proof("note")),))
    place = locations.Place("Annex", "America/New_York")
    version = definitions.current_version(day.step.run.process)
    version.locations.append(locations.add(session, crew.org_id, place, clock.now()))
    session.flush()
    planning.replan_process(session, version.process, clock.now())
    session.commit()
    return day


@pytest.fixture
def read(app, session, clock, crew):
    def page(address: str = "/locations/compare", who: str = "olivia") -> str:
        return words(signed_in(app, session, crew.people[who], clock.now()).get(address))

    return page


def test_each_location_has_its_counts_with_what_they_are_counted_of(read, day):
    day.later(minutes=50)
    day.does("ben", proof=NOTE)
    page = read()
    assert "0 of 1 needed nobody to chase 1 of 1 missed 0 of 1 sent back" in page
    assert page.index("Annex Week") < page.index("Downtown Week")


def test_too_few_runs_are_said_to_be_few(read, day):
    day.later(minutes=50)
    assert "Fewer than 20 runs at Annex and Downtown" in read()


def test_a_manager_of_one_location_has_nothing_to_compare(read, day):
    assert "There is nothing to compare yet." in read(who="maya")


@pytest.mark.parametrize("process", ["", "01NEVER0000000000000000000", "%00<script>"])
def test_a_process_that_is_not_there_shows_the_first(read, day, process):
    assert "Opening check: No run was due" in read(f"/locations/compare?process={process}")


def test_the_process_with_the_most_runs_is_shown_first(session, clock, read, day):
    july = "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1"
    rare = process(session, day.crew, clock.now(), name="A yearly check", rrule=july)
    version = definitions.current_version(rare)
    version.locations = list(definitions.current_version(day.step.run.process).locations)
    session.commit()
    day.later(minutes=50)
    assert "Opening check: 0 of 1 runs" in read()
    assert "A yearly check: No run" in read(f"/locations/compare?process={rare.id}")


def test_it_costs_as_many_statements_for_a_hundred_runs_as_for_one(session, day, clock):
    with statements(session) as listed:
        assert comparison.comparable(session, day.crew.olivia) == [day.step.run.process]
    assert len(listed) <= 6
    process = day.step.run.process
    places = comparison.places_of(process, day.crew.olivia)
    with statements(session) as ran:
        comparison.of(session, process, places, clock.advance(days=5))
    assert len(ran) == 3


def test_a_line_leaves_out_weeks_without_runs_and_a_single_week_has_no_line():
    drawn = drawing.line([1.0, None, 0.5])
    assert (drawn.count("circle"), drawn.count("trend")) == (2, 1)
    assert "trend" not in drawing.line([None, 0.2])
    assert "circle" not in drawing.line([None, None])
