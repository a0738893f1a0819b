"""The pages of locations: who adds and changes them, and what follows."""

import re
from datetime import date, time
from html import unescape

import pytest
from sqlalchemy import select

from tests.factories import process, signed_in
from webapp.models import Event, Location, Run
from webapp.services import locations
from worker.duties import tick


@pytest.fixture
def browser(app, session, crew, clock):
    def of(who: str):
        return signed_in(app, session, getattr(crew, who), clock.now())

    return of


@pytest.fixture
def uptown(session, clock, crew) -> Location:
    """A location of which Maya is no manager."""
    place = locations.Place("Uptown", "America/Chicago")
    added = locations.add(session, crew.org_id, place, clock.now())
    session.commit()
    return added


def test_only_an_owner_adds_a_location_and_the_page_says_so(browser, session):
    form = {"name": "Riverside", "time_zone": "Europe/Berlin"}
    page = browser("maya").post("/locations", data=form)
    assert page.status_code == 403
    assert "Only an owner adds locations." in page.text
    assert len(session.scalars(select(Location)).all()) == 1


def test_a_manager_opens_and_changes_no_location_of_others(browser, uptown):
    client = browser("maya")
    form = {"name": "Mine", "time_zone": "UTC"}
    for page in (
        client.get(f"/locations/{uptown.id}"),
        client.post(f"/locations/{uptown.id}", data=form),
    ):
        assert page.status_code == 403
        assert "Uptown is not one of your locations." in page.text


def test_a_location_is_added_and_listed(browser, crew, session):
    client = browser("olivia")
    form = {
        "name": "Riverside",
        "time_zone": "Europe/Berlin",
        "opens": "06:30",
        "closes": "18:00",
        "closed": "2026-12-25\n2026-12-26",
    }
    assert client.post("/locations", data=form).location == "/locations"
    page = client.get("/locations").text
    assert "Open from 06:30 to 18:00" in page
    assert "Closed on 25 December 2026 and 1 more day." in page
    made = locations.by_name(session, crew.org_id, "Riverside")
    assert (made.opens, made.closed_dates) == (
        time(6, 30),
        {date(2026, 12, 25), date(2026, 12, 26)},
    )
    assert session.scalars(select(Event).order_by(Event.seq.desc())).first().actor == crew.olivia.id


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({"name": ""}, 422, "name"),
        ({"name": "Downtown"}, 409, "name"),
        ({"time_zone": "Mars/Olympus"}, 422, "time_zone"),
        ({"opens": "25:00"}, 422, "opens"),
        ({"closes": "late"}, 422, "closes"),
        ({"closed": "2026-12-25 2026-02-30"}, 422, "closed"),
        ({"open_days": "XX"}, 422, "open_days"),
        ({"holidays": "XX"}, 422, "holidays"),
        ({"holidays": "DE", "region": "IL"}, 422, "holidays"),
    ],
)
def test_a_wrong_location_comes_back_with_what_was_typed(
    browser, session, crew, wrong, status, field
):
    form = {"name": "Riverside", "time_zone": "Europe/Berlin", "closed": "2026-12-25"} | wrong
    page = browser("olivia").post("/locations", data=form)
    assert page.status_code == status
    assert f'id="{field}-error"' in page.text
    assert "2026-12-25" in page.text
    assert len(session.scalars(select(Location)).all()) == 1


def test_a_location_is_shown_with_what_it_has_and_changed(browser, crew, session):
    client = browser("maya")
    address = f"/locations/{crew.location.id}"
    assert re.search(r'value="America/Chicago" selected', client.get(address).text)
    form = {"name": "Old Town", "time_zone": "America/Denver", "closed": "2027-01-01"}
    assert client.post(address, data=form).location == address
    session.expire_all()
    assert (crew.location.name, crew.location.time_zone) == ("Old Town", "America/Denver")
    assert "2027-01-01" in client.get(address).text


def test_closing_a_day_takes_its_planned_runs_away(browser, crew, session, clock):
    process(session, crew, clock.now())
    planned = session.scalars(select(Run.occurrence).where(Run.state == "planned")).all()
    assert "2026-11-25T07:15" in planned
    form = {"name": "Downtown", "time_zone": "America/Chicago", "closed": "2026-11-25"}
    browser("maya").post(f"/locations/{crew.location.id}", data=form)
    left = session.scalars(select(Run.occurrence).where(Run.state == "planned")).all()
    assert set(planned) - set(left) == {"2026-11-25T07:15"}


def words(answer) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


PLACE = {"name": "Downtown", "time_zone": "America/Chicago"}


@pytest.fixture
def kept(session, crew, clock):
    """The form of Downtown, its address, and the dates on which something is planned there."""
    process(session, crew, clock.now())

    def planned() -> list[str]:
        query = select(Run.occurrence).where(Run.state == "planned").order_by(Run.occurrence)
        return [key[8:10] for key in session.scalars(query)]

    return f"/locations/{crew.location.id}", planned


def test_weekdays_and_holidays_are_kept_and_said_in_words(browser, kept):
    (address, planned), client = kept, browser("maya")
    form = PLACE | {"open_days": ["MO", "TH", "FR"], "holidays": "US", "region": "IL"}
    page = client.get(client.post(address, data=form).location)
    assert planned() == ["23", "27"]
    assert "Saved. 3 runs will not take place: Opening check, 07:15 tomorrow;" in words(page)
    assert re.search(r'value="TH" checked', page.text)
    assert re.search(r'value="IL" selected', page.text)
    assert "Friday 25 December: Christmas Day" in words(page)
    listed = words(client.get("/locations"))
    assert "Open Monday, Thursday and Friday." in listed
    assert "Closed on public holidays: Illinois, United States." in listed


def test_a_holiday_that_is_a_working_day_keeps_its_run(browser, kept, crew):
    (address, planned), client = kept, browser("maya")
    form = PLACE | {"holidays": "US", "open_dates": "2026-11-26"}
    page = client.get(client.post(address, data=form).location)
    assert "26" in planned()
    assert re.search(r'name="open_dates"[^>]*>2026-11-26</textarea>', page.text)
    assert "Thanksgiving" not in words(page).split("Public holidays to come")[1].split("2027")[0]
    wrong = client.post(address, data=form | {"open_dates": "Thanksgiving"})
    assert wrong.status_code == 422
    assert 'id="open_dates-error"' in wrong.text


def test_what_a_change_will_do_is_shown_before_it_is_saved(browser, kept, session, crew):
    (address, planned), client = kept, browser("maya")
    before = planned()
    page = client.post(address, data=PLACE | {"holidays": "US", "look": "1"})
    assert page.status_code == 200
    assert "Nothing is saved yet. If you save this:" in words(page)
    assert "1 run will not take place: Opening check, 07:15 on Thursday." in words(page)
    assert re.search(r'value="US" selected', page.text)
    assert (planned(), crew.location.holiday_country) == (before, None)


def test_a_change_that_moves_no_run_says_so(browser, kept):
    (address, _), client = kept, browser("maya")
    page = client.get(client.post(address, data=PLACE | {"closed": "2027-07-05"}).location)
    assert "Saved. No run of the next days changes." in words(page)
    assert "Saved." not in words(client.get(address))


def test_closed_today_is_one_press_and_can_be_undone(browser, kept, session, clock):
    (address, _), client = kept, browser("maya")
    tick(session, clock.advance(hours=1))
    page = client.get(client.post(f"{address}/closed-today").location)
    assert "Saved. 1 run will not take place: Opening check, 07:15." in words(page)
    assert "Downtown is closed today." in words(page)
    assert "Closed today." in words(client.get("/locations"))
    page = client.get(client.post(f"{address}/open-today").location)
    assert "Saved. 1 run will take place in addition: Opening check, 07:15." in words(page)
    tick(session, clock.advance(seconds=1))
    assert session.scalars(select(Run.state).order_by(Run.deadline_at)).first() == "open"


def test_a_manager_closes_no_location_of_others_today(browser, uptown):
    for path in ("closed-today", "open-today"):
        page = browser("maya").post(f"/locations/{uptown.id}/{path}")
        assert page.status_code == 403
    assert f"/locations/{uptown.id}" not in browser("maya").get("/locations").text


def test_the_regions_of_a_country_are_offered_with_what_was_typed(browser, kept):
    (address, _), client = kept, browser("maya")
    page = client.post(address, data=PLACE | {"holidays": "DE", "region": "IL"})
    assert page.status_code == 422
    assert "“IL” is not a region of Germany." in words(page)
    assert '<option value="BY">Bayern</option>' in page.text
