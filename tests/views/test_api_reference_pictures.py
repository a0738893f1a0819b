"""Pictures of how a step should look: named over the API, and given to whoever sees the step."""

import hashlib
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.day import photo, photo_proof
from tests.factories import Crew, crew_of_a_daycare, signed_in
from tests.views.api_day import api_day  # noqa: F401
from tests.views.test_api_processes import wish
from webapp.models import Event, Person, Process, Run
from webapp.services import planning, step_runs

ALT = "Chairs down, floor clear"


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock):
    """The browser of one person."""

    def of(person: Person) -> FlaskClient:
        return signed_in(app, session, person, clock.now())

    return of


def put(client: FlaskClient, content: bytes) -> str:
    sha256 = sha256_of(content)
    answer = client.put(f"/api/v1/blobs/{sha256}", data=content)
    assert answer.status_code == 200
    return sha256


def with_picture(crew: Crew, sha256: str, alt: str = ALT, **more: Any) -> dict[str, Any]:
    asked = wish(crew, **more)
    asked["steps"][0]["picture"] = {"sha256": sha256, "alt": alt}
    return asked


@pytest.fixture
def owner(browser, crew: Crew) -> FlaskClient:
    return browser(crew.olivia)


@pytest.fixture
def defined(owner: FlaskClient, crew: Crew) -> dict[str, Any]:
    """A process whose first step shows a white picture."""
    answer = owner.post("/api/v1/processes", json=with_picture(crew, put(owner, photo())))
    assert answer.status_code == 201, answer.json
    return answer.json


def test_a_step_says_how_it_should_look(defined, owner: FlaskClient, session: Session) -> None:
    shown = {"sha256": sha256_of(photo()), "alt": ALT}
    assert [step["picture"] for step in defined["steps"]] == [shown, None]
    [saved] = session.scalars(select(Event.payload).where(Event.kind == "process.saved"))
    assert saved["pictures"] == {defined["steps"][0]["key"]: shown["sha256"]}
    assert f"picture {shown['sha256'][:8]} of “{ALT}”" in saved["changes"][-2]


def test_what_is_mine_today_names_the_picture(defined, browser, crew: Crew) -> None:
    [*runs] = browser(crew.ana).get("/api/v1/today").json["runs"]
    shown = {"sha256": sha256_of(photo()), "alt": ALT}
    assert [[step["picture"] for step in run["steps"]] for run in runs] == [[shown, None]] * 3
    step = runs[0]["steps"][0]["id"]
    assert browser(crew.ana).get(f"/api/v1/step-runs/{step}").json["picture"] == shown


def test_a_picture_that_cannot_be_shown_is_refused_by_field(owner: FlaskClient, crew: Crew) -> None:
    never = owner.post("/api/v1/processes", json=with_picture(crew, "ab" * 32, "  "))
    assert never.status_code == 422
    assert never.json["fields"] == {
        "steps[0].picture": "This picture is not here yet. Upload it first.",
        "steps[0].picture.alt": "Say in a few words what the picture shows.",
    }
    owner.put(f"/api/v1/blobs/{sha256_of(b'words')}", data=b"words")
    words = owner.post("/api/v1/processes", json=with_picture(crew, sha256_of(b"words")))
    assert words.json["fields"] == {
        "steps[0].picture": "This file is not a picture that can be shown. Choose another."
    }
    long = owner.post("/api/v1/processes", json=with_picture(crew, put(owner, photo()), "x" * 201))
    assert "200 characters" in long.json["fields"]["steps[0].picture.alt"]


def test_somebodys_proof_does_not_become_a_picture_for_all(api_day) -> None:  # noqa: F811
    monday = api_day()
    content = photo("red")
    monday.announces("ana", content)
    monday.put("ana", content)
    asked = with_picture(monday.crew, sha256_of(content), name="Other")
    refused = monday.browser("olivia").post("/api/v1/processes", json=asked)
    assert refused.json["fields"] == {
        "steps[0].picture": "This photo is somebody's proof. Choose a picture of its own."
    }


def test_the_picture_is_given_to_whoever_may_see_the_run_or_the_process(
    defined, browser, app: Any, session: Session, crew: Crew, clock: FixedClock
) -> None:
    address = f"/api/v1/blobs/{sha256_of(photo())}"
    outsider = Person(
        org_id=crew.org_id, name="Zoe", email="zoe@x.example", role="staff", created_at=clock.now()
    )
    session.add(outsider)
    bakery = crew_of_a_daycare(session, clock.now(), name="Bakery")
    session.commit()
    for person, status in (
        (crew.olivia, 200),
        (crew.maya, 200),
        (crew.ana, 200),
        (crew.fay, 200),
        (outsider, 404),
        (bakery.olivia, 404),
    ):
        answer = browser(person).get(address, buffered=True)
        assert answer.status_code == status, person.name
        assert status == 404 or answer.data[:2] == b"\xff\xd8"
    assert app.test_client().get(address, buffered=True).status_code == 401


def test_a_picture_of_no_process_is_shown_to_nobody(owner: FlaskClient) -> None:
    sha256 = put(owner, photo("red"))
    assert owner.get(f"/api/v1/blobs/{sha256}", buffered=True).status_code == 404


def test_a_run_that_has_begun_keeps_its_picture(
    defined, owner: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    first, second = session.scalars(select(Run).order_by(Run.deadline_at).limit(2)).unique()
    step_runs.open_run(session, first, clock.now())
    session.commit()
    red = put(owner, photo("red"))
    changed = owner.put(f"/api/v1/processes/{defined['id']}", json=with_picture(crew, red))
    assert changed.json["version"] == 2
    process = session.scalars(select(Process)).one()
    planning.replan_process(session, process, clock.now())
    assert first.step_runs[0].picture_sha256 == sha256_of(photo())
    assert second.step_runs[0].picture_sha256 == red
    ana = signed_in_as(owner, crew.ana, session, clock)
    for sha256 in (red, sha256_of(photo())):
        assert ana.get(f"/api/v1/blobs/{sha256}", buffered=True).status_code == 200


def signed_in_as(
    client: FlaskClient, person: Person, session: Session, clock: FixedClock
) -> FlaskClient:
    return signed_in(client.application, session, person, clock.now())


def test_a_picture_is_taken_away_by_leaving_it_out(
    defined, owner: FlaskClient, session: Session, crew: Crew
) -> None:
    changed = owner.put(f"/api/v1/processes/{defined['id']}", json=wish(crew))
    assert [step["picture"] for step in changed.json["steps"]] == [None, None]
    saved = session.scalars(
        select(Event.payload).where(Event.kind == "process.saved").order_by(Event.seq)
    ).all()[-1]
    assert "pictures" not in saved
    assert "Step “Front room ready”, picture" in saved["changes"][0]


def test_the_bytes_of_a_reference_picture_may_prove_another_step(
    defined,
    api_day,  # noqa: F811
) -> None:
    """Whoever has the very same file brings it as their proof: both keep what they may see."""
    monday = api_day(name="Second check")
    given = photo_proof(photo())
    sent = monday.sync("ana", monday.command(proof=given))
    assert sent.json["results"][0]["status"] == "applied"
    address = f"/api/v1/blobs/{sha256_of(photo())}"
    assert monday.browser("ben").get(address, buffered=True).status_code == 200
