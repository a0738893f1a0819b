"""A tablet becomes a kiosk: over the API, and once."""

import re

import pytest

from tests.factories import signed_in
from webapp.models import Device, Kiosk


@pytest.fixture
def begun(app, client):
    answer = client.post("/api/v1/kiosk/pairings", json={"device": "tablet"})
    assert answer.status_code == 201, answer.json
    return answer.json


def poll(client, secret):
    return client.post("/api/v1/kiosk/pairings/poll", json={"poll": secret})


def confirm(app, session, crew, clock, code, who="olivia", **more):
    browser = signed_in(app, session, crew.people[who], clock.now())
    form = {"code": code, "location": crew.location.id, "name": "Kitchen tablet"} | more
    return browser.post("/kiosks/pair", data=form)


def test_the_tablet_gets_a_code_its_address_and_a_picture_of_it(begun, settings):
    assert re.fullmatch(r"[A-Z2-9]{4}-[A-Z2-9]{4}", begun["code"])
    assert begun["url"] == f"{settings.public_url}/kiosks/pair#{begun['code']}"
    assert begun["qr"]["size"] >= 21 + 8
    assert re.fullmatch(r"(M\d+ \d+h\d+v1h-\d+z)+", begun["qr"]["path"])
    assert begun["expires_at"] == "2026-11-23T11:40:00Z"


def test_it_waits_is_paired_once_and_then_is_that_kiosk(app, client, session, crew, clock, begun):
    waiting = poll(client, begun["poll"])
    assert (waiting.status_code, waiting.json["status"]) == (202, "pending")
    assert confirm(app, session, crew, clock, begun["code"]).status_code == 303
    done = poll(client, begun["poll"])
    assert (done.status_code, done.json["status"]) == (200, "paired")
    assert done.json["kiosk"]["name"] == "Kitchen tablet"
    assert done.json["location"]["name"] == "Downtown"
    assert "HttpOnly" in done.headers["Set-Cookie"]
    assert "SameSite=Strict" in done.headers["Set-Cookie"]
    board = client.get("/api/v1/kiosk", headers={"Baton-Kiosk": "1"})
    assert board.json["kiosk"] == done.json["kiosk"]
    assert session.get_one(Device, (crew.org_id, "tablet")).person_id is None


def test_a_secret_that_was_answered_is_answered_no_more(app, client, session, crew, clock, begun):
    confirm(app, session, crew, clock, begun["code"])
    poll(client, begun["poll"])
    again = poll(app.test_client(), begun["poll"])
    assert (again.status_code, again.json["code"]) == (410, "pairing_over")
    assert "Set-Cookie" not in again.headers
    assert session.query(Kiosk).count() == 1


def test_a_code_that_has_expired_pairs_nothing(app, client, session, crew, clock, begun):
    clock.advance(minutes=10)
    answer = confirm(app, session, crew, clock, begun["code"])
    assert answer.status_code == 422
    assert "No tablet shows this code now" in answer.text
    assert poll(client, begun["poll"]).status_code == 410


@pytest.mark.parametrize("secret", ["nonsense", "A" * 43])
def test_a_secret_that_is_none_is_over(client, secret):
    assert poll(client, secret).json["code"] == "pairing_over"


@pytest.mark.parametrize("body", [{}, {"device": ""}, {"device": "x" * 65}, {"device": 7}])
def test_a_pairing_without_a_device_is_refused(client, body):
    assert client.post("/api/v1/kiosk/pairings", json=body).status_code == 422


def test_codes_are_tried_thirty_times_a_day(app, client, session, crew, clock, begun):
    for _ in range(30):
        assert confirm(app, session, crew, clock, "BCDF-2345", "maya").status_code == 422
    assert confirm(app, session, crew, clock, begun["code"], "maya").status_code == 429
    assert poll(client, begun["poll"]).status_code == 202
