"""Joining by an invitation, changing the password, and how often one may try."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from webapp.extensions import limiter
from webapp.models import Person
from webapp.services import invitations, passwords, people

PASSWORD = "four plain words here"


NEW_PASSWORD = "a wholly new sentence"


@pytest.fixture
def ana(session: Session, crew: Crew) -> Person:
    crew.ana.password_hash = passwords.hash_of(PASSWORD)
    session.commit()
    return crew.ana


@pytest.fixture
def limits(app, monkeypatch):
    """The limits, with passwords compared as text: they count before anything is hashed."""
    monkeypatch.setattr(passwords, "matches", lambda _kept, given: given == PASSWORD)
    limiter.enabled = True
    limiter.reset()
    yield
    limiter.enabled = False


def enter(client: FlaskClient, **form: str):
    return client.post(
        "/sign-in", data={"email": "ana@sunflower.example", "password": PASSWORD} | form
    )


def invited(session: Session, crew: Crew, clock: FixedClock, role: str = "staff") -> str:
    _, secret = people.invite(
        session, crew.olivia, "Nina", "nina@sunflower.example", role, [], clock.now()
    )
    session.commit()
    return secret


def test_ten_tries_a_minute_for_one_account_wherever_they_come_from(client, ana, limits):
    def tried(address: str, email: str = "ana@sunflower.example") -> int:
        return client.post(
            "/sign-in",
            data={"email": email, "password": "wrong"},
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    assert [tried(f"192.0.2.{n}") for n in range(10)] == [401] * 10
    assert tried("192.0.2.99") == 429
    assert tried("192.0.2.98", " ANA@Sunflower.example ") == 429
    assert tried("192.0.2.99", "ben@sunflower.example") == 401


def test_thirty_tries_a_minute_from_one_address_whoever_they_are_for(client, crew, limits):
    codes = [enter(client, email=f"{n}@sunflower.example").status_code for n in range(31)]
    assert codes == [401] * 30 + [429]


def test_a_try_over_the_limit_costs_no_hashing_and_says_when_to_come_back(
    client, ana, limits, monkeypatch
):
    for _ in range(10):
        enter(client, password="wrong")
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("hashed"))
    refused = enter(client)
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 60
    assert "Too many tries" in refused.text


def test_an_invitation_is_never_in_an_address_that_a_server_sees(client, crew):
    page = client.get("/join")
    assert page.status_code == 200
    assert 'name="secret"' in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("role", "home"), [("staff", "/today"), ("manager", "/inbox")])
def test_joining_signs_the_person_in(client, session, crew, clock, role, home):
    secret = invited(session, crew, clock, role)
    answer = client.post("/join", data={"secret": secret, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, home)
    assert "Nina" in client.get("/password").text


def test_a_link_works_once(app, session, crew, clock):
    form = {"secret": invited(session, crew, clock), "password": PASSWORD}
    assert app.test_client().post("/join", data=form).status_code == 303
    again = app.test_client().post("/join", data=form)
    assert again.status_code == 410
    assert "Ask for a new one" in again.text


def test_a_short_password_comes_back_with_the_secret_still_in_the_form(
    client, session, crew, clock
):
    secret = invited(session, crew, clock)
    page = client.post("/join", data={"secret": secret, "password": "short"})
    assert page.status_code == 422
    assert secret in page.text
    assert "It has 5 characters" in page.text
    assert client.post("/join", data={"secret": secret, "password": PASSWORD}).status_code == 303


def test_guessing_invitations_is_limited(client, crew, limits):
    codes = [client.post("/join", data={"secret": str(n)}).status_code for n in range(31)]
    assert codes == [410] * 30 + [429]


def test_changing_the_password_ends_the_sessions_of_all_other_browsers(app, client, ana):
    other = app.test_client()
    enter(client)
    enter(other)
    answer = client.post("/password", data={"current": PASSWORD, "password": NEW_PASSWORD})
    assert answer.status_code == 303
    assert "Your password is changed" in client.get(answer.location).text
    assert other.get("/password").location.startswith("/sign-in")
    assert enter(other).status_code == 401
    assert enter(other, password=NEW_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("current", "new", "status", "words"),
    [
        ("wrong", NEW_PASSWORD, 401, "This is not your password"),
        (PASSWORD, "short", 422, "It has 5 characters"),
        (PASSWORD, "password1234", 422, "easy to guess"),
        ("", "", 401, "This is not your password"),
    ],
)
def test_a_password_change_that_is_refused_says_why_at_the_field(
    client, ana, current, new, status, words
):
    enter(client)
    page = client.post("/password", data={"current": current, "password": new})
    assert (page.status_code, words in page.text) == (status, True)
    assert client.get("/password").status_code == 200


def test_guessing_the_present_password_is_limited(client, ana, limits):
    enter(client)
    form = {"current": "wrong", "password": NEW_PASSWORD}
    codes = [client.post("/password", data=form).status_code for _ in range(11)]
    assert codes == [401] * 10 + [429]


def test_the_link_of_an_owner_made_on_the_command_line_opens_the_inbox(
    client, session, crew, clock
):
    secret = invitations.create(session, crew.olivia, clock.now())
    session.commit()
    answer = client.post("/join", data={"secret": secret, "password": PASSWORD})
    assert answer.location == "/inbox"
