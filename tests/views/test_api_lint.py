"""Chain lint over the API: with what is saved, and of a draft that nobody saves."""

from datetime import time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, process, reached_by_phone, signed_in
from tests.views.test_api_processes import wish
from webapp.models import Process


@pytest.fixture
def api(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    reached_by_phone(session, *crew.people.values())
    return signed_in(app, session, crew.olivia, clock.now())


def lint(api: FlaskClient, asked: dict[str, Any], at: str = "") -> list[dict[str, Any]]:
    answer = api.post(f"/api/v1/processes{at}/lint", json=asked)
    assert answer.status_code == 200
    return answer.json["findings"]


def owner_alone(crew: Crew) -> list[dict[str, Any]]:
    return [
        {"role": "assignee", "person": crew.ana.id},
        {"role": "backup", "person": crew.olivia.id},
    ]


OWNER_ALONE = {
    "code": "owner_only_backup",
    "severity": "warning",
    "field": "chain.backup",
    "sentence": "Nobody but Olivia, the owner, stands behind Ana.",
    "mend": "Name a backup who is not the owner.",
    "link": None,
}


def test_what_is_saved_answers_with_its_warnings(api: FlaskClient, crew: Crew) -> None:
    made = api.post("/api/v1/processes", json=wish(crew))
    assert (made.status_code, made.json["warnings"]) == (201, [])
    asked = wish(crew, chain=owner_alone(crew))
    changed = api.put(f"/api/v1/processes/{made.json['id']}", json=asked)
    assert (changed.status_code, changed.json["warnings"]) == (200, [OWNER_ALONE])


def test_a_draft_is_looked_at_without_being_saved(
    api: FlaskClient, session: Session, crew: Crew
) -> None:
    assert lint(api, wish(crew)) == []
    asked = wish(crew, name="", cadence="now and then", chain=owner_alone(crew))
    errors = [
        (each["severity"], each["field"])
        for each in lint(api, asked)
        if each["code"] == "not_valid"
    ]
    assert errors == [("error", "name"), ("error", "cadence")]
    assert OWNER_ALONE in lint(api, asked)
    assert session.scalars(select(Process)).all() == []


def test_a_change_is_looked_at_as_the_next_version_of_its_process(
    api: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    there = process(session, crew, clock.now())
    assert [each["field"] for each in lint(api, wish(crew))] == ["name"]  # it is taken
    assert lint(api, wish(crew), f"/{there.id}") == []


def test_a_warning_names_the_page_that_mends_it(
    api: FlaskClient, session: Session, crew: Crew
) -> None:
    crew.location.opens, crew.location.closes = time(6, 30), time(18)
    session.commit()
    [outside] = lint(api, wish(crew, opens=None, deadline="23:30"))
    assert (outside["code"], outside["link"]) == ("outside_hours", f"/locations/{crew.location.id}")
