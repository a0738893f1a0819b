"""Locations over the API."""

import pytest
from sqlalchemy import select

from tests.factories import crew_of_a_daycare, process
from webapp.models import Location, Person, Run
from webapp.services import sign_in


@pytest.fixture
def api(app, session, crew, clock):
    def of(person: Person):
        client = app.test_client()
        token = sign_in.create_token(session, person, clock.now())
        session.commit()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return of


LOCATION = {
    "name": "Riverside",
    "time_zone": "Europe/Berlin",
    "opens": "06:30",
    "closes": "18:00",
    "closed": ["2026-12-24"],
    "open_days": ["mo", "tu", "we", "th", "fr"],
    "holidays": "DE-BE",
    "open_dates": ["2026-12-26"],
}
MADE = {"id": None, "coming_holidays": None}


def test_a_location_is_added_listed_and_changed_in_what_is_sent(api, crew):
    client = api(crew.olivia)
    added = client.post("/api/v1/locations", json=LOCATION)
    assert added.status_code == 201
    assert added.json | MADE == LOCATION | MADE
    address = f"/api/v1/locations/{added.json['id']}"
    change = {"opens": None, "closed": [], "open_days": ["sa", "su"]}
    assert client.patch(address, json=change).json | MADE == LOCATION | MADE | change
    names = [place["name"] for place in client.get("/api/v1/locations").json["locations"]]
    assert names == ["Downtown", "Riverside"]


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"name": ""}, "name_missing", "name"),
        ({"name": "Downtown"}, "name_taken", "name"),
        ({"time_zone": "Mars/Olympus"}, "unknown_time_zone", "time_zone"),
        ({"opens": "25:00"}, "not_valid", "opens"),
        ({"opens": "06:30Z"}, "not_valid", "opens"),
        ({"closed": ["2026-02-30"]}, "not_valid", "closed.0"),
        ({"open_days": ["mo", "lundi"]}, "open_days_not_valid", "open_days"),
        ({"holidays": "Germany"}, "holidays_unknown", "holidays"),
        ({"holidays": "DE-ZZ"}, "holidays_unknown", "holidays"),
        ({"holidays": "An unknown kingdom"}, "not_valid", "holidays"),
        ({"colour": "red"}, "not_valid", "colour"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_wrong_location_names_the_field(api, crew, session, method, wrong, code, field):
    places = session.scalars(select(Location)).all()
    client = api(crew.olivia)
    if method == "PATCH" and wrong == {"name": "Downtown"}:
        client.post("/api/v1/locations", json=LOCATION)
        places = session.scalars(select(Location).order_by(Location.name.desc())).all()
    address = "/api/v1/locations" + (f"/{places[0].id}" if method == "PATCH" else "")
    body = LOCATION | wrong if method == "POST" else wrong
    answer = client.open(address, method=method, json=body)
    assert (answer.json["code"], set(answer.json["fields"])) == (code, {field})


def test_only_an_owner_adds_a_location_and_managers_change_their_own(api, crew):
    owner, manager = api(crew.olivia), api(crew.maya)
    assert manager.post("/api/v1/locations", json=LOCATION).json["code"] == "not_allowed"
    added = owner.post("/api/v1/locations", json=LOCATION).json
    closed = {"closed": ["2026-12-26"]}
    told = manager.patch(f"/api/v1/locations/{added['id']}", json=closed)
    assert (told.status_code, told.json["code"]) == (403, "not_allowed")
    assert "Riverside is not one of your locations" in told.json["detail"]
    assert manager.patch(f"/api/v1/locations/{crew.location.id}", json=closed).json["closed"] == [
        "2026-12-26"
    ]


def test_a_location_says_which_holidays_it_will_keep(api, crew):
    added = api(crew.olivia).post("/api/v1/locations", json=LOCATION).json
    assert {"on": "2026-12-25", "name": "Christmas Day"} in added["coming_holidays"]
    assert added["coming_holidays"][0]["on"] >= "2026-11-23"
    assert "2026-12-26" not in {each["on"] for each in added["coming_holidays"]}


def test_the_regions_and_holidays_of_a_country_are_told(api, crew):
    told = api(crew.maya).get("/api/v1/holidays?place=US-IL").json
    assert {"code": "IL", "name": "Illinois"} in told["regions"]
    assert {"on": "2027-02-12", "name": "Lincoln's Birthday"} in told["holidays"]
    for wrong in ("", "XX", "US-ZZ"):
        answer = api(crew.maya).get(f"/api/v1/holidays?place={wrong}")
        assert answer.json["code"] == "holidays_unknown"


@pytest.fixture
def planned(session, clock, crew):
    process(session, crew, clock.now())

    def days() -> list[str]:
        query = select(Run.occurrence).where(Run.state == "planned").order_by(Run.occurrence)
        return [key[8:10] for key in session.scalars(query)]

    return days


def test_closures_are_added_for_a_span_listed_and_taken_back(api, crew, planned):
    client = api(crew.maya)
    asked = {"location": crew.location.id, "on": "2026-11-24", "until": "2026-11-26"}
    added = client.post("/api/v1/closures", json=asked)
    assert added.status_code == 201
    assert added.json["runs"] == {
        "not_taking_place": 3,
        "added": 0,
        "moved": 0,
        "steps_called_off": 0,
        "steps_taken_up": 0,
    }
    assert [each["on"][8:] for each in added.json["closures"]] == ["24", "25", "26"]
    assert planned() == ["23", "27"]
    listed = client.get(f"/api/v1/closures?location={crew.location.id}").json
    assert listed == {"closures": added.json["closures"]}
    gone = client.delete(f"/api/v1/closures/{listed['closures'][1]['id']}")
    assert (gone.status_code, gone.json["added"]) == (200, 1)
    assert planned() == ["23", "25", "27"]
    assert client.delete(f"/api/v1/closures/{listed['closures'][1]['id']}").status_code == 404


def test_closures_that_are_over_are_not_listed(api, crew):
    client = api(crew.olivia)
    for on in ("2026-11-22", "2026-11-23"):
        client.post("/api/v1/closures", json={"location": crew.location.id, "on": on})
    listed = client.get("/api/v1/closures").json["closures"]
    assert [each["on"] for each in listed] == ["2026-11-23"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"until": "2026-11-01"}, "not_valid"),
        ({"until": "2036-11-01"}, "not_valid"),
        ({"on": "soon"}, "not_valid"),
        ({"location": "0" * 26}, "not_found"),
        ({"why": "snow"}, "not_valid"),
    ],
)
def test_a_wrong_closure_is_refused_with_its_code(api, crew, wrong, code):
    asked = {"location": crew.location.id, "on": "2026-11-24"} | wrong
    assert api(crew.olivia).post("/api/v1/closures", json=asked).json["code"] == code


def test_a_manager_closes_only_their_own_locations(api, crew):
    place = api(crew.olivia).post("/api/v1/locations", json=LOCATION).json["id"]
    client = api(crew.maya)
    asked = {"location": place, "on": "2026-11-24"}
    assert client.post("/api/v1/closures", json=asked).json["code"] == "not_allowed"
    assert client.delete(f"/api/v1/closures/{place}.2026-12-24").json["code"] == "not_allowed"
    assert client.get(f"/api/v1/closures?location={place}").json == {"closures": []}


def test_the_closures_of_another_organisation_are_not_there(api, crew, session, clock):
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    client = api(bakery.olivia)
    asked = {"location": crew.location.id, "on": "2026-11-24"}
    assert client.post("/api/v1/closures", json=asked).json["code"] == "not_found"
    assert client.delete(f"/api/v1/closures/{crew.location.id}.2026-11-24").status_code == 404
