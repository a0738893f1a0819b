"""The builder form: it loses nothing and says what is wrong, without scripts."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.process_forms import Fields, filled, the_draft, titles, told, value
from webapp.models import Process


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def test_every_fault_is_told_beside_its_field_and_nothing_typed_is_lost(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    bad = filled(crew) | {
        "name": "",
        "deadline": "25:00",
        "backup": crew.ana.id,
        "fallback_after": "soon",
        "step-1-title": " ",
        "step-2-min": "50",
        "step-2-if_outside": "Call “Fay” & wait",
    }
    page = browser.post("/processes/new", data=bad)
    assert page.status_code == 422
    assert told(page, "name") == "Give the process a name."
    assert "not a time of day" in told(page, "deadline")
    assert "both responsible and backup" in told(page, "backup")
    assert "not a waiting time" in told(page, "fallback_after")
    assert told(page, "step-1-title") == "Say what is to be done in this step."
    assert "above 50 and below 41.5" in told(page, "step-2-min")
    assert value(page, "deadline") == "25:00"
    assert value(page, "fallback_after") == "soon"
    assert value(page, "step-2-if_outside") == "Call “Fay” & wait"
    assert session.scalars(select(Process)).all() == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"responsible": ""}, "responsible"),
        ({"backup": ""}, "backup"),
        ({"location": []}, "location"),
        ({"deadline": ""}, "deadline"),
        ({"grace": ""}, "grace"),
        ({"owner_after": "-5"}, "owner_after"),
        ({"cadence_kind": "chosen"}, "weekday"),
        ({"cadence_kind": "month_day", "month_day": "32"}, "month_day"),
        ({"cadence_kind": "words", "cadence_text": "now and then"}, "cadence_text"),
        ({"step-2-min": "1,234"}, "step-2-min"),
        ({"step-2-proof": "timed", "step-2-min_minutes": "long"}, "step-2-min_minutes"),
        ({"step-2-proof": "smell"}, "step-2-proof"),
    ],
)
def test_a_fault_stands_at_the_field_it_is_about(
    browser: FlaskClient, crew: Crew, fields: dict[str, Any], field: str
) -> None:
    page = browser.post("/processes/new", data=filled(crew, **fields))
    assert page.status_code == 422
    assert told(page, field)
    assert f'href="#{field}"' in page.text


@pytest.mark.parametrize(
    ("action", "after"),
    [
        ("add_step", ["Front room ready", "Fridge temperature", ""]),
        ("remove_step:1", ["Fridge temperature"]),
        ("up:2", ["Fridge temperature", "Front room ready"]),
        ("down:1", ["Fridge temperature", "Front room ready"]),
        ("up:1", ["Front room ready", "Fridge temperature"]),
        ("down:2", ["Front room ready", "Fridge temperature"]),
        ("remove_step:9", ["Front room ready", "Fridge temperature"]),
        ("dates", ["Front room ready", "Fridge temperature"]),
        ("up:²", ["Front room ready", "Fridge temperature"]),
    ],
)
def test_a_button_moves_steps_and_saves_nothing(
    browser: FlaskClient, session: Session, crew: Crew, action: str, after: list[str]
) -> None:
    page = browser.post("/processes/new", data=filled(crew, action=action))
    assert page.status_code == 200
    assert titles(page) == after
    assert value(page, "name") == "Opening check"
    assert session.scalars(select(Process)).all() == []


def test_the_last_step_cannot_be_removed(browser: FlaskClient, crew: Crew) -> None:
    form = {name: text for name, text in filled(crew).items() if not name.startswith("step-2")}
    assert titles(browser.post("/processes/new", data=form | {"action": "remove_step:1"})) == [
        "Front room ready"
    ]


def test_the_next_ten_dates_are_those_of_the_location(browser: FlaskClient, crew: Crew) -> None:
    page = browser.post("/processes/new", data=filled(crew, action="dates"))
    dates = re.findall(r"<li>(\w+ \d+ \w+ 2026, 07:15)</li>", page.text)
    assert len(dates) == 10
    assert dates[0] == "Monday 23 November 2026, 07:15"


def test_the_form_says_what_the_rule_gives_for_these_times(
    browser: FlaskClient, crew: Crew
) -> None:
    page = browser.post("/processes/new", data=filled(crew, action="dates"))
    assert '<option value="" selected>By rule: 11 minutes before</option>' in page.text
    assert '<option value="" selected>By rule: after 1 minute</option>' in page.text


def test_reminders_and_reaching_people_are_set_in_the_form(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    chosen = {"remind": "10", "reached_within": "0"}
    saved = browser.post("/processes/new", data=filled(crew, **chosen))
    draft = the_draft(session)
    assert (draft.remind_minutes, draft.reached_within_minutes) == (10, 0)
    page = browser.get(saved.location)
    assert "10 minutes before" in page.text
    assert "Never" in page.text
    edit = browser.get(f"{saved.location}/edit")
    assert '<option value="10" selected>10 minutes before</option>' in edit.text


def test_what_only_a_text_can_say_is_kept_by_the_form(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=filled(crew, remind="17"))
    fields = Fields(browser.get(f"{saved.location}/edit").text).sent
    assert fields["remind"] == "17"
    browser.post(f"{saved.location}/edit", data=fields | {"action": "save"})
    assert the_draft(session).remind_minutes == 17
