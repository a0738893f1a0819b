"""The page of twelve months: a calendar that says all in words too, and every miss end to end."""

from datetime import date

import pytest

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof, signed_in
from tests.views.pages import words
from webapp.models import Location
from webapp.services.process_year import Year
from webapp.views import year_picture

NOTE = {"kind": "note", "text": "Done."}
FIRST = date(2026, 2, 1)


@pytest.fixture
def day(session, clock, crew) -> Day:
    return Day(session, clock, crew, steps=(("Gate latch", proof("note")),))


@pytest.fixture
def read(app, session, clock, day):
    def page(more: str = "/year", who: str = "olivia") -> str:
        browser = signed_in(app, session, day.crew.people[who], clock.now())
        return words(browser.get(f"/processes/{day.step.run.process_id}{more}"))

    return page


def test_a_miss_is_told_from_end_to_end(read, day):
    day.later(minutes=50)
    day.later(minutes=20)
    day.does("fay", proof=NOTE)
    page = read()
    assert "0 of 1 runs in twelve months needed nobody to chase." in page
    assert "Monday 23 November 2026, due at 07:15" in page
    assert "Due with Ana." in page
    assert "Handed to Ben, because Ana did not get to it." in page
    assert "Handed to Fay, because Ben did not get to it." in page
    assert "Fay closed it at 07:40." in page
    assert "November 2026 1 0 1 0 0" in page


def test_the_page_of_the_process_shows_the_same_months(read, day):
    day.does("ana", proof=NOTE)
    page = read("")
    assert "Twelve months at Downtown" in page
    assert "November 2026 : 1 of 1" in page


def test_without_a_miss_the_page_says_so(read):
    assert "Nothing was missed here in these twelve months." in read()


def test_a_place_that_is_not_there_shows_the_first(read):
    assert "Opening check, Downtown" in read("/year?location=01NEVER0000000000000000000")


def test_a_manager_of_another_place_sees_nothing_of_this_one(read, day):
    day.crew.maya.locations = []
    day.session.commit()
    assert "This process is not done at any of your locations." in read(who="maya")


def test_another_organisation_finds_nothing(app, session, clock, day):
    stranger = crew_of_a_daycare(session, clock.now(), name="Bakery").olivia
    browser = signed_in(app, session, stranger, clock.now())
    assert browser.get(f"/processes/{day.step.run.process_id}/year").status_code == 404


def shown(days=(), closed=(), last=date(2026, 2, 28)) -> Year:
    return Year(Location(), FIRST, last, dict(days), frozenset(closed))


def test_a_day_of_several_runs_is_what_its_worst_was():
    year = shown({FIRST: ["on_time", "owner", "moved"]}, closed=[date(2026, 2, 2)])
    assert year_picture.state_of(year, FIRST) == "owner"
    assert year_picture.state_of(year, date(2026, 2, 2)) == "off"
    assert year_picture.state_of(year, date(2026, 2, 3)) == "none"


def test_every_state_has_a_shape_of_its_own():
    kinds = ("on_time", "moved", "owner", "open", "off", "none")
    bare = {str(year_picture.mark(kind, 0, 0)).replace(" need", "") for kind in kinds}
    assert len(bare) == len(kinds)


def test_a_month_draws_each_of_its_days_and_counts_what_was_due():
    (month,) = year_picture.months(
        shown({FIRST: ["on_time", "moved"], date(2026, 2, 3): ["ahead"]})
    )
    assert month["name"] == "February 2026"
    assert month["total"] == 2
    assert month["picture"].count("class=") >= 28
