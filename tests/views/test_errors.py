"""Whatever is sent, the answer is one that a person or a program can act on."""

import json

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as thorough
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError

from tests.factories import signed_in
from tests.views.api_day import NOTES, ApiDay, api_day  # noqa: F401
from webapp.problems import CATALOGUE, Problem
from webapp.services import board

MEMBERS = {"type", "title", "status", "code", "detail"}


@pytest.fixture
def olivia(app, session, crew, clock):
    return signed_in(app, session, crew.olivia, clock.now())


def problem(answer) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text[:300]
    assert set(answer.json) >= MEMBERS
    assert answer.json["status"] == answer.status_code
    assert answer.json["code"] in CATALOGUE
    assert answer.json["type"] == f"urn:baton:problem:{answer.json['code']}"
    return answer.status_code, answer.json["code"]


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"{", JSON, (400, "bad_request")),
        (b"", JSON, (400, "bad_request")),
        (b"\xff\xfe", JSON, (400, "bad_request")),
        (b"[]", JSON, (422, "not_valid")),
        (b"null", JSON, (422, "not_valid")),
        (b'"text"', JSON, (422, "not_valid")),
        (b"{}", JSON, (422, "not_valid")),
        (b'{"batch": NaN}', JSON, (422, "not_valid")),
        (b'{"a":' * 500 + b"1" + b"}" * 500, JSON, (422, "not_valid")),
        (b'{"a":' * 20_000, JSON, (400, "bad_request")),
        (b"batch=1", {"Content-Type": "application/x-www-form-urlencoded"}, None),
        (b"<sync/>", {"Content-Type": "text/xml"}, None),
        (b"{}", {"Content-Type": "text/plain"}, None),
        (b"x", {"Content-Type": "multipart/form-data"}, None),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_body_that_cannot_be_read_is_a_problem_of_the_sender(olivia, body, headers, expected):
    found = problem(olivia.post("/api/v1/sync", data=body, headers=headers))
    assert found == (expected or (found[0], found[1]))
    assert found[0] in (400, 415, 422)


def test_what_is_wrong_is_told_by_field(olivia):
    answer = olivia.post("/api/v1/sync", json={"batch": "b", "commands": {}})
    assert problem(answer) == (422, "not_valid")
    assert {"sent_at", "commands"} <= set(answer.json["fields"])


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/api/v1/nothing", (404, "not_found")),
        ("GET", "/api/", (404, "not_found")),
        ("GET", "/api/v2/today", (404, "not_found")),
        ("GET", "/api/v1/sync", (405, "method_not_allowed")),
        ("DELETE", "/api/v1/today", (405, "method_not_allowed")),
        ("PATCH", "/api/v1/runs/x", (405, "method_not_allowed")),
        ("GET", "/api/v1/runs/%00", (404, "not_found")),
        ("GET", "/api/v1/runs/%ff%fe", (404, "not_found")),
        ("GET", "/api/v1/runs/" + "x" * 5000, (404, "not_found")),
    ],
    ids=lambda value: str(value)[:24],
)
def test_an_address_that_is_none_is_a_problem_document(olivia, method, path, expected):
    assert problem(olivia.open(path, method=method)) == expected


def test_a_method_that_is_not_taken_comes_with_those_that_are(olivia):
    assert "GET" in olivia.delete("/api/v1/today").headers["Allow"]


def test_a_body_that_is_too_large_is_refused(olivia):
    answer = olivia.post("/api/v1/sync", data=b"x" * (16 * 1024 * 1024), headers=JSON)
    assert problem(answer) == (413, "too_large")


@pytest.mark.parametrize("path", ["/nothing", "/processes/nothing", "/held/nothing", "/people/x"])
def test_people_get_a_page_that_says_what_to_do(olivia, path):
    page = olivia.get(path)
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "There is nothing here, or it is not yours to see." in page.text.replace("&#39;", "'")
    assert 'href="/' in page.text


def test_staff_get_a_page_that_says_whom_to_ask(app, session, crew, clock):
    page = signed_in(app, session, crew.ana, clock.now()).get("/inbox")
    assert (page.status_code, page.mimetype) == (403, "text/html")
    assert "Ask the owner." in page.text


def test_a_defect_of_ours_says_so_tells_nothing_and_leaves_nothing_half_done(
    olivia, session, crew, monkeypatch
):
    def broken(*given, **more):
        crew.olivia.name = "Half done"
        session.flush()
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(board, "mine", broken)
    answer = olivia.get("/api/v1/today")
    assert problem(answer) == (500, "unexpected")
    assert "secret reason" not in answer.text
    session.expire_all()
    assert crew.olivia.name == "Olivia"


def test_a_database_that_is_away_says_when_to_try_again(olivia, monkeypatch):
    def away(*given, **more):
        raise OperationalError("SELECT", {}, Exception("locked"))

    monkeypatch.setattr(board, "mine", away)
    answer = olivia.get("/api/v1/today")
    assert problem(answer) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_problem_has_a_calm_sentence_and_a_status_of_its_kind(code):
    status, sentence = CATALOGUE[code]
    assert 400 <= status < 600
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert "!" not in sentence
    assert Problem(code).document()["code"] == code


odd_text = st.text(st.characters(codec=None, categories=None), max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | odd_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(odd_text, inner, max_size=4),
    max_leaves=10,
)
POSTS = (
    ("POST", "/api/v1/sync", ("batch", "device", "sent_at", "commands")),
    ("POST", "/api/v1/receipts", ("message", "device", "event")),
    ("POST", "/api/v1/push-subscriptions", ("device", "endpoint", "keys")),
    ("POST", "/api/v1/reviews/{step}", ("decision", "seen", "reason")),
    ("POST", "/api/v1/people", ("name", "email", "role", "locations")),
    ("POST", "/api/v1/locations", ("name", "time_zone", "opens", "closes", "closed")),
    ("POST", "/api/v1/processes", ("name", "locations", "cadence", "deadline", "chain", "steps")),
    ("POST", "/api/v1/drafts", ("sentence",)),
    ("POST", "/api/v1/invitations/peek", ("secret",)),
)
TEMPLATE = {
    "batch": "b",
    "sent_at": "2026-11-23T12:30:00Z",
    "device": "d",
    "message": "m",
    "event": "opened",
    "endpoint": "https://fcm.googleapis.com/x",
    "keys": {"p256dh": "x", "auth": "y"},
    "decision": "approve",
    "seen": "ab" * 32,
    "name": "Nina",
    "role": "staff",
    "time_zone": "UTC",
    "locations": ["Downtown"],
    "cadence": "every day",
    "deadline": "09:00",
    "chain": [{"role": "assignee", "person": "Ana"}],
    "steps": [{"title": "Gate", "proof": {"kind": "note"}}],
    "sentence": "Every day before 9 Ana opens up",
    "secret": "s",
}


@thorough(
    max_examples=60,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_nothing_that_is_sent_is_a_defect(api_day_opened, data):
    day = api_day_opened
    method, path, members = data.draw(st.sampled_from(POSTS))
    body = {name: TEMPLATE[name] for name in members if name in TEMPLATE}
    body |= data.draw(st.dictionaries(st.sampled_from(members), json_values, max_size=2))
    if path.endswith("sync"):
        odd = data.draw(st.dictionaries(st.sampled_from(COMMAND), json_values, max_size=2))
        body["commands"] = [day.command(1) | odd, json.loads(json.dumps({}))]
    answer = day.browser("olivia").open(
        path.format(step=day.step.id),
        method=method,
        data=json.dumps(body),
        content_type="application/json",
    )
    assert answer.status_code < 500, (path, body, answer.text[:500])
    if answer.status_code >= 400:
        problem(answer)


COMMAND = ("id", "seq", "kind", "step_run", "attempt", "captured_at", "skew_ms", "proof", "text")


@pytest.fixture
def api_day_opened(app, session, clock, crew) -> ApiDay:
    return ApiDay(app, session, clock, crew, steps=NOTES)
