"""The summary of what is wrong in the builder form says where each field is."""

import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.process_forms import filled
from webapp.services import locations
from webapp.views.process_form_names import LABELS, STEP_LABELS

LABEL = r'<label for="{name}">(.*?)</label>'
# A fieldset is named by its legend; its first choice carries the id of the field.
LEGEND = r'<legend>([^<]*)</legend>(?:(?!<legend>).)*? id="{name}"'


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    there = locations.Place("Harbour", "Pacific/Auckland")
    locations.add(session, crew.org_id, there, clock.now())  # of one alone no wording is asked
    session.commit()
    return signed_in(app, session, crew.olivia, clock.now())


def summary(page: Any) -> str:
    found = re.search(r'<div class="summary".*?</div>', page.text, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found[0])).split()) if found else ""


def label(page: str, name: str) -> str:
    found = (re.search(each.format(name=name), page, re.DOTALL) for each in (LABEL, LEGEND))
    return next((unescape(each[1]) for each in found if each), "")


def test_each_thing_that_is_wrong_says_in_which_step_and_field(
    browser: FlaskClient, crew: Crew
) -> None:
    bad = {"step-1-title": "", "step-2-min": "cold", "owner_after": "-5", "grace": "soon"}
    said = summary(browser.post("/processes/new", data=filled(crew, **bad)))
    where = (
        "Backup, Takes over “soon” is not a waiting time.",
        "The owner, as the last resort “-5” is less than 0.",
        "Step 1, What is to be done Say what is to be done in this step.",
        "Step 2, Lowest that is fine Write the number in digits, such as 38.5.",
    )
    places = [said.find(each) for each in where]
    assert min(places) > 0
    assert places == sorted(places)


@pytest.mark.parametrize(
    "name", [*sorted(LABELS.keys() - {"time_zone"}), *(f"step-1-{part}" for part in STEP_LABELS)]
)
def test_the_summary_calls_a_field_as_the_page_does(browser: FlaskClient, name: str) -> None:
    known = LABELS.get(name) or (STEP_LABELS[name.removeprefix("step-1-")],)
    assert label(browser.get("/processes/new").text, name) == known[-1]


def test_the_summary_calls_the_time_zone_as_the_page_of_a_visitor_does(
    client: FlaskClient,
) -> None:
    sent = client.post("/sandbox/drafts", data={"sentence": "Every Friday Ana counts the till"})
    assert label(client.get(sent.headers["Location"]).text, "time_zone") == LABELS["time_zone"][-1]
