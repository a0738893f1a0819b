"""Steps that open later in the builder form, without scripts."""

import re
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.process_forms import Fields, filled, the_draft, told
from webapp.services.definitions import DraftCondition, DraftFollowUp

LATER = {
    "step-3-title": "Move the food",
    "step-3-proof": "note",
    "step-3-only_if": "above",
    "step-3-only_if_step": "2",
    "step-3-only_if_value": "38.5",
    "step-3-after_step": "1",
    "step-3-after_wait": "2h",
    "step-3-after_due": "15m",
}


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def test_a_step_that_opens_later_is_saved_and_shown_again(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=filled(crew) | LATER)
    step = the_draft(session).steps[2]
    assert step.only_if == DraftCondition(1, "above", Decimal("38.5"))
    assert step.follow_up == DraftFollowUp(0, 120, 15)
    page = browser.get(saved.headers["Location"])
    assert "Only if Fridge temperature is above 38.5 °F." in page.text
    assert "Opens 2 h after Front room ready." in page.text
    form = Fields(browser.get(saved.headers["Location"] + "/edit").text)
    assert {name: form.sent[name] for name in LATER} == LATER


def test_only_a_step_that_asks_for_a_number_or_may_be_left_out_is_offered_to_decide(
    browser: FlaskClient, crew: Crew
) -> None:
    page = browser.post("/processes/new", data=filled(crew) | LATER | {"action": "dates"}).text
    offered = page.split('id="step-3-only_if_step"')[1].split("</select>")[0]
    assert re.findall(r">([^<>]+)</option>", offered) == [
        "Choose an earlier step",
        "2: Fridge temperature",
    ]


def test_who_moves_a_step_keeps_what_it_waits_for(browser: FlaskClient, crew: Crew) -> None:
    page = browser.post("/processes/new", data=filled(crew) | LATER | {"action": "up:2"})
    sent = Fields(page.text).sent
    assert (sent["step-3-only_if_step"], sent["step-3-after_step"]) == ("1", "2")


@pytest.mark.parametrize(
    ("action", "field", "gone"),
    [
        ("remove_step:1", "step-2-after_step", "Front room ready"),
        ("remove_step:2", "step-2-only_if_step", "Fridge temperature"),
    ],
)
def test_a_step_that_waits_for_one_that_is_taken_away_is_not_saved_so(
    browser: FlaskClient, session: Session, crew: Crew, action: str, field: str, gone: str
) -> None:
    page = browser.post("/processes/new", data=filled(crew) | LATER | {"action": action})
    sent = Fields(page.text).sent
    assert sent[field] == f"gone:{gone}"
    moved = browser.post("/processes/new", data=sent | {"action": "add_step"})
    assert Fields(moved.text).sent[field] == f"gone:{gone}"
    assert f">{gone} is removed.</option>" in moved.text
    refused = browser.post("/processes/new", data=sent | {"action": "save"})
    assert refused.status_code == 422
    assert told(refused, field) == (
        f"“Move the food” waits for “{gone}”, which is removed. Say when it opens instead."
    )
    live = browser.post("/processes/live", data=sent)
    assert f"“Move the food” waits for “{gone}”" in live.text


def test_a_step_that_waits_for_one_that_is_removed_is_refused_in_an_edit_too(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=filled(crew) | LATER)
    edit = saved.headers["Location"] + "/edit"
    form = Fields(browser.get(edit).text).sent
    sent = Fields(browser.post(edit, data=form | {"action": "remove_step:1"}).text).sent
    page = browser.post(edit, data=sent | {"action": "save"})
    assert "waits for “Front room ready”, which is removed." in told(page, "step-2-after_step")
    assert len(the_draft(session).steps) == 3


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"step-3-only_if_step": ""}, "step-3-only_if_step", "Choose the earlier step"),
        ({"step-3-only_if_step": "1"}, "step-3-only_if", "does not ask for a number"),
        ({"step-3-only_if_value": ""}, "step-3-only_if_value", "Write the number"),
        ({"step-3-only_if_value": "warm"}, "step-3-only_if_value", "in digits"),
        ({"step-3-after_step": "3"}, "step-3-after_step", "cannot wait for itself"),
        ({"step-3-after_wait": ""}, "step-3-after_wait", "Give a minute"),
        ({"step-3-after_due": "soon"}, "step-3-after_due", "not a waiting time"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    browser: FlaskClient, crew: Crew, change: dict[str, str], field: str, sentence: str
) -> None:
    page = browser.post("/processes/new", data=filled(crew) | LATER | change)
    assert page.status_code == 422
    assert sentence in told(page, field)
