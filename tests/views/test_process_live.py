"""What follows from the builder form while it is typed, and what chain lint says on the pages."""

from datetime import date, time
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, process, reached_by_phone, signed_in
from tests.views.pages import words
from tests.views.process_forms import filled
from webapp.extensions import limiter
from webapp.models import Closure, Event, Process
from webapp.services import locations


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    reached_by_phone(session, *crew.people.values())
    return signed_in(app, session, crew.olivia, clock.now())


def live(browser: FlaskClient, crew: Crew, **more: Any) -> str:
    answer = browser.post("/processes/live", data=filled(crew, **more))
    assert answer.status_code == 200
    return words(answer)


def test_the_next_dates_are_named_with_what_falls_out(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    crew.location.holiday_country, crew.location.open_days = "US", "MO,TU,WE,TH,FR"
    crew.location.closures = [Closure(on=date(2026, 11, 27))]
    session.commit()
    said = live(browser, crew, cadence_kind="every_day")
    assert "Next due at Downtown Monday 23 November 2026, 07:15" in said
    assert "Thursday 26 November 2026 is left out: Thanksgiving Day." in said
    assert "Friday 27 November 2026 is left out: closed." in said
    assert "Not on Saturday and Sunday: Downtown is not open then." in said


def test_each_other_location_says_when_it_begins_on_its_own_clock(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    there = locations.Place("Harbour", "Pacific/Auckland")
    harbour = locations.add(session, crew.org_id, there, clock.now())
    session.commit()
    said = live(browser, crew, location=[crew.location.id, harbour.id])
    assert "At Harbour first on Tuesday 24 November 2026, 07:15, its own time." in said


def test_an_opening_of_the_day_before_is_said_while_it_is_typed_and_on_the_page(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    assert "Opens at 06:30, due at 07:15." in live(browser, crew)
    assert "Opens at 22:00 the day before, due at 07:15." in live(browser, crew, opens="22:00")
    said = live(browser, crew, opens="08:15")
    assert "Opens at 08:15 the day before, due at 07:15." in said
    assert "23 hours before it is due at 07:15. If it is to open on the day it is due" in said
    assert "the day before" not in live(browser, crew, opens="")
    made = browser.post("/processes/new", data=filled(crew, opens="08:15")).location
    page = words(browser.get(made))
    assert "Every weekday, opens at 08:15 the day before, due at 07:15, Downtown." in page
    looked = words(browser.post(f"{made}/edit", data=filled(crew, opens="06:30", action="look")))
    assert "Opens: 06:30, was 08:15, 1 day before" in looked


def test_an_opening_that_differs_from_run_to_run_is_not_said(
    browser: FlaskClient, crew: Crew
) -> None:
    often = {"cadence_kind": "words", "cadence_text": "FREQ=DAILY;BYHOUR=8,12;BYMINUTE=0"}
    assert "due at 07:15." not in live(browser, crew, **often)


def test_what_is_not_typed_yet_is_missing_and_what_is_wrong_says_why(
    browser: FlaskClient, crew: Crew
) -> None:
    said = live(browser, crew, name="", deadline="25:00", backup=crew.ana.id)
    assert "1 thing is still missing Give the process a name." in said
    assert "Ana is both responsible and backup. Name somebody else as the backup." in said
    assert "“25:00” is not a time of day." in said
    assert "Say by what time it must be done" not in said


def test_a_sound_form_says_that_nothing_was_found(browser: FlaskClient, crew: Crew) -> None:
    assert "Nothing was found through which the work could slip." in live(browser, crew)


def test_a_proof_is_offered_for_the_words_of_a_title_with_the_unit_of_the_place(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    titles = {"step-1-title": "Freezer temperature", "step-2-title": "Fridge below 5 °C"}
    page = browser.post("/processes/live", data=filled(crew, **titles)).text
    assert 'data-title="Freezer temperature" data-proof="number" data-unit="°F"' in page
    assert 'data-unit="°C" data-min="" data-max="5"' in page
    crew.location.time_zone = "Europe/Berlin"
    session.commit()
    page = browser.post("/processes/live", data=filled(crew, **titles)).text
    assert 'data-title="Freezer temperature" data-proof="number" data-unit="°C"' in page


def test_a_title_whose_words_point_to_no_proof_is_offered_none(
    browser: FlaskClient, crew: Crew
) -> None:
    titles = {"step-1-title": "Rhubarb", "step-2-title": ""}
    page = browser.post("/processes/live", data=filled(crew, **titles)).text
    assert '<ul id="offers"></ul>' in page


def test_a_form_of_a_process_is_looked_at_as_its_next_version(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    there = process(session, crew, clock.now())
    assert "There is a process called" in live(browser, crew)
    assert "There is a process called" not in live(browser, crew, process=there.id)
    other = crew_of_a_daycare(session, clock.now(), name="Bakery")
    theirs = process(session, other, clock.now(), name="Bread")
    answer = browser.post("/processes/live", data=filled(crew, process=theirs.id))
    assert answer.status_code == 404


def test_nothing_is_kept_of_what_is_followed(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    before = session.scalar(select(func.count()).select_from(Event))
    live(browser, crew)
    assert session.scalars(select(Process)).all() == []
    assert session.scalar(select(func.count()).select_from(Event)) == before


def test_a_form_of_nonsense_is_answered_with_sentences(browser: FlaskClient, crew: Crew) -> None:
    nonsense = {"steps": "x", "step-7777-title": "A", "step-0-min": "é", "location": ["nowhere"]}
    assert browser.post("/processes/live", data=nonsense).status_code == 200
    assert browser.post("/processes/live", data={}).status_code == 200


def test_who_asks_too_often_is_refused(browser: FlaskClient, crew: Crew) -> None:
    limiter.enabled = True
    answers = [browser.post("/processes/live", data={}).status_code for _ in range(121)]
    assert answers[:120] == [200] * 120
    assert answers[120] == 429


def test_the_page_of_a_process_says_what_may_slip_and_how_to_mend_it(
    browser: FlaskClient, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now())
    assert "Worth a look" not in words(browser.get(f"/processes/{made.id}"))
    crew.location.opens, crew.location.closes = time(9), time(18)
    session.commit()
    page = browser.get(f"/processes/{made.id}")
    assert "It is due at 07:15; Downtown is open from 09:00 to 18:00." in words(page)
    assert f'href="/locations/{crew.location.id}"' in page.text


def test_steps_fold_to_a_line_without_scripts_and_those_with_a_fault_stay_open(
    browser: FlaskClient, crew: Crew
) -> None:
    moved = browser.post("/processes/new", data=filled(crew, action="up:2")).text
    assert moved.count('<details class="step-set" open>') == 2  # the one that moved, the template
    wrong = browser.post("/processes/new", data=filled(crew) | {"step-2-min": "50"}).text
    assert '<details class="step-set">' in wrong
    assert wrong.count('<details class="step-set" open>') == 2
