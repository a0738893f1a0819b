"""The pages of processes: defining, changing, showing and retiring them."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import FRIDGE, Crew, crew_of_a_daycare, process, proof, signed_in
from tests.views.process_forms import Fields, filled, the_draft, titles, told, value
from webapp.models import Location, Person, Process, ProcessVersion


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def test_a_filled_form_becomes_a_process(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    answer = browser.post("/processes/new", data=filled(crew))
    assert answer.status_code == 303
    draft = the_draft(session)
    assert answer.location == f"/processes/{session.scalars(select(Process.id)).one()}"
    assert draft.rrule == "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    assert [level.wait_minutes for level in draft.chain] == [0, 5, 20, 30]
    assert str(draft.steps[1].requirement.maximum) == "41.5"
    assert [step.may_skip for step in draft.steps] == [False, True]


@pytest.mark.parametrize(
    ("fields", "rrule"),
    [
        ({"cadence_kind": "every_day"}, "FREQ=DAILY"),
        ({"cadence_kind": "chosen", "weekday": ["TU", "MO"]}, "FREQ=WEEKLY;BYDAY=MO,TU"),
        ({"cadence_kind": "month_day", "month_day": "15"}, "FREQ=MONTHLY;BYMONTHDAY=15"),
        ({"cadence_kind": "month_end"}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (
            {"cadence_kind": "words", "cadence_text": "monthly on the last Friday"},
            "FREQ=MONTHLY;BYDAY=-1FR",
        ),
        (
            {"cadence_kind": "words", "cadence_text": "FREQ=DAILY;BYHOUR=8,12"},
            "FREQ=DAILY;BYHOUR=8,12",
        ),
    ],
)
def test_each_way_to_say_how_often_survives_an_edit(
    browser: FlaskClient, session: Session, crew: Crew, fields: dict[str, Any], rrule: str
) -> None:
    page = browser.post("/processes/new", data=filled(crew, **fields)).location
    assert the_draft(session).rrule == rrule
    again = browser.get(f"{page}/edit")
    kind = fields["cadence_kind"]
    assert re.search(rf'value="{kind}" checked', again.text)


def test_saving_the_edit_form_as_it_stands_changes_nothing(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    timed = {
        "step-3-title": "Air the rooms",
        "step-3-proof": "timed",
        "step-3-min_minutes": "1.5",
    }
    page = browser.post("/processes/new", data=filled(crew, **timed)).location
    form = Fields(browser.get(f"{page}/edit").text).sent
    assert form["step-3-min_minutes"] == "1.5"
    assert browser.post(f"{page}/edit", data=form).status_code == 303
    assert session.scalars(select(ProcessVersion.number)).all() == [1]


def test_a_renamed_step_stays_the_same_step(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    page = browser.post("/processes/new", data=filled(crew)).location
    key = the_draft(session).steps[0].key
    assert value(browser.get(f"{page}/edit"), "step-1-key") == key
    renamed = filled(crew, **{"step-1-key": key, "step-1-title": "Front room tidy"})
    browser.post(f"{page}/edit", data=renamed)
    first = the_draft(session).steps[0]
    assert (first.title, first.key) == ("Front room tidy", key)


def test_the_code_of_a_spot_survives_an_edit(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    gate = (("Gate latch", proof("scan", scan_code="gate-7")),)
    made = process(session, crew, clock.now(), steps=gate)
    form = {name: text for name, text in filled(crew).items() if not name.startswith("step")}
    form |= {"step-1-title": "Gate latch", "step-1-proof": "scan", "grace": "9"}
    browser.post(f"/processes/{made.id}/edit", data=form)
    draft = the_draft(session)
    assert (draft.grace_minutes, draft.steps[0].requirement.scan_code) == (9, "gate-7")


def test_a_sentence_fills_the_form_with_what_it_said(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    sentence = "Every weekday before 9 Ana checks the fridge; sometimes Ben covers"
    page = browser.get("/processes/new", query_string={"sentence": sentence})
    assert value(page, "deadline") == "09:00"
    assert f'value="{crew.ana.id}" selected' in page.text
    assert f'value="{crew.ben.id}" selected' in page.text
    assert 'value="weekdays" checked' in page.text
    assert titles(page) == ["Check the fridge"]
    assert "Who takes over when neither Ana nor Ben can?" in page.text


def test_a_sentence_fills_in_range_opening_and_fallback_too(
    browser: FlaskClient, crew: Crew
) -> None:
    sentence = (
        "Ana checks the fridge temperature every day between 6:30 and 7:15, "
        "33 to 41 °F, backup Ben, then Fay"
    )
    page = browser.get("/processes/new", query_string={"sentence": sentence})
    told = [value(page, f"step-1-{part}") for part in ("unit", "min", "max")]
    assert told == ["°F", "33", "41"]
    assert (value(page, "opens"), value(page, "deadline")) == ("06:30", "07:15")
    assert f'value="{crew.fay.id}" selected' in page.text


def test_a_step_that_a_sentence_puts_off_opens_after_the_one_before_it(
    browser: FlaskClient, crew: Crew
) -> None:
    sentence = "Ana soaks the beans every day at 9. Two hours later she boils the beans"
    asked = {"sentence": f"{sentence}\nDue after 2: 90 minutes"}
    page = browser.get("/processes/new", query_string=asked)
    told = [value(page, f"step-2-after_{part}") for part in ("wait", "due")]
    assert told == ["2h", "1h30m"]
    assert value(page, "step-1-after_wait") == ""


def test_a_second_process_in_a_sentence_is_named_and_not_dropped(browser: FlaskClient) -> None:
    sentence = "Every weekday Ana checks the fridge. Then on Fridays Ben cleans the grill"
    page = browser.get("/processes/new", query_string={"sentence": sentence})
    assert titles(page) == ["Check the fridge"]
    assert "“Clean the grill” is a process of its own." in page.text


def test_what_a_sentence_left_open_is_asked_until_it_is_saved(
    browser: FlaskClient, crew: Crew
) -> None:
    asked = {"sentence": "Every weekday before 9 Ana checks the fridge"}
    page = browser.post("/processes/new", query_string=asked, data=filled(crew, backup=""))
    assert page.status_code == 422
    assert "Who takes over when Ana cannot?" in page.text


def test_words_and_an_export_are_ways_to_a_draft_for_who_is_signed_in(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    for made in (None, filled(crew)):
        if made:
            browser.post("/processes/new", data=made)
        page = browser.get("/processes").text
        assert 'href="/processes/new?words=1#words"' in page
        assert 'href="/import"' in page
    new = browser.get("/processes/new?words=1").text
    assert '<details id="words" open>' in new
    assert '<textarea id="sentence" name="sentence"' in new
    assert 'href="/import"' in new
    filled_in = browser.get("/processes/new?sentence=Every day before 9 Ana checks the fridge")
    assert 'name="sentence"' not in filled_in.text


def test_a_sentence_without_a_word_shows_an_empty_form(browser: FlaskClient) -> None:
    page = browser.get("/processes/new", query_string={"sentence": "???"})
    assert page.status_code == 422
    assert titles(page) == [""]


def test_an_edit_that_is_refused_keeps_the_version(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    page = browser.post("/processes/new", data=filled(crew)).location
    assert browser.post(f"{page}/edit", data=filled(crew, backup="")).status_code == 422
    assert session.scalars(select(ProcessVersion.number)).all() == [1]


def test_what_a_step_asks_for_is_said_in_the_language_of_who_reads_it(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now(), steps=(("Fridge temperature", FRIDGE),))
    crew.olivia.language = "de"
    session.commit()
    shown = browser.get(f"/processes/{made.id}").text
    assert "Zwischen 33 und 41 °F. Außerhalb: " in shown


def test_the_pages_show_what_is_defined(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now(), steps=(("Fridge temperature", FRIDGE),))
    for address in ("/processes", f"/processes/{made.id}", f"/processes/{made.id}/edit"):
        page = browser.get(address)
        assert page.status_code == 200, address
        assert "Opening check" in page.text
    shown = browser.get(f"/processes/{made.id}").text
    assert "Between 33 and 41 °F" in shown
    assert "Tuesday 24 November" in shown


def test_a_retired_process_moves_to_its_own_list(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now())
    assert browser.post(f"/processes/{made.id}/retire").status_code == 303
    assert "Retired" in browser.get("/processes").text
    assert "This process is retired" in browser.get(f"/processes/{made.id}").text


@pytest.mark.parametrize("way", ["", "/edit"])
def test_a_process_of_another_organisation_is_not_there(
    browser: FlaskClient, session: Session, clock: FixedClock, way: str
) -> None:
    other = crew_of_a_daycare(session, clock.now(), name="Bluebell")
    theirs = process(session, other, clock.now())
    assert browser.get(f"/processes/{theirs.id}{way}").status_code == 404
    assert browser.post(f"/processes/{theirs.id}/edit", data=filled(other)).status_code == 404
    assert browser.post(f"/processes/{theirs.id}/retire").status_code == 404


def test_people_of_another_organisation_cannot_be_named(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    other = crew_of_a_daycare(session, clock.now(), name="Bluebell")
    page = browser.post("/processes/new", data=filled(crew, responsible=other.ana.id))
    assert told(page, "responsible") == (
        "This person does not work here. Choose somebody who does."
    )


def test_staff_define_nothing(app: Any, session: Session, crew: Crew, clock: FixedClock) -> None:
    staff: Person = crew.ana
    answer = signed_in(app, session, staff, clock.now()).get("/processes")
    assert answer.status_code == 403


def test_the_form_offers_a_manager_their_own_locations_and_edits_no_others(
    app: Any, browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    browser.post("/locations", data={"name": "Uptown", "time_zone": "America/Chicago"})
    uptown = session.scalars(select(Location).where(Location.name == "Uptown")).one()
    there = browser.post("/processes/new", data=filled(crew, location=[uptown.id])).location
    maya = signed_in(app, session, crew.maya, clock.now())
    assert uptown.id in browser.get("/processes/new").text
    assert uptown.id not in maya.get("/processes/new").text
    for page in (
        maya.get(f"{there}/edit"),
        maya.post(f"{there}/edit", data=filled(crew)),
        maya.post(f"{there}/retire"),
    ):
        assert page.status_code == 403
        assert "Uptown is not one of your locations." in page.text
