"""What browsers are told to refuse, and what other sites cannot make them do."""

from dataclasses import replace

import pytest

from tests.conftest import FixedClock
from tests.factories import crew_of_a_daycare, signed_in
from tests.views.api_day import NOTES, api_day  # noqa: F401
from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.services import passwords, sign_in

PASSWORD = "four plain words here"
EVERYWHERE = ["/", "/sign-in", "/today", "/nothing", "/api/v1/today", "/api/v1/openapi.json"]


@pytest.fixture
def monday(api_day):  # noqa: F811
    return api_day(steps=NOTES)


@pytest.mark.parametrize("path", [*EVERYWHERE, "/sw.js", "/healthz", "/manifest.webmanifest"])
def test_every_answer_keeps_browsers_from_what_baton_never_asks_of_them(client, path):
    headers = client.get(path, buffered=True).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_personal_lies_in_a_shared_cache(client, path):
    assert "private" in client.get(path).headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/sign-in", "/start", "/today", "/nothing"])
def test_no_page_has_a_script_or_style_of_its_own(client, path):
    page = client.get(path).text
    assert "<style" not in page
    assert " style=" not in page
    assert " onclick=" not in page
    for script in page.split("<script")[1:]:
        assert " src=" in script.split(">")[0]


@pytest.fixture
def over_https(settings: Settings, clock: FixedClock):
    secure = replace(settings, public_url="https://baton.example.org")
    app = create_app(secure, clock=clock)
    with app.app_context():
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


def cookie_of(app, session, person) -> str:
    person.password_hash = passwords.hash_of(PASSWORD)
    session.commit()
    form = {"email": person.email, "password": PASSWORD}
    base = "https://baton.example.org" if app.config["SESSION_COOKIE_SECURE"] else None
    return app.test_client().post("/sign-in", data=form, base_url=base).headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app, session, crew):
    cookie = cookie_of(app, session, crew.ana)
    assert cookie.startswith("baton-session=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_over_https_the_cookie_and_the_browser_insist_on_it(over_https, clock):
    crew = crew_of_a_daycare(db.session(), clock.now())
    cookie = cookie_of(over_https, db.session(), crew.ana)
    assert cookie.startswith("__Host-baton-session=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    answer = over_https.test_client().get("/healthz", base_url="https://baton.example.org")
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_over_http_no_browser_is_told_to_insist_on_https(client):
    assert "Strict-Transport-Security" not in client.get("/").headers


ELSEWHERE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "none", "Origin": "http://localhost.evil.example"},
]


@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("path", ["/sign-out", "/processes/new", "/people", "/api/v1/drafts"])
def test_another_site_cannot_make_a_browser_change_anything(monday, path, headers):
    answer = monday.browser("olivia").post(path, headers=headers, json={"sentence": "x"})
    assert answer.status_code == 403
    if path.startswith("/api/"):
        assert answer.json["code"] == "cross_site"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_every_unsafe_method_is_guarded(monday, method):
    told = {"Sec-Fetch-Site": "cross-site"}
    answer = monday.browser("olivia").open("/api/v1/anything", method=method, headers=told)
    assert answer.status_code in (403, 404)
    assert monday.browser("olivia").get("/api/v1/today").status_code == 200


def unsafe(app, **headers):
    return app.test_client().post(
        "/api/v1/drafts", json={"sentence": "Every day before 9 Ana opens up"}, headers=headers
    )


def test_a_cookie_alone_does_not_carry_an_unsafe_request(app, session, crew, clock):
    browser = signed_in(app, session, crew.olivia, clock.now())
    del browser.environ_base["HTTP_BATON_CLIENT"]
    sentence = {"sentence": "Every day before 9 Ana opens up"}
    answer = browser.post("/api/v1/drafts", json=sentence)
    assert (answer.status_code, answer.json["code"]) == (403, "cross_site")
    assert "Baton-Client" in answer.json["detail"]
    assert browser.get("/api/v1/today").status_code == 200
    assert browser.post("/api/v1/drafts", json=sentence, headers={"Baton-Client": "1"}).json


def test_a_bearer_token_carries_an_unsafe_request_by_itself(app, session, crew, clock):
    token = sign_in.create_token(session, crew.olivia, clock.now())
    session.commit()
    assert unsafe(app, Authorization=f"Bearer {token}").status_code == 200
    assert unsafe(app, Authorization="Bearer nonsense").json["code"] == "token_unknown"


def test_a_token_that_is_none_does_not_lend_its_freedom_to_a_cookie(app, session, crew, clock):
    browser = signed_in(app, session, crew.olivia, clock.now())
    told = {"Authorization": "Bearer nonsense", "Sec-Fetch-Site": "cross-site"}
    answer = browser.post("/api/v1/drafts", json={"sentence": "x"}, headers=told)
    assert answer.status_code in (401, 403)


def test_no_answer_invites_other_sites_to_read_it(monday):
    headers = (
        monday.browser("olivia")
        .get("/api/v1/today", headers={"Origin": "https://evil.example"})
        .headers
    )
    assert not [name for name, _ in headers if name.startswith("Access-Control")]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
