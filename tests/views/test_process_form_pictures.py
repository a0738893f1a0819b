"""Pictures in the builder form: a plain upload, seen again meanwhile, kept when one saves."""

import hashlib
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.day import photo
from tests.factories import Crew, signed_in
from tests.views.process_forms import Fields, filled, the_draft, told, value
from webapp.models import Process
from webapp.services.definitions import DraftPicture

WHITE = hashlib.sha256(photo()).hexdigest()
ALT = "Chairs down, floor clear"


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def with_file(crew: Crew, content: bytes | None = None, number: int = 1, **more: Any) -> Any:
    name = f"step-{number}-picture_file"
    sent = (BytesIO(photo() if content is None else content), "room.png")
    return filled(crew) | {name: sent, f"step-{number}-picture_alt": ALT} | more


def thumb(sha256: str) -> str:
    return f"/api/v1/blobs/{sha256}?size=thumb"


def test_a_picture_is_sent_with_the_form_and_kept(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=with_file(crew))
    assert saved.status_code == 303
    assert [step.picture for step in the_draft(session).steps] == [DraftPicture(WHITE, ALT), None]
    page = browser.get(saved.headers["Location"])
    assert thumb(WHITE) in page.text
    assert f'alt="How it should look: {ALT}"' in page.text


def test_a_chosen_picture_is_seen_again_by_who_chose_it_alone(
    browser: FlaskClient, app: Any, session: Session, crew: Crew, clock: FixedClock
) -> None:
    page = browser.post("/processes/new", data=with_file(crew, action="add_step"))
    assert value(page, "step-1-picture") == WHITE
    assert thumb(WHITE) in page.text
    with browser.get(thumb(WHITE)) as shown:
        assert (shown.status_code, shown.data[:2]) == (200, b"\xff\xd8")
    maya = signed_in(app, session, crew.maya, clock.now())
    assert maya.get(thumb(WHITE)).status_code == 404


def test_it_moves_with_its_step_and_is_saved_from_the_page_as_it_came_back(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    page = browser.post("/processes/new", data=with_file(crew, action="down:1"))
    sent = Fields(page.text).sent
    assert (sent["step-1-picture"], sent["step-2-picture"]) == ("", WHITE)
    again = sent.to_dict(flat=False) | {"action": "save"}
    assert browser.post("/processes/new", data=again).status_code == 303
    steps = the_draft(session).steps
    assert [step.title for step in steps] == ["Fridge temperature", "Front room ready"]
    assert steps[1].picture == DraftPicture(WHITE, ALT)


def test_a_picture_is_removed_and_replaced(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    browser.post("/processes/new", data=with_file(crew))
    edit = f"/processes/{the_process(session)}/edit"
    sent = Fields(browser.get(edit).text).sent
    assert sent["step-1-picture"] == WHITE
    bare = browser.post(edit, data=sent.to_dict(flat=False) | {"action": "no_picture:1"})
    sent = Fields(bare.text).sent
    assert (sent["step-1-picture"], sent["step-1-picture_alt"]) == ("", "")
    red = {"step-1-picture_file": (BytesIO(photo("red")), "b.jpg"), "step-1-picture_alt": "Red"}
    browser.post(edit, data=sent.to_dict(flat=False) | red | {"action": "save"})
    kept = the_draft(session).steps[0].picture
    assert kept == DraftPicture(hashlib.sha256(photo("red")).hexdigest(), "Red")


def the_process(session: Session) -> str:
    return session.scalars(select(Process)).one().id


def test_what_is_no_picture_is_told_beside_its_field_and_nothing_typed_is_lost(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    for action in ("save", "add_step"):
        page = browser.post("/processes/new", data=with_file(crew, b"words", action=action))
        assert page.status_code == 422
        assert told(page, "step-1-picture").startswith("This file is not a picture")
        assert Fields(page.text).sent["step-1-picture_alt"].strip() == ALT
        assert value(page, "name") == "Opening check"


def test_a_picture_without_words_is_asked_for_them_and_stays(
    browser: FlaskClient, crew: Crew
) -> None:
    bare = with_file(crew, **{"step-1-picture_alt": " "})
    page = browser.post("/processes/new", data=bare)
    assert page.status_code == 422
    assert told(page, "step-1-picture_alt") == "Say in a few words what the picture shows."
    assert value(page, "step-1-picture") == WHITE


def test_a_name_that_was_never_uploaded_is_refused(browser: FlaskClient, crew: Crew) -> None:
    made_up = {"step-1-picture": "ab" * 32, "step-1-picture_alt": ALT}
    page = browser.post("/processes/new", data=filled(crew) | made_up)
    assert told(page, "step-1-picture") == "This picture is not here yet. Upload it first."
