"""The page of a run says that it, or a step of it, was called off, and taken up again."""

from datetime import date

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import proof, signed_in
from tests.views.pages import words
from webapp.models import Run
from webapp.services import locations

NOTE = {"kind": "note", "text": "Closed."}
TWO = (("Gate latch", proof("note")), ("Door", proof("note")))
TOMORROW = date(2026, 11, 24)


@pytest.fixture
def day(session, clock, crew) -> Day:
    return Day(session, clock, crew, steps=TWO)


@pytest.fixture
def page_of(app, session, clock, crew):
    def read(run: Run) -> str:
        browser = signed_in(app, session, crew.olivia, clock.now())
        return words(browser.get(f"/runs/{run.id}"))

    return read


@pytest.fixture
def press(app, session, clock, crew):
    def on(what: str) -> str:
        browser = signed_in(app, session, crew.maya, clock.now())
        address = f"/locations/{crew.location.id}/{what}"
        return words(browser.post(address, follow_redirects=True))

    return on


def test_a_step_called_off_out_of_a_begun_run_is_named_in_the_notice(day, press):
    day.does("ana", proof=NOTE)
    notice = press("closed-today")
    assert "1 step of a run that has begun is called off: “Door” of Opening check, 07:15." in notice
    assert "No run of the next days changes." not in notice


def test_the_page_says_who_called_the_step_off_when_and_why(day, page_of, press):
    day.does("ana", proof=NOTE)
    day.later(minutes=5)
    press("closed-today")
    page = page_of(day.step.run)
    assert "06:35 Called off by Maya: Downtown was closed." in page
    assert "Closed at 06:35. 1 of 2 steps was called off." in page
    assert "Ana, responsible: had it last." in page


def test_a_step_that_is_taken_up_again_says_so_after_it(day, page_of, press):
    day.does("ana", proof=NOTE)
    press("closed-today")
    day.later(minutes=5)
    press("open-today")
    page = page_of(day.step.run)
    called_off = page.index("06:30 Called off by Maya")
    assert called_off < page.index("06:35 Taken up again by Maya: Downtown was open after all.")
    assert "1 of 2 steps is not closed yet." in page


def test_a_whole_run_says_so_at_its_top(day, page_of, press):
    press("closed-today")
    page = page_of(day.step.run)
    assert "due at 07:15. Maya called it off at 06:30: Downtown was closed." in page


def test_a_run_that_never_opened_does_not_say_that_it_will(session, clock, crew, day, page_of):
    closed = locations.changed(crew.location, {"closed": {TOMORROW}})
    planned = session.scalars(select(Run).where(Run.occurrence.startswith("2026-11-24"))).one()
    locations.edit(session, crew.location, closed, clock.now(), crew.olivia.id)
    session.commit()
    page = page_of(planned)
    assert "It was called off. It had not opened." in page
    assert "It opens" not in page
