"""A process that was changed since the version that a PUT was made from."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.test_api_processes import wish


@pytest.fixture
def api(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def maya(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.maya, clock.now())


@pytest.fixture
def address(api: FlaskClient, maya: FlaskClient, crew: Crew) -> str:
    """A process whose second version, due at 07:30, Maya made."""
    made: Any = api.post("/api/v1/processes", json=wish(crew)).json
    address = f"/api/v1/processes/{made['id']}"
    maya.put(address, json=wish(crew, deadline="07:30", base_version=1))
    return address


def test_what_others_changed_since_the_base_is_kept_and_named(
    api: FlaskClient, address: str, crew: Crew
) -> None:
    saved: Any = api.put(address, json=wish(crew, review="all", base_version=1)).json
    assert (saved["deadline"], saved["review"], saved["version"]) == ("07:30", "all", 3)
    assert saved["joined"] == ["Deadline: 07:30, was 07:15"]


def test_what_both_changed_answers_409_with_who_made_what_of_it(
    api: FlaskClient, address: str, crew: Crew
) -> None:
    wished = wish(crew, deadline="07:20", base_version=1)
    refused = api.put(address, json=wished)
    assert refused.status_code == 409
    said: Any = refused.json
    assert said["code"] == "changed_meanwhile"
    assert said["fields"] == {"deadline": "Changed meanwhile by Maya. Deadline: 07:30, was 07:15."}
    assert (said["version"], said["changed_by"]) == (2, ["Maya"])
    assert api.post(f"{address}/preview", json=wished).status_code == 409
    assert api.put(address, json=wished | {"base_version": 2}).status_code == 200


def test_a_put_that_is_sent_again_changes_nothing(
    api: FlaskClient, address: str, crew: Crew
) -> None:
    lights = {"title": "Lights on", "proof": {"kind": "note"}}
    wished = wish(crew, base_version=2, deadline="07:30")
    wished["steps"].append(lights)
    once: Any = api.put(address, json=wished).json
    again: Any = api.put(address, json=wished).json
    assert (again["version"], again["steps"]) == (once["version"], once["steps"])


def test_a_preview_tells_what_saving_on_top_would_change(
    api: FlaskClient, address: str, crew: Crew
) -> None:
    seen: Any = api.post(f"{address}/preview", json=wish(crew, review="all", base_version=1)).json
    assert seen["differences"] == ["Review: all, was photos"]


def test_without_a_base_a_put_counts_as_it_is(api: FlaskClient, address: str, crew: Crew) -> None:
    saved: Any = api.put(address, json=wish(crew)).json
    assert (saved["deadline"], saved["joined"]) == ("07:15", [])


@pytest.mark.parametrize(("base", "status"), [(9, 422), (0, 422), ("one", 422)])
def test_a_base_that_there_is_none_of_is_refused(
    api: FlaskClient, address: str, crew: Crew, base: Any, status: int
) -> None:
    refused = api.put(address, json=wish(crew, base_version=base))
    assert refused.status_code == status
    said: Any = refused.json
    assert "base_version" in str(said["fields"])
