"""Defining steps that open later: what is refused, kept, dumped, and said of a change."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from tests.services.definition_wishes import save, wish
from tests.services.process_texts import apply, faults
from webapp.models import Process, Run, StepRun
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, process_text
from webapp.services.definitions import DraftCondition, DraftFollowUp, DraftStep

FRIDGE = DraftStep(
    "Fridge", "", Requirement("number", minimum=Decimal(33), maximum=Decimal(41)), may_skip=True
)
BUFFET = DraftStep("Buffet out", "", Requirement("photo"))
FOOD = DraftStep("Move the food", "", Requirement("note"))
CLEAR = DraftStep("Clear it", "", Requirement("note"))
TEXT = """\
processes:
  - name: Buffet
    locations: [Downtown]
    cadence: every weekday
    deadline: "12:00"
    chain: [{assignee: Ana}, {backup: Ben, after: 10m}]
    steps:
      - {title: Fridge temperature, proof: number, min: 33, max: 41}
      - {title: Move the food, proof: note, only_if: {step: Fridge temperature, is: outside}}
      - {title: Buffet out, proof: photo}
      - {title: Clear it, proof: note, after: {step: Buffet out, wait: 2h, due: 15m}}
      - {title: Warm, proof: note, only_if: {step: 1, is: above, value: 38.50}}
"""


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


def steps(food: DraftCondition | None = None, clear: DraftFollowUp | None = None):
    return (FRIDGE, BUFFET, replace(FOOD, only_if=food), replace(CLEAR, follow_up=clear))


@pytest.mark.parametrize(
    ("asked", "part", "sentence"),
    [
        (DraftCondition(None, "outside"), "only_if.step", "Choose the earlier step"),
        (DraftCondition(9, "outside"), "only_if.step", "Choose the earlier step"),
        (DraftCondition(2, "outside"), "only_if.step", "cannot wait for itself"),
        (DraftCondition(3, "skipped"), "only_if.step", "“Clear it” comes after this step"),
        (DraftCondition(1, "outside"), "only_if.is", "“Buffet out” does not ask for a number"),
        (DraftCondition(1, "skipped"), "only_if.is", "may not be marked not applicable"),
        (DraftCondition(0, "wet"), "only_if.is", "Choose one of outside, inside"),
        (DraftCondition(0, "above"), "only_if.value", "Write the number"),
    ],
)
def test_a_condition_that_cannot_be_answered_is_refused(
    session: Session, crew: Crew, now: datetime, asked: DraftCondition, part: str, sentence: str
) -> None:
    found = definitions.faults(session, crew.org_id, wish(crew, steps=steps(food=asked)), now)
    assert found.keys() == {f"steps[2].{part}"}
    assert sentence in found[f"steps[2].{part}"]


def test_a_range_that_the_other_step_does_not_have_is_refused(
    session: Session, crew: Crew, now: datetime
) -> None:
    bare = replace(FRIDGE, requirement=Requirement("number"))
    asked = (bare, replace(FOOD, only_if=DraftCondition(0, "outside")))
    found = definitions.faults(session, crew.org_id, wish(crew, steps=asked), now)
    assert "has no range" in found["steps[1].only_if.is"]


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        (DraftFollowUp(3, 120, 15), {"after.step"}),
        (DraftFollowUp(None, 120, 15), {"after.step"}),
        (DraftFollowUp(1, 0, 15), {"after.wait"}),
        (DraftFollowUp(1, 120, 0), {"after.due"}),
        (DraftFollowUp(1, 31 * 24 * 60 + 1, 31 * 24 * 60 + 1), {"after.wait", "after.due"}),
    ],
)
def test_a_follow_up_that_cannot_come_is_refused(
    session: Session, crew: Crew, now: datetime, asked: DraftFollowUp, parts: set[str]
) -> None:
    found = definitions.faults(session, crew.org_id, wish(crew, steps=steps(clear=asked)), now)
    assert found.keys() == {f"steps[3].{part}" for part in parts}


def test_a_chain_of_conditions_is_taken(session: Session, crew: Crew, now: datetime) -> None:
    chained = (
        FRIDGE,
        replace(FOOD, only_if=DraftCondition(0, "outside"), may_skip=True),
        replace(CLEAR, only_if=DraftCondition(1, "skipped")),
    )
    assert definitions.faults(session, crew.org_id, wish(crew, steps=chained), now) == {}


def test_what_a_step_waits_for_survives_its_version_and_reaches_its_runs(
    session: Session, crew: Crew, now: datetime
) -> None:
    asked = steps(DraftCondition(0, "above", Decimal("38.50")), DraftFollowUp(1, 120, 15))
    saved = save(session, crew, now, wish(crew, steps=asked))
    drafted = definitions.draft_of(definitions.current_version(saved))
    assert drafted.steps[2].only_if == DraftCondition(0, "above", Decimal("38.50"))
    assert drafted.steps[3].follow_up == DraftFollowUp(1, 120, 15)
    run = session.scalars(select(Run).order_by(Run.deadline_at)).first()
    assert [each.is_later for each in run.step_runs] == [False, False, True, True]
    fridge = run.step_runs[0].step_key
    assert run.step_runs[2].only_if == {"step": fridge, "is": "above", "value": "38.50"}
    assert session.scalars(select(StepRun).where(StepRun.opens_at.is_not(None))).all() == []


def test_a_step_put_before_another_changes_nothing_of_what_is_asked(
    session: Session, crew: Crew, now: datetime
) -> None:
    saved = save(session, crew, now, wish(crew, steps=steps(DraftCondition(0, "outside"))))
    before = definitions.draft_of(definitions.current_version(saved))
    fridge, buffet, food, clear = before.steps
    moved = replace(food, only_if=DraftCondition(1, "outside"))
    first = DraftStep("Lights on", "", Requirement("note"))
    after = replace(before, steps=(first, fridge, buffet, moved, clear))
    changes = definitions.changes_since(session, save(session, crew, now, after, saved), before)
    assert changes == ["Step added: Lights on (note)"]


def test_a_change_of_what_is_asked_is_said_in_words(
    session: Session, crew: Crew, now: datetime
) -> None:
    saved = save(session, crew, now, wish(crew, steps=steps()))
    before = definitions.draft_of(definitions.current_version(saved))
    asked = steps(DraftCondition(0, "outside"), DraftFollowUp(1, 120, 15))
    after = save(session, crew, now, wish(crew, steps=asked), saved)
    assert definitions.changes_since(session, after, before) == [
        "Step “Move the food”, waits: Only if Fridge is outside 33 to 41, was none",
        "Step “Clear it”, waits: Opens 2 h after Buffet out, was none",
    ]


def test_the_text_is_read_as_it_is_meant_and_comes_back_the_same(
    session: Session, crew: Crew, now: datetime
) -> None:
    apply(session, crew, now, TEXT)
    version = definitions.current_version(session.scalars(select(Process)).one())
    drafted = definitions.draft_of(version).steps
    assert drafted[1].only_if == DraftCondition(0, "outside")
    assert drafted[3].follow_up == DraftFollowUp(2, 120, 15)
    assert drafted[4].only_if == DraftCondition(0, "above", Decimal("38.50"))
    dumped = process_text.dump(session, crew.org_id)
    assert "only_if: {step: Fridge temperature, is: above, value: 38.50}" in dumped
    assert "after: {step: Buffet out, wait: 2h, due: 15m}" in dumped
    assert apply(session, crew, now, dumped) == []


def test_steps_of_one_title_are_told_apart_by_their_numbers(
    session: Session, crew: Crew, now: datetime
) -> None:
    twice = (FRIDGE, FRIDGE, replace(FOOD, only_if=DraftCondition(1, "outside")))
    save(session, crew, now, wish(crew, steps=twice))
    dumped = process_text.dump(session, crew.org_id)
    assert "only_if: {step: 2, is: outside}" in dumped
    assert apply(session, crew, now, dumped) == []


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("step: Buffet out", "step: Buffet", "There is no step called “Buffet”."),
        ("step: Buffet out", "step: Clear it", "A step cannot wait for itself"),
        ("wait: 2h, ", "", "Give a minute at least."),
        (", is: outside", "", "Say what it is: outside, inside, above, below, skipped."),
        ("is: outside", "is: broken", "“broken” is not known here."),
        ("step: 1, is: above", "step: 5, is: above", "A step cannot wait for itself"),
        ("value: 38.50", "value: cold", "Write the number in digits"),
    ],
)
def test_a_fault_of_the_text_is_told_where_it_stands(
    session: Session, crew: Crew, now: datetime, old: str, new: str, sentence: str
) -> None:
    found = faults(session, crew, now, TEXT.replace(old, new))
    assert any(sentence in each for each in found.values()), found
    assert all("line" in where for where in found)
