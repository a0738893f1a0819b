"""A run says who is away, who was passed over, and who came back."""

import re
from datetime import date
from html import unescape

import pytest

from tests.day import Day
from tests.factories import Crew, process, proof, signed_in
from webapp.models import Person
from webapp.services import absences
from worker.duties import tick

NOTE = (("Gate latch", proof("note")),)
TODAY = date(2026, 11, 23)


@pytest.fixture
def crew(crew: Crew, session, clock) -> Crew:
    process(session, crew, clock.now(), steps=NOTE)
    return crew


@pytest.fixture
def run(app, session, clock, crew):
    """The page of the first run as the owner reads it, and as the API tells its step."""

    class Shown:
        def page(self) -> str:
            browser = signed_in(app, session, crew.olivia, clock.now())
            text = browser.get(f"/runs/{Day.step.fget(self).run_id}").text
            return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)))

        def api(self, who: Person) -> dict:
            browser = signed_in(app, session, who, clock.now())
            return browser.get(f"/api/v1/step-runs/{Day.step.fget(self).id}").json

    shown = Shown()
    shown.session = session
    return shown


@pytest.fixture
def away(session, crew, clock):
    def note(who: str):
        person = crew.people[who]
        absence = absences.declare(session, person, person, TODAY, TODAY, "", clock.now())
        session.commit()
        return absence

    return note


def opened(session, clock) -> None:
    tick(session, clock.advance(hours=1))


def test_somebody_away_is_named_where_the_step_was_handed_on(run, away, session, clock):
    away("ana")
    opened(session, clock)
    words = run.page()
    assert "06:30 Handed to Ben, because Ana was away." in words
    assert "Ana, responsible: was away." in words


def test_somebody_away_is_named_where_they_were_passed_over(run, away, session, clock):
    away("ben")
    opened(session, clock)
    tick(session, clock.advance(minutes=50))
    words = run.page()
    assert "Passed over Ben, who was away." in words
    assert "Ben, backup: was away, so it was passed over." in words
    assert "Ana, responsible: did not get to it." in words


def test_the_api_says_why_each_level_has_it_no_more(run, away, session, clock, crew):
    away("ana"), away("ben")
    opened(session, clock)
    told = [(level["passed_over"], level["left"]) for level in run.api(crew.fay)["chain"]]
    assert told == [(None, "absent"), ("absent", None), (None, None), (None, None)]


def test_a_step_that_came_back_keeps_its_trace(run, away, session, clock, crew):
    absence = away("ana")
    opened(session, clock)
    absences.end(session, crew.ana, absence, clock.advance(minutes=5))
    session.commit()
    words = run.page()
    assert "06:30 Handed to Ben, because Ana was away." in words
    assert "06:35 Handed back to Ana, who is back." in words
    (handoff,) = run.api(crew.ana)["handoffs"]
    assert handoff["returned_at"] == "2026-11-23T12:35:00Z"
