"""What saving a definition does to the planned runs: told beforehand, and the same as it does."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew
from tests.services.definition_wishes import events, save, wish
from webapp.models import Process, ProcessVersion, Run, StepRun
from webapp.problems import Problem
from webapp.rules.proof_gate import Requirement
from webapp.services import definitions, locations, planning, step_runs
from webapp.services.definitions import DraftLevel, Effect, ProcessDraft
from webapp.services.definitions.effect_words import at_places, sentences
from webapp.services.locations import Place


@pytest.fixture
def now(clock: FixedClock) -> datetime:
    """Monday 23 November 2026, 05:30 in Chicago."""
    return clock.now()


def draft(crew: Crew, **more: Any) -> ProcessDraft:
    """Opens at 06:00, so that today's run has not begun."""
    return wish(crew, **({"opens": time(6)} | more))


def look(
    session: Session, crew: Crew, now: datetime, wished: ProcessDraft, process: Process | None
) -> Effect:
    found = definitions.look(session, crew.olivia.id, crew.org_id, wished, now, process)
    session.commit()
    return found


def words(effect: Effect) -> dict[str, list[str]]:
    return {
        str(at_places(each.places)): [str(line) for line in sentences(each)]
        for each in effect.places
    }


def plan(session: Session) -> list[tuple[Any, ...]]:
    rows = session.execute(
        select(Run.id, Run.deadline_at, Run.state, StepRun.title, StepRun.requirement)
        .join(StepRun, StepRun.run_id == Run.id)
        .order_by(Run.deadline_at, StepRun.position)
    )
    return [tuple(map(str, row)) for row in rows]


CHANGES: list[tuple[dict[str, Any], list[str]]] = [
    (
        {"deadline": time(6, 30)},
        ["5 runs are due at 06:30 instead of 07:15: today to Friday 27 November."],
    ),
    (
        {"opens": time(5, 45)},
        ["5 runs open at 05:45 instead of 06:00: today to Friday 27 November."],
    ),
    (
        {"rrule": "FREQ=WEEKLY;BYDAY=TU,TH"},
        ["3 runs will not take place: today to Friday 27 November."],
    ),
    (
        {"rrule": "FREQ=DAILY"},
        ["2 runs are planned, due at 07:15: Saturday 28 November and Sunday 29 November."],
    ),
    (
        {"review": "all"},
        ["The proofs of 5 runs are reviewed in another way: today to Friday 27 November."],
    ),
    (
        {"grace_minutes": 15},
        ["5 runs are handed on in another way when they are missed: today to Friday 27 November."],
    ),
]


@pytest.mark.parametrize(("change", "expected"), CHANGES)
def test_what_a_change_will_do_is_told_in_words_and_is_what_it_does(
    session: Session, crew: Crew, now: datetime, change: dict[str, Any], expected: list[str]
) -> None:
    made = save(session, crew, now, draft(crew))
    before = plan(session)
    beforehand = look(session, crew, now, draft(crew, **change), made)
    assert words(beforehand) == {"Downtown": expected}
    assert plan(session) == before
    _saved, afterwards = definitions.save_telling(
        session, crew.olivia.id, crew.org_id, draft(crew, **change), now, made
    )
    assert afterwards == beforehand


def test_a_look_leaves_no_version_and_no_event(session: Session, crew: Crew, now: datetime) -> None:
    made = save(session, crew, now, draft(crew))
    look(session, crew, now, draft(crew, deadline=time(6, 30)), made)
    look(session, crew, now, draft(crew, name="Closing check"), None)
    assert session.scalars(select(ProcessVersion.number)).all() == [1]
    assert session.scalar(select(func.count()).select_from(Process)) == 1
    assert len(events(session, "process.saved")) == 1


def test_photos_that_go_and_a_new_holder_are_counted(
    session: Session, crew: Crew, now: datetime
) -> None:
    made = save(session, crew, now, draft(crew))
    front, gate = wish(crew).steps
    swapped = draft(
        crew,
        chain=(DraftLevel("assignee", crew.ben.id, 0), DraftLevel("backup", crew.fay.id, 0)),
        steps=(replace(front, requirement=Requirement("note")), gate),
    )
    assert words(look(session, crew, now, swapped, made))["Downtown"] == [
        (
            "In 5 runs “Front room ready” closes with a note instead of a photo: "
            "today to Friday 27 November."
        ),
        "10 steps get a new holder, Ben instead of Ana: today to Friday 27 November.",
        "5 runs are handed on in another way when they are missed: today to Friday 27 November.",
    ]


def test_a_run_that_has_begun_stays_on_its_version(
    session: Session, crew: Crew, now: datetime
) -> None:
    made = save(session, crew, now, draft(crew))
    first = session.scalars(select(Run).order_by(Run.deadline_at)).first()
    assert first is not None
    later = first.opens_at + timedelta(minutes=1)
    step_runs.open_run(session, first, later)
    session.commit()
    told = words(look(session, crew, later, draft(crew, deadline=time(8)), made))["Downtown"]
    assert told == [
        "4 runs are due at 08:00 instead of 07:15: tomorrow to Friday 27 November.",
        "1 run that has begun stays as it is, on version 1: today.",
    ]


def test_what_changes_nothing_says_nothing(session: Session, crew: Crew, now: datetime) -> None:
    made = save(session, crew, now, draft(crew))
    assert look(session, crew, now, draft(crew), made) == Effect()


def test_a_day_that_passed_since_the_last_plan_is_not_the_change_s_doing(
    session: Session, crew: Crew, now: datetime
) -> None:
    made = save(session, crew, now, draft(crew))
    later = now + timedelta(days=2)
    told = words(look(session, crew, later, draft(crew, review="all"), made))["Downtown"]
    assert not any("planned" in sentence for sentence in told)


def test_locations_whose_runs_change_alike_are_told_together(
    session: Session, crew: Crew, now: datetime
) -> None:
    for name, zone in (("Riverside", "America/Chicago"), ("Harbour", "Europe/Berlin")):
        locations.add(session, crew.org_id, Place(name, zone), now, crew.olivia.id)
    everywhere = ("Downtown", "Harbour", "Riverside")
    made = save(session, crew, now, draft(crew, locations=everywhere))
    found = look(session, crew, now, draft(crew, locations=everywhere, deadline=time(8)), made)
    assert words(found) == {
        "Downtown and Riverside": [
            "5 runs are due at 08:00 instead of 07:15: today to Friday 27 November."
        ],
        "Harbour": ["5 runs are due at 08:00 instead of 07:15: tomorrow to Monday 30 November."],
    }


def test_a_location_that_is_left_out_loses_its_runs(
    session: Session, crew: Crew, now: datetime
) -> None:
    locations.add(session, crew.org_id, Place("Riverside", "America/Chicago"), now, crew.olivia.id)
    made = save(session, crew, now, draft(crew, locations=("Downtown", "Riverside")))
    told = words(look(session, crew, now, draft(crew), made))
    assert told == {"Riverside": ["5 runs will not take place: today to Friday 27 November."]}


def test_a_new_process_says_which_runs_it_plans(
    session: Session, crew: Crew, now: datetime
) -> None:
    told = look(session, crew, now, draft(crew), None)
    assert told.version == 1
    assert words(told) == {
        "Downtown": ["5 runs are planned, due at 07:15: today to Friday 27 November."]
    }


def test_a_look_at_what_cannot_be_saved_says_why_and_leaves_the_session_usable(
    session: Session, crew: Crew, now: datetime
) -> None:
    made = save(session, crew, now, draft(crew))
    with pytest.raises(Problem) as caught:
        look(session, crew, now, draft(crew, name=""), made)
    assert caught.value.code == "process_not_valid"
    planning.replan_process(session, made, now)
    session.commit()
