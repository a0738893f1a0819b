"""Processes over the API, and drafts from plain language."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, process, reached_by_phone, signed_in
from webapp.models import Process, ProcessVersion
from webapp.services import sign_in


@pytest.fixture
def api(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def wish(crew: Crew, **more: Any) -> dict[str, Any]:
    asked = {
        "name": "Opening check",
        "locations": ["Downtown"],
        "cadence": "every weekday",
        "opens": "06:30",
        "deadline": "07:15",
        "grace_minutes": 5,
        "review": "photos",
        "chain": [
            {"role": "assignee", "person": crew.ana.id},
            {"role": "backup", "person": crew.ben.id},
            {"role": "fallback", "person": crew.fay.id, "wait_minutes": 20},
            {"role": "owner", "wait_minutes": 30},
        ],
        "steps": [
            {"title": "Front room ready", "proof": {"kind": "photo"}},
            {
                "title": "Fridge temperature",
                "proof": {"kind": "number", "unit": "°F", "min": "33", "max": 41},
            },
        ],
    }
    return asked | more


def test_a_process_is_defined_and_read_back(api: FlaskClient, crew: Crew) -> None:
    made = api.post("/api/v1/processes", json=wish(crew))
    assert made.status_code == 201
    document = made.json
    assert [each["code"] for each in document.pop("warnings")] == ["nobody_told"]
    assert document == api.get(f"/api/v1/processes/{document['id']}").json
    assert document["cadence"] == {
        "rrule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        "words": "every weekday",
        "starts_on": "2026-11-23",
    }
    assert document["starts_on"] is None
    assert (document["deadline"], document["version"]) == ("07:15", 1)
    assert [station["wait_minutes"] for station in document["chain"]] == [0, 5, 20, 30]
    assert document["chain"][-1]["person"] is None
    assert document["steps"][1]["proof"]["max"] == "41"
    assert (document["remind_minutes"], document["reached_within_minutes"]) == (None, None)


def test_reminders_and_reaching_people_are_set_over_the_api(api: FlaskClient, crew: Crew) -> None:
    asked = wish(crew, remind_minutes=10, reached_within_minutes=0)
    document = api.post("/api/v1/processes", json=asked).json
    assert (document["remind_minutes"], document["reached_within_minutes"]) == (10, 0)
    del document["warnings"]
    assert api.get("/api/v1/processes").json == {"processes": [document]}


def test_the_first_date_is_set_and_read_over_the_api(api: FlaskClient, crew: Crew) -> None:
    asked = wish(crew, cadence="every 2 weeks on Friday", starts_on="2026-12-04")
    document = api.post("/api/v1/processes", json=asked).json
    assert (document["starts_on"], document["cadence"]["starts_on"]) == ("2026-12-04",) * 2
    del asked["starts_on"]
    kept = api.put(f"/api/v1/processes/{document['id']}", json=asked).json
    assert (kept["version"], kept["starts_on"]) == (1, "2026-12-04")
    for wrong in ("soon", "2062-12-04"):
        refused = api.post("/api/v1/processes", json=asked | {"name": "B", "starts_on": wrong})
        assert (refused.status_code, [*refused.json["fields"]]) == (422, ["starts_on"])


def test_what_was_read_can_be_put_back_and_makes_no_version(
    api: FlaskClient, session: Session, crew: Crew
) -> None:
    read = api.post("/api/v1/processes", json=wish(crew)).json
    again = {
        **{
            name: read[name] for name in wish(crew) if name not in ("locations", "cadence", "chain")
        },
        "locations": [place["id"] for place in read["locations"]],
        "cadence": read["cadence"]["rrule"],
        "chain": [
            {
                "role": station["role"],
                "person": station["person"] and station["person"]["id"],
                "wait_minutes": station["wait_minutes"],
            }
            for station in read["chain"]
        ],
        "steps": [
            {name: value for name, value in step.items() if name != "position"}
            for step in read["steps"]
        ],
    }
    assert api.put(f"/api/v1/processes/{read['id']}", json=again).json["version"] == 1
    changed = api.put(f"/api/v1/processes/{read['id']}", json=again | {"review": "all"}).json
    assert changed["version"] == 2
    assert [step["key"] for step in changed["steps"]] == [step["key"] for step in read["steps"]]


def test_every_fault_is_one_problem_by_field(
    api: FlaskClient, session: Session, crew: Crew
) -> None:
    bad = wish(
        crew,
        name="",
        cadence="now and then",
        deadline=None,
        chain=[{"role": "assignee", "person": crew.ana.id}],
        steps=[
            {"title": "", "proof": {"kind": "photo"}},
            {"title": "Fridge", "proof": {"kind": "number", "min": 5, "max": 4}},
        ],
    )
    answer = api.post("/api/v1/processes", json=bad)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "process_not_valid"
    assert answer.json["fields"].keys() == {
        "name",
        "cadence",
        "deadline",
        "chain.backup",
        "steps[0].title",
        "steps[1].proof",
    }
    assert session.scalars(select(Process)).all() == []


def test_a_process_without_anything_is_told_all_that_it_lacks(api: FlaskClient) -> None:
    answer = api.post("/api/v1/processes", json={})
    assert answer.json["code"] == "process_not_valid"
    assert answer.json["fields"].keys() == {
        "name",
        "locations",
        "cadence",
        "deadline",
        "chain.assignee",
        "chain.backup",
        "steps",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"nickname": "x"},
        {"deadline": "25:00"},
        {"grace_minutes": -1},
        {"review": "some"},
        {"chain": [{"role": "boss"}]},
        {"steps": [{"title": "x", "proof": {"kind": "smell"}}]},
        {"steps": [{"title": "x", "proof": {"kind": "timed", "min_seconds": 1.5}}]},
        {"steps": "none"},
    ],
)
def test_what_has_not_the_form_of_a_definition_is_refused(
    api: FlaskClient, session: Session, crew: Crew, change: dict[str, Any]
) -> None:
    answer = api.post("/api/v1/processes", json=wish(crew, **change))
    assert (answer.status_code, answer.json["code"]) == (422, "not_valid")
    assert session.scalars(select(Process)).all() == []


def test_a_backup_equal_to_the_responsible_is_refused(api: FlaskClient, crew: Crew) -> None:
    chain = [{"role": role, "person": crew.ana.id} for role in ("assignee", "backup")]
    answer = api.post("/api/v1/processes", json=wish(crew, chain=chain))
    assert "both responsible and backup" in answer.json["fields"]["chain.backup"]


def test_a_retired_process_leaves_the_list_and_stays_readable(api: FlaskClient, crew: Crew) -> None:
    made = api.post("/api/v1/processes", json=wish(crew)).json
    retired = api.post(f"/api/v1/processes/{made['id']}/retire").json
    assert retired["retired_at"]
    assert api.get("/api/v1/processes").json == {"processes": []}
    assert api.get(f"/api/v1/processes/{made['id']}").json == retired


def test_a_process_of_another_organisation_is_not_there(
    api: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    other = crew_of_a_daycare(session, clock.now(), name="Bluebell")
    address = f"/api/v1/processes/{process(session, other, clock.now()).id}"
    answers = (api.get(address), api.put(address, json=wish(crew)), api.post(f"{address}/retire"))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert session.scalars(select(ProcessVersion.number)).all() == [1]


def test_a_token_defines_processes_too(
    client: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    token = sign_in.create_token(session, crew.maya, clock.now())
    session.commit()
    bearer = {"Authorization": f"Bearer {token}"}
    made = client.post("/api/v1/processes", json=wish(crew), headers=bearer)
    assert made.status_code == 201


def test_staff_define_nothing(app: Any, session: Session, crew: Crew, clock: FixedClock) -> None:
    staff = signed_in(app, session, crew.ana, clock.now())
    assert staff.post("/api/v1/processes", json=wish(crew)).status_code == 403


def test_a_sentence_becomes_a_draft_and_nothing_is_kept(api: FlaskClient, session: Session) -> None:
    sentence = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"
    answer = api.post("/api/v1/drafts", json={"sentence": sentence}).json
    draft = answer["drafts"][0]
    assert (draft["name"], draft["responsible"], draft["backup"], draft["deadline"]) == (
        "Follow up with new leads",
        "Maria",
        "James",
        "09:00",
    )
    assert draft["cadence"]["rrule"] == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert session.scalars(select(Process)).all() == []


def test_work_that_happens_once_gives_a_kind_word_and_no_draft(api: FlaskClient) -> None:
    answer = api.post("/api/v1/drafts", json={"sentence": "remodel the kitchen next spring"}).json
    assert answer["drafts"] == []
    assert "Your project tool is the right place" in answer["once"][0]["why"]


@pytest.mark.parametrize("sentence", ["", "???", "x" * 2001, "x" * 3000])
def test_what_is_no_sentence_is_refused_at_its_field(api: FlaskClient, sentence: str) -> None:
    answer = api.post("/api/v1/drafts", json={"sentence": sentence})
    assert answer.status_code == 422
    assert answer.json["fields"]["sentence"]


def test_the_routes_are_described(client: FlaskClient) -> None:
    described = client.get("/api/v1/openapi.json").json
    assert {"/api/v1/processes", "/api/v1/processes/{process_id}", "/api/v1/drafts"} <= set(
        described["paths"]
    )
    definition = described["components"]["schemas"]["ProcessIn"]["properties"]
    assert {"cadence", "chain", "steps", "grace_minutes"} <= definition.keys()


def test_a_manager_changes_and_retires_no_process_of_another_location(
    app: Any, api: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    api.post("/api/v1/locations", json={"name": "Uptown", "time_zone": "America/Chicago"})
    shared = wish(crew, locations=["Downtown", "Uptown"])
    address = f"/api/v1/processes/{api.post('/api/v1/processes', json=shared).json['id']}"
    maya = signed_in(app, session, crew.maya, clock.now())
    for answer in (
        maya.post("/api/v1/processes", json=shared | {"name": "Closing check"}),
        maya.put(address, json=wish(crew)),
        maya.post(f"{address}/retire"),
    ):
        assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
        assert "Uptown is not one of your locations" in answer.json["detail"]
    assert api.get(address).json["version"] == 1
    assert maya.post("/api/v1/processes", json=wish(crew, name="Mine")).status_code == 201


def test_each_station_says_whether_messages_reach_its_person(
    api: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    document = api.post("/api/v1/processes", json=wish(crew)).json
    assert {station["reachable"]["state"] for station in document["chain"]} == {"no_device"}
    assert "Ben has not joined yet" in document["chain"][1]["reachable"]["words"]
    reached_by_phone(session, crew.ben, confirmed_at=clock.now())
    read = api.get(f"/api/v1/processes/{document['id']}").json
    assert read["chain"][1]["reachable"] == {
        "works": True,
        "state": "works",
        "since": "2026-11-23T11:30:00Z",
        "words": "Messages reach Ben.",
    }
