"""The words of a location: in the builder, on its own page, and over the API."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.pages import words
from tests.views.process_forms import Fields, filled, the_draft
from webapp.models import Location, ProcessVersion
from webapp.services.definitions import DraftWording


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def maya(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.maya, clock.now())


@pytest.fixture
def uptown(browser: FlaskClient, session: Session) -> Location:
    browser.post("/locations", data={"name": "Uptown", "time_zone": "America/Chicago"})
    return session.scalars(select(Location).where(Location.name == "Uptown")).one()


@pytest.fixture
def page(browser: FlaskClient, crew: Crew, uptown: Location) -> str:
    both = [crew.location.id, uptown.id]
    form = filled(crew, location=both, wording="open", **{"step-2-wording": "locked"})
    address = browser.post("/processes/new", data=form).location
    browser.get(address)
    return str(address)


def front(session: Session) -> str:
    return str(the_draft(session).steps[0].key)


def test_an_owner_opens_the_wording_in_the_builder(
    browser: FlaskClient, session: Session, page: str
) -> None:
    draft = the_draft(session)
    assert (draft.wording, [step.wording for step in draft.steps]) == ("open", [None, "locked"])
    form = browser.get(f"{page}/edit").text
    assert "May a location word the steps in its own way?" in form
    assert '<option value="locked" selected>No, it is the same everywhere</option>' in form


def test_where_there_is_one_location_the_builder_does_not_ask(browser: FlaskClient) -> None:
    assert "May a location word" not in browser.get("/processes/new").text


def test_a_manager_is_not_asked_and_keeps_what_an_owner_decided(
    browser: FlaskClient, maya: FlaskClient, session: Session, crew: Crew, uptown: Location
) -> None:
    form = filled(crew, wording="open", **{"step-2-wording": "locked"})
    page = browser.post("/processes/new", data=form).location
    edit = maya.get(f"{page}/edit").text
    assert "May a location word" not in edit
    sent = Fields(edit).sent.to_dict(flat=False) | {"action": "save", "deadline": "08:00"}
    assert maya.post(f"{page}/edit", data=sent).status_code == 303
    draft = the_draft(session)
    assert (draft.wording, [step.wording for step in draft.steps]) == ("open", [None, "locked"])


def test_a_manager_words_the_open_steps_for_their_place_with_undo(
    maya: FlaskClient, session: Session, crew: Crew, page: str
) -> None:
    address = f"{page}/wording/{crew.location.id}"
    assert "Word it for Downtown" in words(maya.get(page))
    assert "Word it for Uptown" not in words(maya.get(page))
    shown = maya.get(address)
    assert "In the words of Downtown" in words(shown)
    assert "Front room ready" in shown.text
    assert "Fridge temperature" not in shown.text
    typed = {f"{front(session)}-title": "Hall ready", f"{front(session)}-how": ""}
    assert maya.post(address, data=typed).status_code == 303
    own = DraftWording(crew.location.id, "Hall ready", None)
    assert the_draft(session).steps[0].wordings == (own,)
    told = maya.get(page)
    assert "Saved as version 2. Downtown In 5 runs “Front room ready” is called" in words(told)
    assert maya.post(f"{page}/versions/1/restore").status_code == 303
    assert the_draft(session).steps[0].wordings == ()


def test_a_title_that_is_too_long_is_told_and_kept(
    maya: FlaskClient, session: Session, crew: Crew, page: str
) -> None:
    address = f"{page}/wording/{crew.location.id}"
    refused = maya.post(address, data={f"{front(session)}-title": "x" * 201})
    assert refused.status_code == 422
    assert "Use at most 200 characters." in words(refused)
    assert "x" * 201 in refused.text


def test_a_location_of_somebody_else_is_not_worded(
    maya: FlaskClient, session: Session, crew: Crew, uptown: Location, page: str
) -> None:
    refused = maya.get(f"{page}/wording/{uptown.id}")
    assert refused.status_code == 403
    assert "Uptown is not one of your locations." in words(refused)
    assert maya.post(f"{page}/wording/{uptown.id}", data={}).status_code == 403
    assert maya.get(f"{page}/wording/nowhere").status_code == 404


def test_an_edit_in_the_builder_keeps_the_words_of_the_locations(
    browser: FlaskClient, maya: FlaskClient, session: Session, crew: Crew, page: str
) -> None:
    typed = {f"{front(session)}-title": "Hall ready"}
    maya.post(f"{page}/wording/{crew.location.id}", data=typed)
    sent = Fields(browser.get(f"{page}/edit").text).sent.to_dict(flat=False)
    browser.post(f"{page}/edit", data=sent | {"action": "save", "deadline": "08:00"})
    assert the_draft(session).steps[0].wordings[0].title == "Hall ready"
    locked = sent | {"action": "save", "deadline": "08:00", "wording": "locked"}
    browser.post(f"{page}/edit", data=locked)
    assert the_draft(session).steps[0].wordings == ()


def test_the_api_words_a_location_and_reads_it_back(
    browser: FlaskClient, maya: FlaskClient, session: Session, crew: Crew, page: str
) -> None:
    address = f"/api/v1{page}"
    asked = {"steps": [{"key": front(session), "title": "Hall ready"}]}
    changed = maya.put(f"{address}/wordings/{crew.location.id}", json=asked)
    assert (changed.status_code, changed.json["version"]) == (200, 2)
    read = browser.get(address).json
    assert (read["wording"], read["steps"][1]["wording"]) == ("open", "locked")
    assert read["steps"][0]["wordings"] == [
        {"location": crew.location.id, "title": "Hall ready", "instructions": None}
    ]
    unknown = maya.put(
        f"{address}/wordings/{crew.location.id}", json={"steps": [{"key": "x" * 26}]}
    )
    assert (unknown.status_code, unknown.json["code"]) == (422, "process_not_valid")
    assert session.scalars(select(ProcessVersion.number)).all() == [1, 2]
