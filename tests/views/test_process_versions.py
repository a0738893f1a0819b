"""Looking at a change beforehand, undoing it afterwards, and the versions of a process."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, process, signed_in
from tests.views.pages import words
from tests.views.process_forms import Fields, filled, the_draft, value
from webapp.models import Process, ProcessVersion, Run
from webapp.rules.run_changes import Change
from webapp.services import definitions
from webapp.services.definitions import Effect
from webapp.services.definitions.effects import PlaceEffect
from webapp.views import process_effects


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


@pytest.fixture
def page(browser: FlaskClient, crew: Crew) -> str:
    """A process due at 07:15, saved from the form, whose first notice has been read."""
    address = browser.post("/processes/new", data=filled(crew)).location
    browser.get(address)
    return str(address)


def typed(browser: FlaskClient, page: str, **more: Any) -> dict[str, Any]:
    sent = Fields(browser.get(f"{page}/edit").text).sent.to_dict(flat=False)
    return sent | {"action": "save"} | more


def numbers(session: Session) -> list[int]:
    return list(session.scalars(select(ProcessVersion.number).order_by(ProcessVersion.number)))


def test_a_look_tells_what_saving_would_do_and_saves_nothing(
    browser: FlaskClient, session: Session, page: str
) -> None:
    form = typed(browser, page, deadline="06:45", action="look")
    shown = browser.post(f"{page}/edit", data=form)
    assert shown.status_code == 200
    assert "Nothing is saved yet. If you save this:" in words(shown)
    assert "Deadline: 06:45, was 07:15" in words(shown)
    assert "5 runs are due at 06:45 instead of 07:15: today to Friday 27 November." in words(shown)
    assert value(shown, "deadline") == "06:45"
    assert numbers(session) == [1]


def test_a_look_at_what_is_the_same_says_so(browser: FlaskClient, page: str) -> None:
    shown = browser.post(f"{page}/edit", data=typed(browser, page, action="look"))
    assert "Nothing changes." in words(shown)


def test_a_look_at_a_new_process_says_which_runs_come(browser: FlaskClient, crew: Crew) -> None:
    shown = browser.post("/processes/new", data=filled(crew, action="look"))
    assert "5 runs are planned, due at 07:15" in words(shown)
    assert "Name: Opening check" not in words(shown)


def test_a_look_at_what_cannot_be_saved_marks_the_fault(browser: FlaskClient, page: str) -> None:
    shown = browser.post(f"{page}/edit", data=typed(browser, page, backup="", action="look"))
    assert shown.status_code == 422
    assert "Name one backup" in words(shown)


def test_saving_is_one_tap_and_says_once_what_it_did(
    browser: FlaskClient, session: Session, page: str
) -> None:
    saved = browser.post(f"{page}/edit", data=typed(browser, page, deadline="06:45"))
    assert saved.status_code == 303
    shown = words(browser.get(page))
    assert "Saved as version 2." in shown
    assert "5 runs are due at 06:45 instead of 07:15" in shown
    assert "Saved as version 2." not in words(browser.get(page))


def test_undo_brings_the_version_before_back_as_a_new_one(
    browser: FlaskClient, session: Session, page: str
) -> None:
    browser.post(f"{page}/edit", data=typed(browser, page, deadline="06:45"))
    assert f'action="{page}/versions/1/restore"' in browser.get(page).text
    assert browser.post(f"{page}/versions/1/restore").status_code == 303
    assert f"{the_draft(session).deadline:%H:%M}" == "07:15"
    assert numbers(session) == [1, 2, 3]
    shown = browser.get(page)
    assert "Saved as version 3, as version 1 was." in words(shown)
    assert f'action="{page}/versions/2/restore"' in shown.text


def test_a_process_that_is_new_offers_no_undo(browser: FlaskClient, crew: Crew) -> None:
    address = browser.post("/processes/new", data=filled(crew)).location
    shown = browser.get(address)
    assert "Saved as version 1." in words(shown)
    assert "Undo" not in shown.text


def test_retiring_says_what_it_does_and_can_be_undone(
    browser: FlaskClient, session: Session, page: str
) -> None:
    assert browser.post(f"{page}/retire").status_code == 303
    shown = browser.get(page)
    assert "Retired. This process is retired." in words(shown)
    assert "Downtown 5 runs will not take place" in words(shown)
    assert f'action="{page}/versions/1/restore"' in shown.text
    browser.post(f"{page}/versions/1/restore")
    assert session.scalars(select(Process.retired_at)).one() is None
    again = browser.get(page)
    assert f'action="{page}/retire"' in again.text
    planned = select(Run.id).where(Run.state == "planned")
    assert len(session.scalars(planned).all()) == 5


def test_a_process_that_was_retired_long_ago_can_be_taken_up_again(
    browser: FlaskClient, session: Session, page: str
) -> None:
    browser.post(f"{page}/retire")
    browser.get(page)
    assert "Take it up again" in words(browser.get(page))


def test_the_process_page_tells_who_changed_what_and_when(
    browser: FlaskClient, app: Any, session: Session, crew: Crew, clock: FixedClock, page: str
) -> None:
    maya = signed_in(app, session, crew.maya, clock.now())
    clock.advance(days=1)
    maya.post(f"{page}/edit", data=typed(maya, page, review="all"))
    shown = words(browser.get(page))
    assert "Version 2 24 November 2026, 05:30, by Maya Review: all, was photos" in shown
    assert "Version 1 23 November 2026, 05:30, by Olivia Defined." in shown


def test_any_two_versions_stand_side_by_side_in_words(
    browser: FlaskClient, page: str, crew: Crew
) -> None:
    browser.post(f"{page}/edit", data=typed(browser, page, deadline="06:45"))
    renamed = typed(browser, page, backup=crew.fay.id, fallback="")
    browser.post(f"{page}/edit", data=renamed | {"step-2-max": "40"})
    shown = words(browser.get(f"{page}/versions?older=1&newer=3"))
    assert "Deadline 07:15 06:45" in shown
    assert "Backup Ben Fay" in shown
    assert "Fallback Fay after 20 minutes none" in shown
    assert "“Fridge temperature”: proof number, 33 to 41.5 °F, outside: Move the food. " in shown
    assert shown.index("Deadline 07:15 06:45") < shown.index("What is the same in both")
    assert shown.index("What is the same in both") < shown.index("Name Opening check")


def test_two_equal_versions_say_so(browser: FlaskClient, page: str) -> None:
    browser.post(f"{page}/edit", data=typed(browser, page, deadline="06:45"))
    shown = words(browser.get(f"{page}/versions?older=2&newer=2"))
    assert "These two are the same." in shown


@pytest.mark.parametrize("way", ["versions?older=1&newer=9", "versions?older=0&newer=1"])
def test_a_version_that_never_was_is_not_there(browser: FlaskClient, page: str, way: str) -> None:
    browser.post(f"{page}/edit", data=typed(browser, page, deadline="06:45"))
    assert browser.get(f"{page}/{way}").status_code == 404
    assert browser.post(f"{page}/versions/9/restore").status_code == 404


def test_a_restored_version_names_nobody_who_has_left(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock, page: str
) -> None:
    browser.post(f"{page}/edit", data=typed(browser, page, fallback=""))
    crew.fay.deactivated_at = clock.now()
    session.commit()
    refused = browser.post(f"{page}/versions/1/restore")
    assert refused.status_code == 422
    assert "Fay no longer works here." in words(refused)
    assert numbers(session) == [1, 2]


def test_a_step_that_was_removed_comes_back_as_the_same_step(
    browser: FlaskClient, session: Session, page: str
) -> None:
    key = the_draft(session).steps[1].key
    form = {k: v for k, v in typed(browser, page).items() if not k.startswith("step-2")}
    browser.post(f"{page}/edit", data=form)
    browser.post(f"{page}/versions/1/restore")
    assert the_draft(session).steps[1].key == key


def test_every_second_week_keeps_its_phase_when_it_is_restored(
    browser: FlaskClient, session: Session, clock: FixedClock, page: str
) -> None:
    second = {"cadence_kind": "words", "cadence_text": "FREQ=WEEKLY;INTERVAL=2"}
    browser.post(f"{page}/edit", data=typed(browser, page, **second))
    clock.advance(days=9)
    browser.post(f"{page}/edit", data=typed(browser, page, cadence_kind="every_day"))
    browser.post(f"{page}/versions/2/restore")
    process = session.scalars(select(Process)).one()
    assert f"{definitions.current_version(process).starts_on}" == "2026-11-23"


def test_versions_of_another_organisation_are_not_there(
    browser: FlaskClient, session: Session, clock: FixedClock
) -> None:
    other = crew_of_a_daycare(session, clock.now(), name="Bluebell")
    theirs = process(session, other, clock.now())
    assert browser.get(f"/processes/{theirs.id}/versions").status_code == 404
    assert browser.post(f"/processes/{theirs.id}/versions/1/restore").status_code == 404
    assert browser.get(f"/api/v1/processes/{theirs.id}/versions").status_code == 404


def test_the_api_looks_lists_and_restores(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    wish = {
        "name": "Closing check",
        "locations": ["Downtown"],
        "cadence": "every day",
        "opens": "17:00",
        "deadline": "18:00",
        "chain": [
            {"role": "assignee", "person": crew.ana.id},
            {"role": "backup", "person": crew.ben.id},
        ],
        "steps": [{"title": "Lock up", "proof": {"kind": "note"}}],
    }
    address = f"/api/v1/processes/{browser.post('/api/v1/processes', json=wish).json['id']}"
    assert browser.post(f"{address}/preview", json=wish).json == {
        "version": None,
        "differences": [],
        "runs": [],
    }
    late = wish | {"deadline": "19:00"}
    looked = browser.post(f"{address}/preview", json=late).json
    assert looked["version"] == 2
    assert looked["differences"] == ["Deadline: 19:00, was 18:00"]
    assert looked["runs"][0]["locations"] == ["Downtown"]
    change = looked["runs"][0]["changes"][0]
    assert (change["kind"], change["count"], change["days"][0]) == ("due", 7, "2026-11-23")
    assert browser.get(address).json["version"] == 1
    browser.put(address, json=late)
    listed = browser.get(f"{address}/versions").json["versions"]
    assert [(each["number"], each["saved_by"]) for each in listed] == [(2, "Olivia"), (1, "Olivia")]
    assert browser.post(f"{address}/versions/1/restore").json["version"] == 3
    assert browser.get(address).json["deadline"] == "18:00"


def test_the_api_tells_what_is_wrong_with_what_is_looked_at(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now())
    answer = browser.post(f"/api/v1/processes/{made.id}/preview", json={})
    assert (answer.status_code, answer.json["code"]) == (422, "process_not_valid")


def test_what_travels_to_the_next_page_fits_into_a_cookie() -> None:
    changes = tuple(
        Change("step_removed", (f"{number} {'x' * 190}", "note"), 5, (date(2026, 11, 24),))
        for number in range(40)
    )
    here = PlaceEffect(("Downtown",), date(2026, 11, 23), changes)
    there = PlaceEffect(("Riverside",), date(2026, 11, 23), changes[:1])
    places = process_effects.told(Effect(2, (), (here, there)))
    told = [sentence for place in places for sentence in place["sentences"]]
    assert told
    assert sum(map(len, told)) <= process_effects.MOST_TOLD
    assert told[0].endswith("(a note): tomorrow.")
