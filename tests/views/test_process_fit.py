"""Reminders that never come, and people who work elsewhere, on the page and over the API."""

from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, process, signed_in
from tests.views.pages import words
from tests.views.process_forms import filled, told
from tests.views.test_api_processes import wish
from webapp.models import Process
from webapp.services import locations


@pytest.fixture
def api(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def test_a_fallback_from_another_location_is_taken_and_named(
    api: FlaskClient, session: Session, crew: Crew, now: datetime
) -> None:
    place = locations.Place("Harbour", "America/Chicago")
    crew.fay.locations = [locations.add(session, crew.org_id, place, now)]
    session.commit()
    answer = api.post("/api/v1/processes", json=wish(crew))
    assert answer.status_code == 201
    assert answer.json["notes"] == ["Fay works at Harbour, not at Downtown."]


def test_a_reminder_that_can_never_come_is_refused_at_its_field(
    api: FlaskClient, crew: Crew
) -> None:
    answer = api.post("/api/v1/processes", json=wish(crew, remind_minutes=24 * 60))
    assert (answer.status_code, answer.json["fields"].keys()) == (422, {"remind"})


def test_the_builder_says_so_beside_the_reminder(
    api: FlaskClient, session: Session, crew: Crew
) -> None:
    page = api.post("/processes/new", data=filled(crew) | {"remind": "1d"})
    assert page.status_code == 422
    assert "so a reminder 1 day before would never come." in told(page, "remind")
    assert session.scalars(select(Process)).all() == []


def test_the_page_of_a_process_names_a_backup_who_works_elsewhere(
    api: FlaskClient, session: Session, crew: Crew, now: datetime
) -> None:
    made = process(session, crew, now)
    assert "not at Downtown" not in words(api.get(f"/processes/{made.id}"))
    place = locations.Place("Harbour", "America/Chicago")
    crew.ben.locations = [locations.add(session, crew.org_id, place, now)]
    session.commit()
    assert "Ben works at Harbour, not at Downtown." in words(api.get(f"/processes/{made.id}"))
