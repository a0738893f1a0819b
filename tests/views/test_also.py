"""Where else people are told: set by page or API, and its address given out by neither."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.factories import signed_in
from webapp.mail_server import MailServer
from webapp.models import OutboxMessage, Person

SECRET = "TIiajkdnlazkcOXrIdevi7Fx9"
SLACK = f"slack://T1JJ3T3L2/A1BRTD4JD/{SECRET}"
MASKED = "slack, ends in …x9"


@pytest.fixture
def browser(app, session, crew, clock):
    return lambda who: signed_in(app, session, crew.people[who], clock.now())


def kept(session, who: str) -> str | None:
    session.expire_all()
    return session.scalars(select(Person.extra_url).where(Person.name == who)).one()


def test_everybody_sets_and_removes_their_own_address(browser, session):
    ana = browser("ana")
    assert "None yet." in ana.get("/also").text
    answer = ana.post("/also", data={"extra_url": SLACK}, follow_redirects=True)
    assert MASKED in answer.text
    assert kept(session, "Ana") == SLACK
    ana.post("/also", data={"extra_url": ""})
    assert kept(session, "Ana") is None


def test_a_manager_sets_it_for_who_they_look_after(browser, session, crew):
    maya = browser("maya")
    page = f"/people/{crew.ana.id}/also"
    assert "Where else Ana is told" in maya.get(page).text
    assert maya.post(page, data={"extra_url": SLACK}).status_code == 303
    assert kept(session, "Ana") == SLACK
    owners = f"/people/{crew.olivia.id}/also"
    assert maya.get(owners).status_code == 403
    assert maya.post(owners, data={"extra_url": SLACK}).status_code == 403


def test_the_address_is_on_no_page_and_in_no_answer(browser, crew):
    olivia = browser("olivia")
    set_ = olivia.patch(f"/api/v1/people/{crew.ana.id}", json={"extra_url": SLACK})
    assert set_.json["extra"] == MASKED
    pages = ["/people", f"/people/{crew.ana.id}/also", "/api/v1/people", "/api/v1/record"]
    texts = [olivia.get(page).text for page in pages]
    assert not any(SECRET in text for text in [set_.text, *texts])


@pytest.mark.parametrize(
    "wrong", [f"json://127.0.0.1/{SECRET}", f"slack://{SECRET}", SECRET, SECRET * 40]
)
def test_a_wrong_address_is_refused_and_not_repeated(browser, session, crew, wrong):
    ana = browser("ana")
    page = ana.post("/also", data={"extra_url": wrong})
    answer = ana.patch(f"/api/v1/people/{crew.ana.id}", json={"extra_url": wrong})
    assert (page.status_code, answer.status_code) == (422, 422)
    assert SECRET not in page.text + answer.text
    assert kept(session, "Ana") is None


def test_over_the_api_everybody_sets_their_own_and_nothing_else(browser, session, crew):
    ana = browser("ana")
    mine, bens = f"/api/v1/people/{crew.ana.id}", f"/api/v1/people/{crew.ben.id}"
    assert ana.patch(mine, json={"extra_url": SLACK}).json["extra"] == MASKED
    assert ana.patch(mine, json={"extra_url": None}).json["extra"] is None
    for path, body in (
        (bens, {"extra_url": SLACK}),
        (mine, {"extra_url": SLACK, "name": "Anna"}),
        (mine, {"role": "owner"}),
        (mine, {}),
    ):
        answer = ana.patch(path, json=body)
        assert (answer.status_code, answer.json["code"]) == (403, "not_allowed")
    assert (kept(session, "Ana"), kept(session, "Ben")) == (None, None)


def test_what_the_operator_admits_can_be_set(app, browser, session):
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], extra_schemes=("ntfys",))
    browser("ana").post("/also", data={"extra_url": "ntfys://ntfy.example.org/sunflower"})
    assert kept(session, "Ana") == "ntfys://ntfy.example.org/sunflower"


def test_the_page_says_where_e_mail_goes_when_there_is_a_mail_server(app, browser):
    ana = browser("ana")
    assert "No e-mail" in ana.get("/also").text
    server = MailServer("127.0.0.1", 25, "baton@baton.example")
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail=server)
    assert "ana@sunflower.example" in ana.get("/also").text


def settled(session, crew, clock, who: str, channel: str, outcome: str, error: str | None) -> None:
    person = crew.people[who]
    session.add(
        OutboxMessage(
            org_id=person.org_id,
            person_id=person.id,
            dedupe_key=f"{channel}:{error}:{outcome}:{clock.now()}",
            kind="handoff",
            channel=channel,
            facts={},
            created_at=clock.now(),
            expires_at=clock.now(),
            outcome=outcome,
            last_error=error,
        )
    )
    session.commit()


def test_an_address_that_is_refused_is_named_until_one_goes_through(browser, session, crew, clock):
    olivia, said = browser("olivia"), "refused the last e-mail to ana@sunflower.example"
    settled(session, crew, clock, "ana", "email", "refused", "mailbox_refused")
    assert said in olivia.get("/people").text
    assert said in browser("ana").get("/also").text
    clock.advance(minutes=1)
    settled(session, crew, clock, "ana", "email", "accepted", None)
    assert said not in olivia.get("/people").text


def test_a_broken_extra_channel_is_named_without_its_address(browser, session, crew, clock):
    ana = browser("ana")
    ana.post("/also", data={"extra_url": SLACK})
    settled(session, crew, clock, "ana", "extra", "refused", "extra_failed")
    said = f"The last message by {MASKED} did not go through."
    assert said in ana.get("/also").text
    assert said in browser("olivia").get("/people").text


def test_what_is_wrong_with_the_mail_server_is_said_to_who_runs_it(
    app, client, session, crew, clock
):
    settled(session, crew, clock, "ana", "email", "accepted", None)
    row = session.scalars(select(OutboxMessage)).one()
    row.outcome, row.next_attempt_at = None, clock.now()
    row.last_error = "mail_sign_in"
    session.commit()
    said = "1 e-mail waits: the mail server does not accept the user and password of SMTP_URL."
    assert said not in client.get("/healthz/deep").json["reasons"]
    clock.advance(seconds=61)
    answer = client.get("/healthz/deep")
    assert answer.status_code == 503
    assert said in answer.json["reasons"]
