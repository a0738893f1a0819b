"""Under the review policy `risky` the owner looks where something is unusual."""

import pytest
from sqlalchemy import true

from tests.day import Day
from tests.factories import crew_of_a_daycare, proof
from tests.services.process_texts import SMALL, apply
from webapp.models import StepRun
from webapp.rules import risk as rules
from webapp.rules.signals import Found
from webapp.services import process_text, risk, signals
from webapp.views import review_words

FRIDGE = (("Fridge", proof("number", min="35", max="41")),)


@pytest.fixture(autouse=True)
def no_sample(monkeypatch):
    monkeypatch.setattr(rules, "in_sample", lambda key, one_in=10: False)


@pytest.fixture
def day(session, clock):
    crew = crew_of_a_daycare(session, clock.now())
    day = Day(session, clock, crew, steps=FRIDGE)
    day.step.review = "risky"
    session.commit()
    return day


def reads(day, who: str, value: str = "38") -> StepRun:
    day.does(who, proof={"kind": "number", "value": value})
    return day.step


def test_the_first_time_of_a_person_is_looked_at(session, day):
    step = reads(day, "ana")
    assert (step.state, step.proof.notes) == ("in_review", ["risk_first_time"])
    assert risk.rate(session, step.run.process) == risk.Rate(1, 1)


def test_a_usual_reading_closes_by_itself(session, day, monkeypatch):
    monkeypatch.setattr(risk, "_given_before", lambda step_run, proof: true())
    step = reads(day, "ana")
    assert (step.state, step.proof.notes) == ("done", [])
    assert risk.rate(session, step.run.process) == risk.Rate(0, 1)


def test_where_proofs_stand_out_one_in_three_is_looked_at_and_says_so(session, day, monkeypatch):
    monkeypatch.setattr(risk, "_given_before", lambda step_run, proof: true())
    monkeypatch.setattr(rules, "in_sample", lambda key, one_in=10: one_in == 3)
    facts = {"hits": 14, "of": 20, "against": "earlier", "what": "last"}
    run = day.step.run
    signals.keep(
        session, run.process, [Found("same", run.location_id, None, None, facts)], day.clock.now()
    )
    step = reads(day, "ana")
    assert (step.state, step.proof.notes) == ("in_review", ["risk_signal"])
    assert review_words.why(step)["review_why"] == "risk_signal"
    assert "proofs like it looked too regular" in review_words.why(step)["review_words"]


def test_a_step_that_was_handed_on_is_looked_at(session, day):
    day.later(minutes=50)
    step = reads(day, "ben", "35.1")
    assert step.proof.notes == ["risk_first_time", "risk_near_edge", "risk_handed_over"]


def test_the_text_says_risky_and_is_dumped_again(session, clock, crew):
    text = SMALL.format(deadline="18:00") + "    review: risky\n"
    apply(session, crew, clock.now(), text)
    assert "review: risky" in process_text.dump(session, crew.org_id)
