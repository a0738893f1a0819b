"""The page of the week: one sentence, then what needed the owner and what did not."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.conftest import MONDAY
from tests.day import Day
from tests.factories import process, proof, signed_in
from tests.past_runs import past_runs
from tests.views.pages import words
from webapp.models import OutboxMessage
from webapp.services import digests, patterns
from webapp.views import week


@pytest.fixture
def day(session, clock, crew) -> Day:
    return Day(session, clock, crew, steps=(("Gate latch", proof("note")),))


@pytest.fixture
def read(app, session, clock, crew):
    def page(address: str = "/week", who: str = "olivia") -> str:
        answer = signed_in(app, session, crew.people[who], clock.now()).get(address)
        assert answer.status_code == 200
        return words(answer)

    return page


def test_the_first_week_says_what_will_stand_here(read):
    page = read()
    assert "No run was due yet this week." in page
    assert "This is the first week." in page


def test_a_week_begins_with_both_numbers_and_names_what_needed_the_owner(read, day):
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)
    page = read()
    assert "Week of 23–29 November" in page
    assert "So far 0 of 1 runs this week needed nobody to chase." in page
    assert "“Gate latch” of Opening check at Downtown reached you." in page
    assert "Monday 23 November: 0 of 1, 1 of 1 missed" in page.replace(" ,", ",")
    assert "Nothing had to move." not in page
    assert "What needed the owner, and why" in read(who="maya")
    assert "reached Olivia." in read(who="maya")


def test_a_week_that_is_over_leads_on_to_the_next(read, day, clock):
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)
    clock.advance(days=7)
    page = read("/week?week=2026-W48")
    assert "0 of 5 runs needed nobody to chase." in page
    assert "The week after" in page
    assert "The week before" not in page
    assert "The week before" in read()


@pytest.mark.parametrize("week", ["", "2026-W99", "%00", "9999-W52", "<script>", "2026-W47&week=x"])
def test_an_address_that_names_no_week_shows_this_one(read, day, week):
    assert "Week of 23–29 November" in read(f"/week?week={week}") or week.startswith("2026-W47")


def test_what_is_beyond_the_first_rows_unfolds(read, day, monkeypatch):
    monkeypatch.setattr(week, "MOST_ROWS", 1)
    for minutes in (50, 20, 30):
        day.later(minutes=minutes)
    day.later(days=1)
    for minutes in (20, 30):
        day.later(minutes=minutes)
    page = read()
    assert page.count("reached you.") == 2
    assert page.index("reached you.") < page.index("And 1 more.") < page.rindex("reached you.")


def test_held_work_leads_to_where_it_is_decided(app, session, clock, crew, day):
    day.does("fay", proof={"kind": "note", "text": "Done."}, id="from-fay")
    page = signed_in(app, session, crew.olivia, clock.now()).get("/week").text
    assert 'href="/held/from-fay"' in page


def test_staff_have_no_week(app, session, clock, crew):
    assert signed_in(app, session, crew.ana, clock.now()).get("/week").status_code == 403


def test_an_owner_chooses_how_they_are_told_of_the_week(app, session, clock, crew):
    browser = signed_in(app, session, crew.olivia, clock.now())
    assert 'value="both" checked' in browser.get("/me").text
    answer = browser.post("/me/digest", data={"digest": "none"})
    assert answer.status_code == 303
    session.expire_all()
    assert crew.olivia.digest == "none"
    assert 'value="none" checked' in browser.get(answer.location).text


@pytest.mark.parametrize("typed", ["", "fax", "x" * 5000])
def test_a_way_that_does_not_exist_is_said_and_changes_nothing(app, session, clock, crew, typed):
    browser = signed_in(app, session, crew.olivia, clock.now())
    answer = browser.post("/me/digest", data={"digest": typed})
    assert answer.status_code == 422
    assert "Choose by what you are told of the week." in answer.text
    session.expire_all()
    assert crew.olivia.digest == "both"


def test_staff_are_asked_nothing_about_a_digest(app, session, clock, crew):
    browser = signed_in(app, session, crew.ana, clock.now())
    assert "digest" not in browser.get("/me").text
    assert browser.post("/me/digest", data={"digest": "none"}).status_code == 403


def test_what_keeps_failing_stands_on_the_page_and_in_the_digest(session, clock, crew, read):
    steps = (("Gate latch", proof("note")), ("Front room ready", proof("note")))
    opening = process(session, crew, clock.now(), steps=steps)
    past_runs(session, crew, opening, "." * 14 + "sss.ss.s", clock.now())
    assert "What keeps failing Nothing stands out." in read()
    patterns.look_at_all(session, crew.org_id, clock.now())
    session.commit()
    assert "“Gate latch” of Opening check failed in" in read()
    assert "What keeps failing" not in read("/week?week=2026-W40")
    owed = digests.Owed(crew.org_id, MONDAY.date() - timedelta(days=7), MONDAY)
    digests.write(session, owed, clock.now())
    (row,) = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "digest"))
    (part,) = (each for each in row.facts["parts"] if each["title"] == "What keeps failing")
    assert part["lines"][0].startswith("“Gate latch” of Opening check failed in")
