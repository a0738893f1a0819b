"""The first date of a cadence, from the typed sentence to the builder, and on its pages."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, signed_in
from tests.views.pages import words
from tests.views.process_forms import Fields, filled, the_draft, told, value
from tests.views.test_drafts_into_the_form import imported
from tests.views.test_sandbox import ZONE, kept, sent
from webapp.views.packed_draft import pack

SENTENCE = "Every other Friday at 4pm Lee scrubs the hood. Backup: Kim."
EVERY_OTHER = {"cadence_kind": "words", "cadence_text": "every 2 weeks on Friday"}
ANSWER = {"sentence": SENTENCE, "end": str(len(SENTENCE)), "answer starts": "2026-12-04"}
CADENCE = {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "words": "", "confidence": "likely"}


@pytest.fixture
def browser(app: Any, session: Session, crew: Crew, clock: FixedClock) -> FlaskClient:
    return signed_in(app, session, crew.olivia, clock.now())


def dates(page: Any) -> list[str]:
    shown = page.text.partition('<ol class="plain-list dates">')[2].partition("</ol>")[0]
    return re.findall(r"<li>(.*?)</li>", shown)


def test_an_answered_first_date_stands_in_the_draft_and_in_its_sandbox(
    client: FlaskClient,
) -> None:
    page = client.post("/draft", data=ANSWER, follow_redirects=True)
    assert "First due Friday 4 December 2026" in words(page)
    assert "On which date is it due first?" not in words(page)
    address = client.post("/sandbox/drafts", data=ANSWER).location
    assert value(client.get(address), "starts_on") == "2026-12-04"
    sent(client, address, **ZONE)
    page = client.get(address)
    assert value(page, "starts_on") == "2026-12-04"
    assert dates(page)[:2] == ["Friday 4 December 2026, 16:00", "Friday 18 December 2026, 16:00"]
    assert "Counted from Friday 4 December 2026." in words(page)


@pytest.mark.parametrize("said", ["4 December 2026", "December 4th, 2026", "starting Dec 4, 2026"])
def test_a_first_date_in_words_fills_the_form(client: FlaskClient, said: str) -> None:
    page = client.get(kept(client, f"{SENTENCE}\nFirst due: {said}"))
    assert value(page, "starts_on") == "2026-12-04"


@pytest.mark.parametrize("said", ["soon", "12/4/2026", "4 December", "31 November 2026"])
def test_words_that_name_no_one_date_are_asked_about(client: FlaskClient, said: str) -> None:
    asked = {"sentence": f"{SENTENCE}\nFirst due: {said}"}
    page = client.post("/draft", data=asked, follow_redirects=True)
    assert f"On which date is it due first (“{said}”)?" in words(page)
    assert value(client.get(kept(client, asked["sentence"])), "starts_on") == ""


def test_an_answer_goes_along_into_the_first_process(browser: FlaskClient, crew: Crew) -> None:
    answer = browser.post("/start", data=ANSWER)
    assert value(browser.get(answer.location), "starts_on") == "2026-12-04"


@pytest.mark.parametrize(
    ("cadence", "first"), [(CADENCE, "2026-12-11"), (CADENCE | {"rrule": "FREQ=DAILY"}, "")]
)
def test_an_export_says_when_every_other_week_is_due_next(
    browser: FlaskClient, crew: Crew, cadence: dict[str, str], first: str
) -> None:
    draft = pack(imported(cadence=cadence, next_due="2026-12-11"))
    assert value(browser.get(f"/processes/new?draft={draft}"), "starts_on") == first


def test_the_form_saves_the_first_date_and_shows_it_again(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    asked = filled(crew, starts_on="2026-12-04", **EVERY_OTHER)
    page = browser.post("/processes/new", data=asked | {"action": "dates"})
    assert dates(page)[:2] == ["Friday 4 December 2026, 07:15", "Friday 18 December 2026, 07:15"]
    saved = browser.post("/processes/new", data=asked).location
    assert f"{the_draft(session).starts_on}" == "2026-12-04"
    assert "First due: Friday 4 December 2026" in words(browser.get(saved))
    edit = browser.get(f"{saved}/edit")
    assert value(edit, "starts_on") == "2026-12-04"
    assert dates(edit)[0] == "Friday 4 December 2026, 07:15"


def test_a_first_date_that_is_none_is_told_at_its_field(browser: FlaskClient, crew: Crew) -> None:
    far = browser.post("/processes/new", data=filled(crew, starts_on="2062-12-04"))
    assert told(far, "starts_on") == "Choose a first date within the next ten years."
    page = browser.post("/processes/new", data=filled(crew, starts_on="soon"))
    assert page.status_code == 422
    assert "“soon” is not a date." in told(page, "starts_on")
    assert value(page, "starts_on") == "soon"


def test_a_rule_that_does_not_count_from_its_start_shows_none(
    browser: FlaskClient, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=filled(crew)).location
    page = browser.get(f"{saved}/edit")
    assert value(page, "starts_on") == ""
    assert "Counted from Monday" not in words(page)


def test_two_windows_on_one_process_put_their_first_dates_together(
    browser: FlaskClient, session: Session, crew: Crew
) -> None:
    saved = browser.post("/processes/new", data=filled(crew, **EVERY_OTHER)).location
    one, other = (Fields(browser.get(f"{saved}/edit").text).sent.to_dict(flat=False) for _ in "ab")
    browser.post(f"{saved}/edit", data=one | {"starts_on": "2026-12-04", "action": "save"})
    page = browser.post(f"{saved}/edit", data=other | {"grace": "9", "action": "save"})
    assert page.status_code == 303
    draft = the_draft(session)
    assert (f"{draft.starts_on}", draft.grace_minutes) == ("2026-12-04", 9)
    page = browser.post(f"{saved}/edit", data=other | {"starts_on": "2026-12-11"})
    assert "First due: 4 December 2026, was 23 November 2026" in words(page)


def test_two_windows_of_a_visitor_put_their_first_dates_together(client: FlaskClient) -> None:
    address = kept(client, SENTENCE)
    sent(client, address, **ZONE)
    other = Fields(client.get(address).text).sent.to_dict(flat=False)
    sent(client, address, starts_on="2026-12-04")
    client.post(address, data=other | {"grace": "9", "action": "save"})
    page = client.get(address)
    assert (value(page, "starts_on"), value(page, "grace")) == ("2026-12-04", "9")
