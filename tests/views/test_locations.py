"""The pages of locations: who adds and changes them, and what follows."""

import re
from datetime import date, time

import pytest
from sqlalchemy import select

from tests.factories import process, signed_in
from webapp.models import Event, Location, Run
from webapp.services import locations


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
    assert client.post(address, data=form).location == "/locations"
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
