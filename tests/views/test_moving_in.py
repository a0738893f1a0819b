"""At sign-up what a visitor kept becomes the first processes, and the rest waits as drafts."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.process_forms import the_draft, value
from tests.views.test_front import START
from tests.views.test_sandbox import ZONE, kept, rows, sent
from tests.views.test_scan import scanned
from webapp.models import Event, Person, Process, Sandbox


def names(session: Session) -> set[str]:
    return set(session.scalars(select(Person.name)))


def test_a_finished_draft_becomes_a_process_with_its_people(
    client: FlaskClient, session: Session
) -> None:
    sent(client, kept(client), **ZONE)
    page = client.get("/start")
    assert "1 draft: Follow up with new leads." in page.text
    assert "James and Maria are added to your people" in page.text
    assert '<option value="America/Chicago" selected>' in page.text
    answer = client.post("/start", data=START)
    assert (answer.status_code, answer.location) == (303, "/processes")
    draft = the_draft(session)
    assert draft.name == "Follow up with new leads"
    by_id = {person.id: person for person in session.scalars(select(Person))}
    assert [by_id[level.person_id or ""].name for level in draft.chain[:2]] == ["Maria", "James"]
    maria = by_id[draft.chain[0].person_id or ""]
    assert (maria.role, maria.email, maria.password_hash) == ("staff", None, None)
    assert [place.name for place in maria.locations] == ["Downtown"]
    assert rows(session) == 0
    noted = session.scalars(select(Event.kind)).all()
    assert noted.count("person.added") == 3


def test_an_unfinished_draft_waits_and_says_what_it_lacks(
    client: FlaskClient, session: Session
) -> None:
    kept(client, "Every Friday at 5pm Lee cleans the grill")
    client.post("/start", data=START)
    page = client.get("/processes")
    assert "Drafts from before your account" in page.text
    assert "Name one backup who takes over when it is missed." in page.text
    assert session.scalars(select(Process)).all() == []
    inbox = client.get("/inbox").text
    assert "1 draft is no process yet." in inbox


def test_a_draft_that_waits_goes_on_in_the_form_and_is_used_up(
    client: FlaskClient, session: Session
) -> None:
    kept(client, "Every Friday at 5pm Lee cleans the grill")
    client.post("/start", data=START)
    draft_id = session.scalars(select(Sandbox)).one().content["drafts"][0]["id"]
    lee = session.scalars(select(Person).where(Person.name == "Lee")).one()
    mara = session.scalars(select(Person).where(Person.name == "Mara")).one()
    address = f"/processes/new?kept={draft_id}"
    page = client.get(address)
    assert "What the draft left open" in page.text
    assert f'<option value="{lee.id}" selected>' in page.text
    assert sent(client, address, backup=mara.id).status_code == 303
    assert the_draft(session).name == "Clean the grill"
    assert rows(session) == 0
    assert client.get(address).status_code == 404


def test_a_draft_can_be_put_aside(client: FlaskClient, session: Session) -> None:
    kept(client, "Every Friday at 5pm Lee cleans the grill")
    client.post("/start", data=START)
    draft_id = session.scalars(select(Sandbox)).one().content["drafts"][0]["id"]
    assert client.post(f"/processes/drafts/{draft_id}/put-aside").status_code == 303
    assert rows(session) == 0


def test_what_the_scan_would_mend_comes_along_as_drafts(
    client: FlaskClient, session: Session
) -> None:
    scanned(client)
    assert value(client.get("/start"), "name") == "Mara"
    client.post("/start", data=START)
    page = client.get("/processes").text
    for name in ("Fridge temperatures", "Locking up", "Fire drill"):
        assert name in page
    assert names(session) == {"Mara", "Maria", "James"}


def test_whoever_is_called_like_the_owner_is_the_owner(
    client: FlaskClient, session: Session
) -> None:
    kept(client, "Every Friday at 5pm mara cleans the grill, backup Kim")
    client.post("/start", data=START | {"name": "Mara Lopez"})
    assert names(session) <= {"Mara Lopez", "Kim"}


def test_the_old_cookie_opens_nothing_after_moving_in(
    app: Any, client: FlaskClient, session: Session
) -> None:
    address = kept(client, "Every Friday at 5pm Lee cleans the grill")
    token = client.get_cookie("baton-sandbox")
    assert token is not None
    client.post("/start", data=START)
    assert client.get_cookie("baton-sandbox") is None
    thief = app.test_client()
    thief.set_cookie("baton-sandbox", token.value)
    assert thief.get(address).status_code == 410


def test_a_beginning_that_is_refused_leaves_everything_where_it_was(
    client: FlaskClient, session: Session
) -> None:
    address = kept(client)
    page = client.post("/start", data=START | {"email": "mara"})
    assert page.status_code == 422
    assert "What comes along" in page.text
    assert client.get(address).status_code == 200
    assert names(session) == set()


@pytest.mark.parametrize(("who", "moves"), [("olivia", True), ("maya", False), ("ana", False)])
def test_an_owner_who_is_signed_in_can_take_it_in(
    app: Any, session: Session, crew: Crew, clock: FixedClock, who: str, moves: bool
) -> None:
    client = signed_in(app, session, getattr(crew, who), clock.now())
    kept(client, "Every Friday at 5pm Ana cleans the grill")
    client.post("/start")
    assert bool(session.scalars(select(Sandbox)).one().org_id) == moves
    assert len(names(session)) == 5


def test_a_draft_of_another_organisation_is_not_found(
    app: Any, client: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    kept(client, "Every Friday at 5pm Lee cleans the grill")
    client.post("/start", data=START)
    draft_id = session.scalars(select(Sandbox)).one().content["drafts"][0]["id"]
    olivia = signed_in(app, session, crew.olivia, clock.now())
    assert olivia.get(f"/processes/new?kept={draft_id}").status_code == 404
    assert olivia.post(f"/processes/drafts/{draft_id}/put-aside").status_code == 404


def test_whom_a_typed_draft_names_is_somebody_to_invite_at_once(
    client: FlaskClient, session: Session
) -> None:
    typed = {"sentence": "Every Friday at 5pm Lee cleans the grill, backup the team"}
    assert "Lee is added to your people" in client.get("/start", query_string=typed).text
    answer = client.post("/start", data=START | typed)
    lee = session.scalars(select(Person).where(Person.name == "Lee")).one()
    assert f'<option value="{lee.id}" selected>' in client.get(answer.location).text
    assert names(session) == {"Lee", "Mara"}
