"""People and locations over the API, and on the command line."""

import pytest

from tests.factories import Crew, crew_of_a_daycare, signed_in
from webapp.extensions import limiter
from webapp.models import Person
from webapp.services import invitations, people, sign_in

PASSWORD = "four plain words here"


@pytest.fixture
def api(app, session, crew, clock):
    def of(person: Person):
        client = app.test_client()
        token = sign_in.create_token(session, person, clock.now())
        session.commit()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        return client

    return of


@pytest.fixture
def bakery(session, clock) -> Crew:
    return crew_of_a_daycare(session, clock.now(), name="Bakery")


ROUTES = [
    ("GET", "/api/v1/people"),
    ("POST", "/api/v1/people"),
    ("PATCH", "/api/v1/people/{ana}"),
    ("POST", "/api/v1/people/{ana}/invitations"),
    ("GET", "/api/v1/locations"),
    ("PATCH", "/api/v1/locations/{downtown}"),
]


BODIES = {
    "POST /api/v1/people": {"name": "Nina", "role": "staff"},
}


@pytest.mark.parametrize(
    ("who", "code"),
    [("olivia", None), ("maya", None), ("ana", "not_allowed"), (None, "sign_in_required")],
)
def test_people_and_locations_are_for_owners_and_managers(app, api, crew, who, code):
    ids = {"ana": crew.ana.id, "downtown": crew.location.id}
    client = api(getattr(crew, who)) if who else app.test_client()
    for method, path in ROUTES:
        body = BODIES.get(f"{method} {path}", {})
        answer = client.open(path.format(**ids), method=method, json=body)
        assert answer.json.get("code") == code, f"{method} {path}"
        assert (answer.status_code < 400) == (code is None), f"{method} {path}"


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "{" in route[1]])
def test_the_ids_of_another_organisation_are_not_there(api, crew, bakery, method, path):
    client = api(crew.olivia)
    theirs, nobodys = (
        client.open(path.format(ana=person, downtown=place), method=method, json={})
        for person, place in ((bakery.ana.id, bakery.location.id), ("0" * 26, "0" * 26))
    )
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json == nobodys.json
    assert theirs.content_type == "application/problem+json"


def test_an_unknown_token_is_told_so(app, crew):
    answer = app.test_client().get(
        "/api/v1/people", headers={"Authorization": "Bearer baton_made_up"}
    )
    assert (answer.status_code, answer.json["code"]) == (401, "token_unknown")


def test_an_invitation_answers_with_the_person_and_a_link_that_works(api, crew, session, clock):
    body = {
        "name": "Nina",
        "email": "Nina@sunflower.example",
        "role": "manager",
        "locations": [crew.location.id],
    }
    answer = api(crew.olivia).post("/api/v1/people", json=body)
    assert answer.status_code == 201
    assert answer.json["person"] | {"id": None} == {
        "id": None,
        "name": "Nina",
        "email": "nina@sunflower.example",
        "role": "manager",
        "locations": [crew.location.id],
        "active": True,
        "joined": False,
        "extra": None,
        "language": None,
    }
    assert answer.json["expires_at"] == "2026-11-26T11:30:00Z"
    address, _, secret = answer.json["link"].partition("/join#")
    assert address == "http://localhost:8000"
    assert invitations.accept(session, secret, PASSWORD, clock.now()).name == "Nina"


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({}, "not_valid", "name"),
        ({"name": ""}, "name_missing", "name"),
        ({"name": "Ana"}, "name_taken", "name"),
        ({"name": "Nina", "email": "nina"}, "email_not_valid", "email"),
        ({"name": "Nina", "email": "ben@sunflower.example"}, "email_taken", "email"),
        ({"name": "Nina", "role": "boss"}, "not_valid", "role"),
        ({"name": "Nina", "rights": "all"}, "not_valid", "rights"),
        ({"name": ["Nina"]}, "not_valid", "name"),
        ({"name": "\ud800"}, "not_valid", "name"),
    ],
)
def test_a_wrong_invitation_is_a_problem_document_that_names_the_field(
    api, crew, session, body, code, field
):
    answer = api(crew.olivia).post("/api/v1/people", json=body)
    assert answer.content_type == "application/problem+json"
    assert (answer.json["code"], set(answer.json["fields"])) == (code, {field})
    assert len(people.all_of(session, crew.org_id)) == 5


def test_a_body_that_is_no_json_is_a_problem_too(api, crew):
    answer = api(crew.olivia).post("/api/v1/people", data="{name", content_type="application/json")
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_everybody_is_listed_with_what_they_are(api, crew):
    listed = api(crew.maya).get("/api/v1/people").json["people"]
    assert {person["name"]: person["role"] for person in listed} == {
        "Olivia": "owner",
        "Maya": "manager",
        "Ana": "staff",
        "Ben": "staff",
        "Fay": "staff",
    }
    assert "password" not in repr(listed)


def test_a_person_is_changed_in_what_is_sent_and_nothing_else(api, crew):
    client, address = api(crew.olivia), f"/api/v1/people/{crew.ana.id}"
    assert client.patch(address, json={"role": "manager"}).json["role"] == "manager"
    changed = client.patch(address, json={"name": "Ana Lima", "locations": []}).json
    assert (changed["name"], changed["role"], changed["locations"]) == ("Ana Lima", "manager", [])


def test_a_person_is_deactivated_and_comes_back_by_invitation(api, crew):
    client, address = api(crew.olivia), f"/api/v1/people/{crew.ana.id}"
    ana = api(crew.ana)
    assert client.patch(address, json={"active": False}).json["active"] is False
    assert ana.get("/api/v1/today").json["code"] == "token_unknown"
    assert client.patch(address, json={"active": True}).json["code"] == "not_valid"
    assert client.post(f"{address}/invitations").json["person"]["active"] is True


def test_a_manager_reaches_neither_owners_nor_the_role_of_owner(api, crew):
    client = api(crew.maya)
    refusals = [
        client.patch(f"/api/v1/people/{crew.olivia.id}", json={"name": "Nobody"}),
        client.post(f"/api/v1/people/{crew.olivia.id}/invitations"),
        client.patch(f"/api/v1/people/{crew.ana.id}", json={"role": "owner"}),
        client.post("/api/v1/people", json={"name": "Nina", "role": "owner"}),
    ]
    assert [answer.json["code"] for answer in refusals] == ["not_allowed"] * 4


def test_the_last_owner_cannot_leave(api, crew):
    answer = api(crew.olivia).patch(f"/api/v1/people/{crew.olivia.id}", json={"active": False})
    assert (answer.status_code, answer.json["code"]) == (409, "last_owner")


def test_a_foreign_location_cannot_be_given_to_a_person(api, crew, bakery):
    body = {"locations": [bakery.location.id]}
    answer = api(crew.olivia).patch(f"/api/v1/people/{crew.ana.id}", json=body)
    assert (answer.status_code, answer.json["code"]) == (404, "not_found")


def test_an_invitation_says_whom_it_is_for_without_being_used(app, session, crew, clock):
    _, secret = people.invite(session, crew.olivia, "Nina", None, "staff", [], clock.now())
    session.commit()
    for _ in range(2):
        answer = app.test_client().post("/api/v1/invitations/peek", json={"secret": secret})
        assert answer.json == {"person": "Nina", "organisation": "Sunflower", "role": "staff"}
    clock.advance(hours=72)
    late = app.test_client().post("/api/v1/invitations/peek", json={"secret": secret})
    assert (late.status_code, late.json["code"]) == (410, "invitation_unknown")


def test_peeking_at_invitations_is_limited(client, crew):
    limiter.enabled = True
    limiter.reset()
    body = {"secret": "made up"}
    codes = [client.post("/api/v1/invitations/peek", json=body).status_code for _ in range(31)]
    assert codes == [410] * 30 + [429]


def test_the_api_takes_a_cookie_only_with_its_own_header(app, session, crew, clock):
    client = signed_in(app, session, crew.olivia, clock.now())
    body = {"name": "Riverside", "time_zone": "UTC"}
    assert client.post("/api/v1/locations", json=body).status_code == 201
    del client.environ_base["HTTP_BATON_CLIENT"]
    answer = client.post("/api/v1/locations", json=body | {"name": "Harbour"})
    assert (answer.status_code, answer.json["code"]) == (403, "cross_site")
    assert client.get("/api/v1/locations").status_code == 200


def test_the_api_describes_people_and_locations(client):
    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert {"get", "post"} <= set(paths["/api/v1/people"])
    assert "patch" in paths["/api/v1/people/{person_id}"]
    assert {"get", "post"} <= set(paths["/api/v1/locations"])
    assert "post" in paths["/api/v1/invitations/peek"]
    assert "/sign-in" not in paths
