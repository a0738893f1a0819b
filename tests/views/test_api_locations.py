"""Locations over the API."""

import pytest
from sqlalchemy import select

from webapp.models import Location, Person
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
    "closed": ["2026-12-25"],
}


def test_a_location_is_added_listed_and_changed_in_what_is_sent(api, crew):
    client = api(crew.olivia)
    added = client.post("/api/v1/locations", json=LOCATION)
    assert added.status_code == 201
    assert added.json | {"id": None} == LOCATION | {"id": None}
    address = f"/api/v1/locations/{added.json['id']}"
    changed = client.patch(address, json={"opens": None, "closed": []}).json
    assert changed | {"id": None} == LOCATION | {"id": None, "opens": None, "closed": []}
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
