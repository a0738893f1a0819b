"""What was heard in words, or found in an export, travels into the builder form whole."""

from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.pages import words
from tests.views.process_forms import Fields, the_draft
from webapp.importers import ImportedDraft
from webapp.views.packed_draft import pack, unpack

SENTENCE = (
    "Every weekday between 6:30 and 7:15 Ana checks the fridge temperature 33 to 41 °F, "
    "Ben covers, then Fay"
)


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def imported(**more: Any) -> ImportedDraft:
    step = {
        "title": "Fridge temperature",
        "proof": "number",
        "why": "A range is named.",
        "section": "Kitchen",
        "unit": "°F",
        "min": 33,
        "max": 41.5,
    }
    draft: dict[str, Any] = {
        "name": "Opening check",
        "responsible": "Ana",
        "backup": "Ben",
        "fallback": "Fay",
        "cadence": {
            "rrule": "FREQ=DAILY",
            "words": "every day",
            "confidence": "likely",
            "evidence": [],
        },
        "opens": "06:30",
        "deadline": "07:15",
        "steps": [step],
        "questions": [],
        "occurrences": [],
        "next_due": None,
        "found_in": None,
        "rows": [],
    }
    return draft | more  # type: ignore[return-value]


def form_at(browser: FlaskClient, **asked: str) -> Any:
    return Fields(browser.get(f"/processes/new?{urlencode(asked)}").text).sent


@pytest.mark.parametrize(
    ("asked", "highest"), [({"sentence": SENTENCE}, "41"), ({"draft": pack(imported())}, "41.5")]
)
def test_everything_that_a_draft_knows_stands_in_the_form(
    browser: FlaskClient, crew: Crew, asked: dict[str, str], highest: str
) -> None:
    form = form_at(browser, **asked)
    assert (form["opens"], form["deadline"]) == ("06:30", "07:15")
    people = (form["responsible"], form["backup"], form["fallback"])
    assert people == (crew.ana.id, crew.ben.id, crew.fay.id)
    assert form["step-1-proof"] == "number"
    assert (form["step-1-min"], form["step-1-max"], form["step-1-unit"]) == ("33", highest, "°F")


def test_a_form_that_a_draft_filled_is_saved_as_it_stands(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    form = form_at(browser, draft=pack(imported()))
    assert browser.post("/processes/new", data=form | {"action": "save"}).status_code == 303
    saved = the_draft(session)
    assert [level.role for level in saved.chain] == ["assignee", "backup", "fallback", "owner"]
    assert str(saved.steps[0].requirement.maximum) == "41.5"


def test_a_name_that_is_nobodys_is_asked_about(browser: FlaskClient) -> None:
    address = f"/processes/new?{urlencode({'draft': pack(imported(backup='Zoe'))})}"
    assert "“Zoe” is nobody here, or could be several." in words(browser.get(address))


@pytest.mark.parametrize("wrong", [{"opens": "25:00"}, {"deadline": "soon"}, {"opens": "6:30 am"}])
def test_a_draft_with_a_time_that_is_none_is_no_draft(wrong: dict[str, str]) -> None:
    assert unpack(pack(imported(**wrong))) is None
