"""Signing in and out in a browser, joining, and what other sites cannot make it do."""

from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.http import parse_date

from tests.factories import Crew, signed_in
from tests.services.little_oaks import PASSWORD, hashed
from webapp.models import Person, SignIn
from webapp.services import people, sign_in
from webapp.services.sign_in import ABSOLUTE_LIMIT
from webapp.views.auth import local_path


@pytest.fixture
def ana(session: Session, crew: Crew) -> Person:
    crew.ana.password_hash = hashed()
    session.commit()
    return crew.ana


def enter(client: FlaskClient, **form: str):
    return client.post(
        "/sign-in", data={"email": "ana@sunflower.example", "password": PASSWORD} | form
    )


def test_the_sign_in_page_asks_for_address_and_password(client):
    page = client.get("/sign-in")
    assert page.status_code == 200
    assert 'name="email"' in page.text
    assert 'name="password"' in page.text


@pytest.mark.parametrize(
    ("who", "home"), [("ana", "/today"), ("maya", "/inbox"), ("olivia", "/inbox")]
)
def test_everybody_comes_to_where_their_day_begins(client, session, crew, who, home):
    getattr(crew, who).password_hash = hashed()
    session.commit()
    answer = enter(client, email=f"{who}@sunflower.example")
    assert (answer.status_code, answer.location) == (303, home)


def test_the_cookie_cannot_be_read_by_scripts_or_sent_from_other_sites(client, ana):
    cookie = enter(client).headers["Set-Cookie"]
    assert cookie.startswith("baton-session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_cookie_outlasts_the_session_that_the_server_ends(client, ana):
    _, _, expires = enter(client).headers["Set-Cookie"].partition("Expires=")
    ends = parse_date(expires.partition(";")[0])
    assert ends is not None
    left = ends - datetime.now(UTC)
    assert timedelta(days=89) < left <= ABSOLUTE_LIMIT


def test_an_answer_that_changes_nothing_leaves_the_cookie_as_another_has_just_made_it(client, ana):
    enter(client)
    assert "Set-Cookie" not in client.get("/api/v1/today").headers
    assert "Set-Cookie" not in client.get("/me").headers


def test_a_wrong_password_says_the_same_as_an_unknown_address(client, ana):
    wrong = enter(client, password="wrong")
    unknown = enter(client, email="nobody@sunflower.example")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("ana@", "nobody@") == unknown.text
    assert "do not belong together" in wrong.text


def test_a_form_that_comes_back_keeps_the_address_and_never_the_password(client, ana):
    page = enter(client, password="wrong-but-secret").text
    assert 'value="ana@sunflower.example"' in page
    assert "wrong-but-secret" not in page


def test_after_signing_in_one_comes_back_to_the_page_one_wanted(client, ana):
    assert enter(client, next="/run/abc?step=2").location == "/run/abc?step=2"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "///evil.example",
        "",
    ],
)
def test_signing_in_never_leads_to_another_site(client, ana, elsewhere):
    assert enter(client, next=elsewhere).location == "/today"
    assert local_path(elsewhere) is None


def test_somebody_signed_in_need_not_sign_in_again(client, ana):
    enter(client)
    assert client.get("/sign-in?next=/run/abc").location == "/run/abc"
    assert client.get("/sign-in?next=//evil.example").location == "/today"


def test_a_session_id_is_never_taken_over_from_before_signing_in(client, ana, session):
    enter(client)
    first = session.scalars(select(SignIn.id)).one()
    enter(client)
    session.expire_all()
    assert session.get(SignIn, first).ended_at is not None
    ids = session.scalars(select(SignIn.id).where(SignIn.ended_at.is_(None))).all()
    assert len(ids) == 1
    assert first not in ids


def test_signing_out_ends_the_session_on_the_server_too(app, client, ana, session):
    enter(client)
    cookie = client.get_cookie("baton-session").value
    assert client.post("/sign-out").location == "/"
    thief = app.test_client()
    thief.set_cookie("baton-session", cookie)
    assert thief.get("/password").location.startswith("/sign-in")


def test_signing_out_is_no_get(client, ana):
    enter(client)
    assert client.get("/sign-out").status_code == 405
    assert client.get("/password").status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
    ],
)
def test_no_other_site_can_post_here(client, ana, header, value):
    enter(client)
    for path in ("/sign-in", "/sign-out", "/join", "/password", "/start", "/demo"):
        assert client.post(path, headers={header: value}).status_code == 403, path
    assert client.get("/password").status_code == 200


def test_a_session_ends_by_the_clock(app, session, crew, clock):
    client = signed_in(app, session, crew.ana, clock.now())
    clock.advance(days=29)
    assert client.get("/password").status_code == 200
    clock.advance(days=2)
    assert client.get("/password").location.startswith("/sign-in")


def test_somebody_who_left_is_out_at_once(app, session, crew, clock):
    client = signed_in(app, session, crew.ana, clock.now())
    people.deactivate(session, crew.olivia, crew.ana, clock.now())
    session.commit()
    assert client.get("/password").location.startswith("/sign-in")


def test_a_forged_cookie_signs_nobody_in(client, crew):
    client.set_cookie("baton-session", "eyJfdXNlcl9pZCI6IngifQ.aSL0.AAAA")
    assert client.get("/password").location.startswith("/sign-in")


def test_a_token_signs_requests_but_opens_no_session(client, session, crew, clock):
    token = sign_in.create_token(session, crew.olivia, clock.now())
    session.commit()
    page = client.get("/people", headers={"Authorization": f"Bearer {token}"})
    assert page.status_code == 200
    assert client.get("/people").location.startswith("/sign-in")
