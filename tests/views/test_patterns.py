"""What keeps going wrong: its page, its row in the inbox, the API, and fix notes of a run."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import process, proof, signed_in
from tests.past_runs import past_runs
from tests.views.pages import words
from webapp.cli import baton
from webapp.models import FixNote, Person
from webapp.services import definitions, fix_notes, fix_outcomes, locations, patterns

STEPS = (("Gate latch", proof("note")), ("Front room ready", proof("note")))
FAILING = "." * 14 + "sss.ss.s"


@pytest.fixture
def opening(session, crew, clock):
    return process(session, crew, clock.now(), steps=STEPS)


@pytest.fixture
def failing(session, crew, clock, opening):
    made = past_runs(session, crew, opening, FAILING, clock.now())
    patterns.look_at_all(session, crew.org_id, clock.now())
    session.commit()
    return made


@pytest.fixture
def browser(app, session, crew, clock):
    return signed_in(app, session, crew.olivia, clock.now())


def test_a_step_of_two_locations_is_counted_once_and_only_for_who_sees_it(
    app, session, clock, crew, browser, opening
):
    place = locations.Place("Annex", "America/New_York")
    annex = locations.add(session, crew.org_id, place, clock.now())
    version = definitions.current_version(opening)
    version.locations.append(annex)
    crew.maya.locations = []
    session.commit()
    assert "2 steps are watched" in words(browser.get("/patterns"))
    maya = signed_in(app, session, crew.maya, clock.now())
    assert "0 steps are watched" in words(maya.get("/patterns"))


def test_the_page_says_what_is_watched_while_nothing_is_found(browser, opening):
    page = words(browser.get("/patterns"))
    assert "Nothing keeps going wrong." in page
    assert "2 steps are watched" in page
    assert "From 5 runs on something can show." in page


def test_a_pattern_is_a_sentence_with_its_numbers_its_runs_and_what_to_do(browser, failing):
    answer = browser.get("/patterns")
    page = words(answer)
    assert "“Gate latch” of Opening check failed in 6 of the last" in page
    assert "Of those: sent back 6." in page
    assert "By luck alone such a thing shows in at most 1 of" in page
    assert "the true share lies between" in page
    assert f'href="/runs/{failing[-1].id}"' in answer.text
    step = failing[-1].step_runs[0].id
    assert f'href="/runs/{failing[-1].id}#fix-{step}"' in answer.text
    process_page = words(browser.get(f"/processes/{failing[0].process_id}"))
    assert "“Gate latch” of Opening check failed in 6" in process_page


def test_it_stands_in_the_inbox_until_it_is_noted(browser, failing, session, crew):
    page = words(browser.get("/inbox"))
    assert "“Gate latch” of Opening check failed in 6" in page
    assert "Nothing needs you now." in page
    (row,) = patterns.current(session, crew.org_id)
    assert browser.post(f"/patterns/{row.id}/noted").status_code == 303
    assert "Gate latch" not in words(browser.get("/inbox"))
    page = words(browser.get("/patterns"))
    assert "Nothing new keeps going wrong." in page
    assert "1 noted pattern still stands." in page
    assert "1 pattern" in page
    assert "Nothing keeps going wrong." not in page


def test_the_api_gives_the_numbers_and_notes_it(browser, failing, crew):
    document = browser.get("/api/v1/patterns").json
    (each,) = document["patterns"]
    assert (each["kind"], each["times"], document["watched"]) == (
        "repeated",
        6,
        {"steps": 2, "processes": 1},
    )
    assert each["one_month_in"] > 20
    assert each["runs"][0] == failing[-1].id
    noted = browser.post(f"/api/v1/patterns/{each['id']}/noted").json
    assert noted["noted_at"] is not None
    assert browser.post("/api/v1/patterns/nothing/noted").status_code == 404


def test_the_command_looks_at_once_and_says_it(app, session, crew, clock, opening, monkeypatch):
    past_runs(session, crew, opening, FAILING, clock.now())
    monkeypatch.setattr("webapp.cli.running.create_app", lambda: app)
    monkeypatch.setattr("webapp.cli.running.database.upgrade_current", lambda: None)
    said = app.test_cli_runner().invoke(baton, ["patterns", "--json"]).output
    assert json.loads(said)["patterns"][0]["kind"] == "repeated"
    said = app.test_cli_runner().invoke(baton, ["patterns"]).output
    assert said.startswith("“Gate latch” of Opening check failed in 6")


def test_a_managers_page_shows_their_locations_alone(app, session, crew, clock, failing):
    crew.maya.locations.clear()
    session.commit()
    maya = signed_in(app, session, crew.maya, clock.now())
    assert "Nothing keeps going wrong." in words(maya.get("/patterns"))
    (row,) = patterns.current(session, crew.org_id)
    assert maya.post(f"/patterns/{row.id}/noted").status_code == 404


def test_a_run_asks_once_what_was_done_about_a_failed_step(browser, failing, session):
    run, step = failing[-1], failing[-1].step_runs[0]
    where = f"/runs/{run.id}/steps/{step.id}/fix"
    assert "What was done about it?" in browser.get(f"/runs/{run.id}").text
    assert browser.post(where, data={"text": " "}).status_code == 422
    assert browser.post(where, data={"text": "Oiled the latch."}).status_code == 303
    page = browser.get(f"/runs/{run.id}")
    assert "What was done about it?" not in page.text
    assert session.scalars(select(FixNote.text)).one() == "Oiled the latch."
    other = f"/runs/{failing[0].id}/steps/{step.id}/fix"
    assert browser.post(other, data={"text": "Elsewhere."}).status_code == 404


def test_the_card_and_the_run_say_the_same_of_a_fix(app, session, crew, clock, opening, browser):
    before = past_runs(session, crew, opening, ".s.s", clock.now())
    fix_notes.write(session, crew.ana, before[-1].step_runs[0], "Oiled.", clock.now())
    session.commit()
    since = past_runs(session, crew, opening, "..", clock.now() + timedelta(days=3))
    page = words(browser.get(f"/runs/{since[-1].id}"))
    assert "Fix note. 2 of 6 clean runs so far. “Oiled.”" in page
    shown = browser.get(f"/api/v1/runs/{since[-1].id}").json["fix_note"]
    assert (shown["held"], shown["so_far"]) == (None, "2 of 6 clean runs so far.")
    process_page = words(browser.get(f"/processes/{opening.id}"))
    assert (
        "Gate latch, Downtown. Fix note. 2 of 6 clean runs so far. “Oiled.” (Ana," in process_page
    )
    past_runs(session, crew, opening, "s", clock.now() + timedelta(days=4))
    assert "This fix did not hold. “Oiled.”" in words(browser.get(f"/runs/{since[-1].id}"))
    assert browser.get(f"/api/v1/runs/{since[-1].id}").json["fix_note"]["held"] is False


def test_a_fix_that_held_elsewhere_is_taken_over_with_one_press(
    session, crew, clock, opening, browser
):
    place = locations.Place("Northside", "America/Chicago")
    north = locations.add(session, crew.org_id, place, clock.now())
    week = timedelta(days=7)
    before = past_runs(session, crew, opening, ".s.s", clock.now() - 3 * week, place=north)
    note = fix_notes.write(
        session, crew.maya, before[-1].step_runs[0], "Door seal replaced.", clock.now() - 3 * week
    )
    past_runs(session, crew, opening, "." * 12, clock.now(), place=north)
    fix_outcomes.settle(session, opening, clock.now())
    made = past_runs(session, crew, opening, FAILING, clock.now())
    patterns.look_at_all(session, crew.org_id, clock.now())
    session.commit()
    offered = "At Northside, “Door seal replaced.” has held for 12 runs."
    assert offered in words(browser.get("/patterns"))
    assert offered in words(browser.get(f"/runs/{made[-1].id}"))
    step = made[-1].step_runs[0].id
    taken = browser.post(f"/runs/{made[-1].id}/steps/{step}/fix", data={"take": note.id})
    assert taken.status_code == 303
    assert (
        session.scalars(select(FixNote).where(FixNote.from_id == note.id)).one().text == note.text
    )


def test_words_of_hostile_length_are_cut_not_refused(browser, failing, session, crew):
    step = failing[-1].step_runs[0]
    where = f"/runs/{failing[-1].id}/steps/{step.id}/fix"
    assert browser.post(where, data={"text": "x" * 9000}).status_code == 303
    assert len(session.scalars(select(FixNote.text)).one()) == 2000
    assert browser.post(where, data={"take": "'; DROP"}).status_code == 404
    assert session.get(Person, crew.olivia.id)
