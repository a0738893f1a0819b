"""Defining processes: versions, faults, step identity, and the plan that follows."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare
from webapp.models import Event, Location, Process, Run
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions
from webapp.services.definition_preview import next_deadlines
from webapp.services.definitions import DraftLevel, DraftStep, ProcessDraft


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    return clock.now()


@pytest.fixture
def team(stored: Session, now: datetime) -> Crew:
    return crew_of_a_daycare(stored, now)


def wish(crew: Crew, **more: Any) -> ProcessDraft:
    draft = ProcessDraft(
        name="Opening check",
        locations=("Downtown",),
        rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
        deadline=time(7, 15),
        chain=(
            DraftLevel("assignee", crew.ana.id, 0),
            DraftLevel("backup", crew.ben.id, 0),
        ),
        steps=(
            DraftStep("Front room ready", "", Requirement("photo")),
            DraftStep("Gate latch checked", "", Requirement("note")),
        ),
    )
    return replace(draft, **more)


def save(
    session: Session, crew: Crew, now: datetime, draft: ProcessDraft, process: Process | None = None
) -> Process:
    saved = definitions.save(session, crew.olivia.id, crew.org_id, draft, now, process)
    session.commit()
    return saved


def refused(session: Session, crew: Crew, now: datetime, draft: ProcessDraft) -> dict[str, str]:
    with pytest.raises(Problem) as caught:
        definitions.save(session, crew.olivia.id, crew.org_id, draft, now)
    assert caught.value.code == "process_not_valid"
    return caught.value.fields


def events(session: Session, kind: str) -> list[dict[str, Any]]:
    query = select(Event.payload).where(Event.kind == kind).order_by(Event.seq)
    return list(session.scalars(query))


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
    assert stored.scalar(select(func.count()).select_from(Run)) == 0
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


def test_every_fault_is_told_at_once(session: Session, crew: Crew, now: datetime) -> None:
    bad = ProcessDraft(
        name=" ",
        locations=(),
        rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        deadline=None,
        chain=(),
        steps=(),
        opens_days_before=-1,
        grace_minutes=-5,
        review="some",
    )
    assert refused(session, crew, now, bad).keys() == {
        "name",
        "locations",
        "cadence",
        "deadline",
        "opens_days_before",
        "grace",
        "review",
        "chain.assignee",
        "chain.backup",
        "steps",
    }


def number(**more: Any) -> tuple[DraftStep, ...]:
    return (DraftStep("Fridge", "", Requirement(**{"kind": "number"} | more)),)


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"name": "x" * 121}, "name", "at most 120"),
        ({"locations": ("Uptown",)}, "locations", "no location called “Uptown”"),
        ({"rrule": ""}, "cadence", "how often"),
        ({"rrule": "FREQ=HOURLY"}, "cadence", "too often"),
        ({"grace_minutes": 31 * 24 * 60 + 1}, "grace", "31 days"),
        ({"steps": (DraftStep(" ", "", Requirement("photo")),)}, "steps[0].title", "to be done"),
        ({"steps": number(kind="smell")}, "steps[0].proof", "no proof"),
        (
            {"steps": number(minimum=Decimal(5), maximum=Decimal(4))},
            "steps[0].min",
            "above 5 and below 4",
        ),
        ({"steps": number(kind="photo", minimum=Decimal(5))}, "steps[0].min", "Only a number"),
        ({"steps": number(kind="note", unit="°F")}, "steps[0].unit", "Only a number"),
        ({"steps": number(if_outside="Call.")}, "steps[0].if_outside", "which numbers"),
        ({"steps": number(min_seconds=5)}, "steps[0].min_seconds", "Only a timed check"),
        ({"steps": number(scan_code="gate")}, "steps[0].scan_code", "Only a scan"),
        (
            {"steps": number(kind="timed", min_seconds=-1)},
            "steps[0].min_seconds",
            "zero seconds",
        ),
    ],
)
def test_a_fault_is_told_at_its_field(
    session: Session, crew: Crew, now: datetime, change: dict[str, Any], field: str, sentence: str
) -> None:
    fields = refused(session, crew, now, wish(crew, **change))
    assert fields.keys() == {field}
    assert sentence in fields[field]


def test_a_name_that_is_taken_is_refused_whatever_its_case(
    session: Session, crew: Crew, now: datetime
) -> None:
    save(session, crew, now, wish(crew))
    fields = refused(session, crew, now, wish(crew, name="OPENING check"))
    assert fields == {
        "name": "There is a process called “Opening check” already. Choose another name."
    }


def test_the_backup_must_be_somebody_else(session: Session, crew: Crew, now: datetime) -> None:
    chain = (DraftLevel("assignee", crew.ana.id, 0), DraftLevel("backup", crew.ana.id, 0))
    fields = refused(session, crew, now, wish(crew, chain=chain))
    assert fields == {
        "chain.backup": "Ana is both responsible and backup. Name somebody else as the backup."
    }


def test_somebody_who_left_cannot_be_named(session: Session, crew: Crew, now: datetime) -> None:
    crew.ben.deactivated_at = now
    fields = refused(session, crew, now, wish(crew))
    assert fields == {"chain.backup": "Ben no longer works here. Name somebody else."}


def test_somebody_of_another_organisation_cannot_be_named(
    session: Session, crew: Crew, now: datetime
) -> None:
    stranger = crew_of_a_daycare(session, now, name="Bluebell").ana
    chain = (DraftLevel("assignee", stranger.id, 0), DraftLevel("backup", crew.ben.id, 0))
    fields = refused(session, crew, now, wish(crew, chain=chain))
    assert fields.keys() == {"chain.assignee"}
    assert "Ana" not in fields["chain.assignee"]


def test_a_location_of_another_organisation_cannot_be_named(
    session: Session, crew: Crew, now: datetime
) -> None:
    other = crew_of_a_daycare(session, now, name="Bluebell").location
    assert refused(session, crew, now, wish(crew, locations=(other.id,))).keys() == {"locations"}


def test_a_location_in_no_known_time_zone_is_refused(
    session: Session, crew: Crew, now: datetime
) -> None:
    crew.location.time_zone = "America/Chikago"
    fields = refused(session, crew, now, wish(crew))
    assert "Did you mean America/Chicago?" in fields["locations"]


def test_a_negative_wait_is_refused_at_its_station(
    session: Session, crew: Crew, now: datetime
) -> None:
    chain = (*wish(crew).chain, DraftLevel("fallback", crew.fay.id, -1))
    assert refused(session, crew, now, wish(crew, chain=chain)).keys() == {"chain.fallback.after"}


def test_a_refused_draft_writes_nothing(stored: Session, team: Crew, now: datetime) -> None:
    refused(stored, team, now, wish(team, steps=()))
    stored.commit()
    assert stored.scalar(select(func.count()).select_from(Process)) == 0
    assert events(stored, "process.saved") == []


def test_the_next_deadlines_skip_closed_days(session: Session, crew: Crew, now: datetime) -> None:
    place = session.get_one(Location, crew.location.id)
    due = next_deadlines(wish(crew), place, now, count=3)
    assert [f"{each:%a %H:%M}" for each in due] == ["Mon 07:15", "Tue 07:15", "Wed 07:15"]


def test_the_next_deadlines_of_a_yearly_rule_reach_years_ahead(
    session: Session, crew: Crew, now: datetime
) -> None:
    draft = wish(crew, rrule="FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=4")
    due = next_deadlines(draft, crew.location, now)
    assert [each.year for each in due] == list(range(2027, 2037))


def test_an_unclear_draft_has_no_next_deadlines(
    session: Session, crew: Crew, now: datetime
) -> None:
    assert next_deadlines(wish(crew, rrule="often"), crew.location, now) == []
