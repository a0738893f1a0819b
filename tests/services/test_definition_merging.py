"""A definition made from an older version keeps what was changed since, part by part."""

from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.definition_wishes import save, wish
from webapp.models import Process
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions
from webapp.services.definitions import (
    DraftCondition,
    DraftFollowUp,
    DraftLevel,
    DraftStep,
    DraftWording,
    ProcessDraft,
)
from webapp.services.definitions.merging import put_on_top

FRIDGE = Requirement("number", unit="°F", maximum=Decimal(41))


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def team(stored: Session, now: datetime) -> Crew:
    return crew_of_a_daycare(stored, now)


@pytest.fixture
def process(stored: Session, team: Crew, now: datetime) -> Process:
    steps = (
        DraftStep("Fridge temperature", "", FRIDGE, may_skip=True),
        DraftStep("Food moved", "", Requirement("note"), only_if=DraftCondition(0, "outside")),
        DraftStep("Checked again", "", Requirement("note"), follow_up=DraftFollowUp(0, 120, 15)),
    )
    return save(stored, team, now, wish(team, steps=steps, wording="open"))


def drafted(process: Process) -> ProcessDraft:
    return definitions.draft_of(definitions.current_version(process))


def with_step(draft: ProcessDraft, at: int, **more: Any) -> ProcessDraft:
    steps = list(draft.steps)
    steps[at] = replace(steps[at], **more)
    return replace(draft, steps=tuple(steps))


def test_each_part_of_both_is_in_what_is_saved(
    stored: Session, team: Crew, process: Process, now: datetime
) -> None:
    base = drafted(process)
    words = (DraftWording(team.location.id, "Cold room"),)
    fay = DraftLevel("fallback", team.fay.id, 20)
    theirs = replace(
        base, review="all", grace_minutes=7, chain=(*base.chain[:2], fay, base.chain[2])
    )
    theirs = with_step(with_step(theirs, 0, wordings=words), 1, may_skip=True)
    save(stored, team, now, theirs, process)
    mine = with_step(replace(base, deadline=time(7, 30)), 0, title="Fridge")
    mine = with_step(mine, 2, follow_up=DraftFollowUp(1, 60, 15))
    mine = replace(mine, steps=(*mine.steps, DraftStep("Lights on", "", Requirement("note"))))
    merged, told = put_on_top(stored, process, mine, 1)
    save(stored, team, now, merged, process)
    after = drafted(process)
    assert (after.deadline, after.review, after.grace_minutes) == (time(7, 30), "all", 7)
    assert [level.role for level in after.chain] == ["assignee", "backup", "fallback", "owner"]
    fridge, food, again, _lights = after.steps
    assert (fridge.title, fridge.wordings, food.may_skip) == ("Fridge", words, True)
    assert (food.only_if, again.follow_up) == (base.steps[1].only_if, DraftFollowUp(1, 60, 15))
    assert [step.key for step in after.steps[:3]] == [step.key for step in base.steps]
    assert "Review: all, was none" in told


def test_what_is_made_from_the_current_version_is_as_it_was(
    stored: Session, process: Process
) -> None:
    mine = replace(drafted(process), review="all")
    assert put_on_top(stored, process, mine, 1) == (mine, ())


@pytest.mark.parametrize(
    ("mine", "theirs", "field", "said"),
    [
        ({"deadline": time(7, 20)}, {"deadline": time(7, 30)}, "deadline", "Deadline: 07:30, was"),
        ({"grace_minutes": 3}, {"grace_minutes": 7}, "grace", "Grace: 7 minutes, was"),
        ({"rrule": "FREQ=DAILY"}, {"rrule": "FREQ=WEEKLY;BYDAY=MO"}, "cadence", "every Monday"),
        ({"steps": ()}, {"steps": ((0, {"title": "Cold"}),)}, "steps", "title: Cold, was"),
        (
            {"steps": ((2, {"title": "A"}),)},
            {"steps": ((2, {"title": "B"}),)},
            "steps[2].title",
            "title: B, was Checked again",
        ),
        (
            {"steps": ((0, {"requirement": replace(FRIDGE, maximum=Decimal(40))}),)},
            {"steps": ((0, {"requirement": replace(FRIDGE, minimum=Decimal(33))}),)},
            "steps[0].proof",
            "proof: number, 33 to 41 °F, was",
        ),
    ],
)
def test_what_both_changed_is_a_problem_that_says_who_made_what_of_it(
    stored: Session,
    team: Crew,
    process: Process,
    now: datetime,
    mine: dict[str, Any],
    theirs: dict[str, Any],
    field: str,
    said: str,
) -> None:
    base = drafted(process)
    save(stored, team, now, changed(base, theirs), process)
    with pytest.raises(Problem) as refused:
        put_on_top(stored, process, changed(base, mine), 1)
    problem = refused.value
    assert (problem.code, problem.status) == ("changed_meanwhile", 409)
    assert (problem.extra["version"], problem.extra["changed_by"]) == (2, ["Olivia"])
    assert [*problem.fields] == [field]
    assert problem.fields[field].startswith("Changed meanwhile by Olivia. ")
    assert said in problem.fields[field]


def changed(draft: ProcessDraft, what: dict[str, Any]) -> ProcessDraft:
    """The draft with these facts and steps; without any step named, the first two are out."""
    steps = what.get("steps")
    draft = replace(draft, **{name: value for name, value in what.items() if name != "steps"})
    if steps == ():
        return replace(draft, steps=(replace(draft.steps[2], follow_up=None),))
    for at, more in steps or ():
        draft = with_step(draft, at, **more)
    return draft


def test_what_goes_together_but_cannot_be_is_told_as_any_fault(
    stored: Session, team: Crew, process: Process, now: datetime
) -> None:
    base = drafted(process)
    assignee, backup, owner = base.chain
    fay = replace(backup, person_id=team.fay.id), replace(assignee, person_id=team.fay.id)
    save(stored, team, now, replace(base, chain=(assignee, fay[0], owner)), process)
    merged, _told = put_on_top(stored, process, replace(base, chain=(fay[1], backup, owner)), 1)
    with pytest.raises(Problem, match="not complete") as refused:
        save(stored, team, now, merged, process)
    assert [*refused.value.fields] == ["chain.backup"]


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_base_that_there_is_none_of_is_not_valid(
    stored: Session, process: Process, number: int
) -> None:
    with pytest.raises(Problem) as refused:
        put_on_top(stored, process, drafted(process), number)
    assert [*refused.value.fields] == ["base_version"]
