"""The owner's page of where the organisation's processes are most fragile."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, process, proof, reached_by_phone, signed_in
from tests.views.test_front import START
from tests.views.test_scan import scanned


def test_the_owner_reads_it_and_is_led_to_what_would_mend_it(
    app: Any, session: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(session, crew, clock.now(), steps=(("Walk", proof("timed")),), review="none")
    browser = signed_in(app, session, crew.olivia, clock.now())
    page = browser.get("/fragility").text
    assert "For 1 of 1 recurring tasks no phone would tell anyone before the owner." in page
    assert "See whom no phone tells" in page
    assert "1 of 1 recurring tasks leaves nothing that shows it was done." in page
    assert f'href="/processes/{made.id}/edit"' in page
    assert 'href="/fragility"' in browser.get("/processes").text


def test_it_says_so_when_nothing_is_weak_or_nothing_is_there(
    app: Any, session: Session, crew: Crew, clock: FixedClock
) -> None:
    browser = signed_in(app, session, crew.olivia, clock.now())
    assert "No process is defined yet." in browser.get("/fragility").text
    process(session, crew, clock.now())
    reached_by_phone(session, crew.ana)
    assert "nothing is found weak" in browser.get("/fragility").text


def test_what_was_answered_in_the_scan_stays_with_the_owner(
    client: FlaskClient,
) -> None:
    scanned(client)
    client.post("/start", data=START)
    assert "What you answered in the scan" in client.get("/fragility").text
    page = client.get("/fragility/scan").text
    assert "On Monday 23 November 2026" in page
    assert "Maria alone does 3 of 4 recurring tasks." in page


def test_without_a_scan_there_is_none(
    app: Any, session: Session, crew: Crew, clock: FixedClock
) -> None:
    browser = signed_in(app, session, crew.olivia, clock.now())
    assert browser.get("/fragility/scan").status_code == 404
