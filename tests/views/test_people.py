"""The page of people, who may use it, and who may use the pages of locations."""

import re

import pytest
from sqlalchemy import select

from tests.factories import Crew, crew_of_a_daycare, signed_in
from webapp.models import Location, Person
from webapp.services import locations, organisations

PASSWORD = "four plain words here"


@pytest.fixture
def browser(app, session, crew, clock):
    def of(who: str):
        return signed_in(app, session, getattr(crew, who), clock.now())

    return of


@pytest.fixture
def bakery(session, clock) -> Crew:
    return crew_of_a_daycare(session, clock.now(), name="Bakery")


@pytest.fixture
def uptown(session, clock, crew) -> Location:
    """A location of which Maya is no manager."""
    place = locations.Place("Uptown", "America/Chicago")
    added = locations.add(session, crew.org_id, place, clock.now())
    session.commit()
    return added


def link_in(page: str) -> str:
    return re.search(r"https?://[\w.:]+/join#[\w-]+", page)[0]


PAGES = [
    ("GET", "/people"),
    ("POST", "/people"),
    ("POST", "/people/{ana}/link"),
    ("POST", "/people/{ana}/deactivate"),
    ("GET", "/locations"),
    ("GET", "/locations/{downtown}"),
    ("POST", "/locations/{downtown}"),
]


@pytest.mark.parametrize(
    ("who", "lets_in"), [("olivia", True), ("maya", True), ("ana", False), (None, False)]
)
def test_the_pages_are_for_owners_and_managers(app, browser, crew, who, lets_in):
    ids = {"ana": crew.ana.id, "downtown": crew.location.id}
    client = browser(who) if who else app.test_client()
    for method, path in PAGES:
        answer = client.open(path.format(**ids), method=method)
        refused = answer.status_code == 403 or (answer.location or "").startswith("/sign-in")
        assert refused != lets_in, f"{method} {path}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/people/{ana}/link"),
        ("POST", "/people/{ana}/deactivate"),
        ("GET", "/locations/{downtown}"),
        ("POST", "/locations/{downtown}"),
    ],
)
def test_what_belongs_to_another_organisation_is_not_there(browser, bakery, method, path):
    address = path.format(ana=bakery.ana.id, downtown=bakery.location.id)
    made_up = path.format(ana="0" * 26, downtown="0" * 26)
    client = browser("olivia")
    form = {"name": "Mine now", "time_zone": "UTC"}
    theirs = client.open(address, method=method, data=form)
    nobodys = client.open(made_up, method=method, data=form)
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.text == nobodys.text


def test_another_organisations_people_and_places_are_not_listed(browser, bakery):
    client = browser("olivia")
    assert "bakery.example" not in client.get("/people").text
    assert bakery.location.id not in client.get("/people").text
    assert bakery.location.id not in client.get("/locations").text


def test_the_link_of_an_invitation_is_shown_once_and_lets_the_person_in(
    app, browser, crew, session
):
    client = browser("maya")
    form = {
        "name": "Nina",
        "email": "nina@sunflower.example",
        "role": "staff",
        "location": crew.location.id,
    }
    answer = client.post("/people", data=form)
    assert (answer.status_code, answer.location) == (303, "/people")
    shown = client.get("/people").text
    link = link_in(shown)
    assert "Give this link to Nina" in shown
    assert "in three days" in shown
    assert link not in client.get("/people").text
    joining = {"secret": link.partition("#")[2], "password": PASSWORD}
    assert app.test_client().post("/join", data=joining).location == "/today"
    nina = session.scalars(select(Person).where(Person.name == "Nina")).one()
    assert nina.locations == [crew.location]


def test_a_wrong_invitation_comes_back_with_what_was_typed(browser, crew, session):
    form = {"name": "Ana", "email": "new@sunflower.example", "role": "manager"}
    page = browser("olivia").post("/people", data=form | {"location": [crew.location.id]})
    assert page.status_code == 409
    assert 'id="name-error"' in page.text
    assert 'value="new@sunflower.example"' in page.text
    assert re.search(r'value="manager" checked', page.text)
    assert re.search(rf'value="{crew.location.id}" checked', page.text)


def test_a_manager_is_not_offered_to_make_owners_and_cannot(browser, crew, session):
    client = browser("maya")
    assert 'value="owner"' not in client.get("/people").text
    page = client.post("/people", data={"name": "Nina", "role": "owner"})
    assert page.status_code == 403
    assert session.scalar(select(Person).where(Person.name == "Nina")) is None


def test_a_manager_cannot_open_the_owners_account_by_a_new_link(browser, crew):
    client = browser("maya")
    assert client.post(f"/people/{crew.olivia.id}/link").status_code == 403
    assert f"/people/{crew.olivia.id}/link" not in client.get("/people").text
    assert f"/people/{crew.ana.id}/link" in client.get("/people").text


def test_somebody_deactivated_is_shown_as_gone_and_signed_out(browser, crew):
    ana, client = browser("ana"), browser("maya")
    assert client.post(f"/people/{crew.ana.id}/deactivate").location == "/people"
    assert "Works here no more" in client.get("/people").text
    assert ana.get("/password").location.startswith("/sign-in")


def test_the_last_owner_stays_and_the_page_says_why(browser, crew):
    page = browser("olivia").post(f"/people/{crew.olivia.id}/deactivate")
    assert page.status_code == 409
    assert "needs an owner" in page.text


def test_a_foreign_location_cannot_be_given_to_a_person(browser, bakery, session):
    form = {"name": "Nina", "role": "staff", "location": bakery.location.id}
    assert browser("olivia").post("/people", data=form).status_code == 404
    assert session.scalar(select(Person).where(Person.name == "Nina")) is None


def test_a_manager_invites_only_to_their_own_locations(browser, uptown, session):
    client = browser("maya")
    assert uptown.id in browser("olivia").get("/people").text
    assert uptown.id not in client.get("/people").text
    form = {"name": "Nina", "role": "manager", "location": uptown.id}
    page = client.post("/people", data=form)
    assert page.status_code == 403
    assert "Uptown is not one of your locations." in page.text
    assert session.scalar(select(Person).where(Person.name == "Nina")) is None


def test_a_manager_makes_no_link_for_the_people_of_other_locations(browser, crew, uptown, session):
    crew.ana.locations = [uptown]
    session.commit()
    client = browser("maya")
    assert client.post(f"/people/{crew.ana.id}/link").status_code == 403
    assert f"/people/{crew.ana.id}/link" not in client.get("/people").text


def test_an_owner_without_an_address_is_listed_without_one(browser, session, clock, app):
    owner = organisations.create(session, "Kiosk", "Main", "UTC", "Kim", None, None, clock.now())
    client = signed_in(app, session, owner, clock.now())
    assert "None" not in client.get("/people").text


def test_nobody_deactivates_themselves(browser, crew):
    page = browser("olivia").get("/people").text
    assert f"/people/{crew.olivia.id}/deactivate" not in page
    assert f"/people/{crew.maya.id}/deactivate" in page


def test_who_has_left_can_be_invited_again(browser, crew, session):
    client = browser("olivia")
    client.post(f"/people/{crew.ana.id}/deactivate")
    assert "Invite again" in client.get("/people").text
    client.post(f"/people/{crew.ana.id}/link")
    assert link_in(client.get("/people").text)
    assert session.get_one(Person, crew.ana.id).deactivated_at is None


def test_a_typed_task_stays_while_people_are_invited(browser):
    client = browser("olivia")
    form = {"name": "Lin", "email": "lin@sunflower.example", "role": "staff"}
    answer = client.post("/people?sentence=Lin+checks+the+till", data=form)
    page = client.get(answer.location).text
    assert "Your task is kept: “Lin checks the till”." in page
    assert "/processes/new?sentence=Lin+checks+the+till" in page


def test_that_somebody_has_not_joined_is_said_once(browser):
    page = browser("olivia").get("/people").text
    assert page.count("Ben has not joined yet.") == 1
    assert "Has not joined yet." not in page
