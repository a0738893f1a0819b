"""Defining processes: versions, step identity, and the plan that follows."""

from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from tests.services.definition_wishes import events, save, wish
from webapp.models import Process, Run
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, step_runs
from webapp.services.definitions import DraftStep
from webapp.services.definitions.words import reaching_words


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def team(stored: Session, now: datetime) -> Crew:
    return crew_of_a_daycare(stored, now)


def step_keys(process: Process) -> dict[str, str]:
    return {step.title: step.key for step in definitions.current_version(process).steps}


def test_the_owner_is_always_the_last_station(stored: Session, team: Crew, now: datetime) -> None:
    process = save(stored, team, now, wish(team))
    chain = definitions.current_version(process).chain
    assert [level.role for level in chain] == ["assignee", "backup", "owner"]
    assert chain[-1].person_id is None


def test_the_wait_of_the_backup_is_the_grace(stored: Session, team: Crew, now: datetime) -> None:
    process = save(stored, team, now, wish(team, grace_minutes=7))
    version = definitions.current_version(process)
    assert (version.grace_minutes, version.chain[1].wait_minutes) == (7, 7)


def test_a_saved_process_has_its_runs_planned(stored: Session, team: Crew, now: datetime) -> None:
    process = save(stored, team, now, wish(team))
    runs = stored.scalars(select(Run.occurrence).where(Run.process_id == process.id)).all()
    assert "2026-11-23T07:15" in runs


@pytest.mark.parametrize(
    "same",
    [
        {},
        {"name": " Opening  check "},
        {"rrule": "RRULE:freq=weekly;byday=FR,MO,TU,WE,TH"},
    ],
)
def test_a_draft_that_changes_nothing_makes_no_version_and_no_event(
    stored: Session, team: Crew, now: datetime, same: dict[str, Any]
) -> None:
    process = save(stored, team, now, wish(team))
    save(stored, team, now, wish(team, **same), process)
    assert process.version_number == 1
    assert len(events(stored, "process.saved")) == 1


def test_a_change_makes_the_next_version_and_says_what_changed(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))
    save(stored, team, now, wish(team, deadline=time(7, 30), review="photos"), process)
    saved = events(stored, "process.saved")[-1]
    assert saved["version"] == 2
    assert saved["changes"] == ["Deadline: 07:30, was 07:15", "Review: photos, was none"]


def test_what_is_said_of_reminders_and_of_reaching_people_is_kept_and_told(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team, remind_minutes=10))
    version = definitions.current_version(process)
    assert (version.remind_minutes, version.reached_within_minutes) == (10, None)
    save(stored, team, now, wish(team, remind_minutes=0, reached_within_minutes=2), process)
    save(stored, team, now, wish(team), process)
    first, *later = [each["changes"] for each in events(stored, "process.saved")]
    assert "Reminder: 10 minutes before" in first
    assert later == [
        ["Reminder: never, was 10 minutes before", "Reached within: 2 minutes, was by rule"],
        ["Reminder: by rule, was never", "Reached within: by rule, was 2 minutes"],
    ]


def test_an_open_run_keeps_what_its_version_said(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team, reached_within_minutes=2, remind_minutes=0))
    run = stored.scalars(select(Run).where(Run.process_id == process.id)).first()
    step_runs.open_run(stored, run, now)
    assert run.remind_at is None
    save(stored, team, now, wish(team, remind_minutes=10), process)
    assert (run.remind_at, run.step_runs[0].reached_within_minutes) == (None, 2)


@pytest.mark.parametrize(
    ("set_minutes", "next_wait", "words"),
    [
        (None, 20, "by rule: after 1 minute"),
        (None, 24 * 60, "by rule: after 1 hour"),
        (None, 0, "by rule: never"),
        (0, 20, "never"),
        (5, 20, "after 5 minutes"),
        (30, 20, "never"),
    ],
)
def test_a_process_says_when_a_step_goes_on_because_nobody_was_reached(
    set_minutes: int | None, next_wait: int, words: str
) -> None:
    assert reaching_words(set_minutes, next_wait) == words


def test_a_new_deadline_moves_the_planned_runs_and_leaves_what_has_begun(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))  # today's opened at 05:15
    save(stored, team, now, wish(team, deadline=time(8)), process)
    query = select(Run.occurrence).where(Run.process_id == process.id).order_by(Run.deadline_at)
    first, *others = stored.scalars(query).all()
    assert first == "2026-11-23T07:15"
    assert {occurrence[-5:] for occurrence in others} == {"08:00"}


def test_an_old_version_keeps_its_steps(stored: Session, team: Crew, now: datetime) -> None:
    process = save(stored, team, now, wish(team))
    first = definitions.current_version(process)
    save(stored, team, now, wish(team, steps=wish(team).steps[:1]), process)
    assert [step.title for step in first.steps] == ["Front room ready", "Gate latch checked"]


def test_a_step_of_equal_title_keeps_its_identity_when_steps_move(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))
    before = step_keys(process)
    save(stored, team, now, wish(team, steps=wish(team).steps[::-1]), process)
    assert step_keys(process) == before
    assert events(stored, "process.saved")[-1]["changes"] == [
        "Steps in another order: Gate latch checked, Front room ready"
    ]


def test_a_renamed_step_keeps_its_identity_by_its_key(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))
    key = step_keys(process)["Front room ready"]
    renamed = DraftStep("Front room tidy", "", Requirement("photo"), key=key)
    save(stored, team, now, wish(team, steps=(renamed, wish(team).steps[1])), process)
    assert step_keys(process)["Front room tidy"] == key


def test_two_steps_of_equal_title_have_an_identity_each(
    stored: Session, team: Crew, now: datetime
) -> None:
    twice = (wish(team).steps[0], wish(team).steps[0])
    process = save(stored, team, now, wish(team, steps=twice))
    keys = [step.key for step in definitions.current_version(process).steps]
    save(stored, team, now, wish(team, steps=twice, grace_minutes=1), process)
    assert [step.key for step in definitions.current_version(process).steps] == keys
    assert len(set(keys)) == 2


def test_a_key_of_another_process_is_not_taken_over(
    stored: Session, team: Crew, now: datetime
) -> None:
    other = step_keys(save(stored, team, now, wish(team)))["Front room ready"]
    step = DraftStep("Front room ready", "", Requirement("photo"), key=other)
    process = save(stored, team, now, wish(team, name="Closing check", steps=(step,)))
    assert step_keys(process)["Front room ready"] != other


def test_every_two_weeks_keeps_its_phase_over_versions(
    stored: Session, team: Crew, clock: FixedClock
) -> None:
    rrule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"
    process = save(stored, team, clock.now(), wish(team, rrule=rrule))
    save(stored, team, clock.advance(days=8), wish(team, rrule=rrule, grace_minutes=1), process)
    version = definitions.current_version(process)
    assert (version.number, version.starts_on) == (2, date(2026, 11, 23))


def test_a_new_rule_counts_from_the_local_date_on_which_it_is_given(
    stored: Session, team: Crew, clock: FixedClock
) -> None:
    process = save(stored, team, clock.now(), wish(team))
    evening = clock.advance(days=1, hours=15)  # already Wednesday in UTC
    save(stored, team, evening, wish(team, rrule="FREQ=DAILY;INTERVAL=2"), process)
    assert definitions.current_version(process).starts_on == date(2026, 11, 24)


def test_retiring_drops_the_plan_and_keeps_the_history(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team, opens=time(6, 30)))
    definitions.retire(stored, team.olivia.id, process, now)
    stored.commit()
    assert set(stored.scalars(select(Run.state))) == {"void"}
    assert definitions.processes(stored, team.org_id) == []
    assert definitions.processes(stored, team.org_id, retired=True) == [process]
    assert len(process.versions) == 1
    assert events(stored, "process.retired") == [{"name": "Opening check", "version": 1}]


def test_retiring_twice_is_noted_once(stored: Session, team: Crew, now: datetime) -> None:
    process = save(stored, team, now, wish(team))
    for _ in range(2):
        definitions.retire(stored, team.olivia.id, process, now)
    stored.commit()
    assert len(events(stored, "process.retired")) == 1


def test_saving_a_retired_process_takes_it_up_again(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))
    definitions.retire(stored, team.olivia.id, process, now)
    save(stored, team, now, wish(team), process)
    assert process.retired_at is None
    assert events(stored, "process.saved")[-1]["changes"] == ["Taken up again"]
    assert stored.scalar(select(func.count()).select_from(Run)) > 0


def test_a_process_of_another_organisation_is_not_found(
    stored: Session, team: Crew, now: datetime
) -> None:
    process = save(stored, team, now, wish(team))
    with pytest.raises(Problem) as caught:
        definitions.find(stored, "another", process.id)
    assert caught.value.code == "not_found"
