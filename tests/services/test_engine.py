"""Runs are planned and opened, and missed steps move along their chain."""

from datetime import time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.conftest import MONDAY
from tests.factories import FRIDGE, crew_of_a_daycare, process, proof
from webapp.models import Event, Handoff, OutboxMessage, Run, StepRun
from webapp.services import planning, record
from worker.duties import tick


@pytest.fixture
def daycare(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


def only_step(session) -> StepRun:
    return session.scalars(
        select(StepRun).join(Run).where(Run.state != "planned").order_by(Run.deadline_at)
    ).first()


def test_runs_are_planned_a_week_ahead_at_their_local_deadline(stored, clock, daycare):
    process(stored, daycare, clock.now())
    keys = [run.occurrence for run in stored.scalars(select(Run).order_by(Run.deadline_at))]
    assert keys == [
        "2026-11-23T07:15",
        "2026-11-24T07:15",
        "2026-11-25T07:15",
        "2026-11-26T07:15",
        "2026-11-27T07:15",
    ]


def test_planning_twice_makes_no_second_run(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.now())
    tick(stored, clock.advance(hours=2))
    keys = list(stored.scalars(select(Run.occurrence)))
    assert len(keys) == len(set(keys))


def test_a_run_opens_with_its_steps_and_chain_frozen(stored, clock, daycare):
    made = process(
        stored, daycare, clock.now(), steps=(("Fridge", FRIDGE), ("Gate", proof("note")))
    )
    tick(stored, clock.advance(hours=1))
    step = only_step(stored)
    assert (step.state, step.holder.name, step.run.state) == ("open", "Ana", "open")
    made.versions[0].chain[1].person = daycare.fay
    stored.commit()
    assert [level["name"] for level in step.chain] == ["Ana", "Ben", "Fay", "Olivia"]


def test_nothing_moves_before_deadline_and_grace(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    tick(stored, clock.advance(minutes=49))
    assert only_step(stored).level == 0


def test_a_missed_step_goes_from_assignee_to_backup_to_fallback_to_owner(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    holders = []
    for minutes in (50, 20, 30, 600):
        tick(stored, clock.advance(minutes=minutes))
        step = only_step(stored)
        holders.append((step.level, step.holder.name))
    assert holders == [(1, "Ben"), (2, "Fay"), (3, "Olivia"), (3, "Olivia")]
    assert only_step(stored).escalate_at is None
    assert only_step(stored).missed_at == only_step(stored).deadline_at + timedelta(minutes=5)


def test_each_handoff_has_one_message_and_one_event(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    for minutes in (50, 20, 30):
        tick(stored, clock.advance(minutes=minutes))
    told = [
        (m.kind, m.person_id)
        for m in stored.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
    ]
    assert told == [("handoff", daycare.people[who].id) for who in ("ben", "fay", "olivia")]
    kinds = list(stored.scalars(select(Event.kind).where(Event.kind == "step.handed_on")))
    assert len(kinds) == 3
    assert record.verify(stored, daycare.org_id).count > 3


def test_after_an_outage_each_person_still_gets_a_full_window(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    late = clock.advance(hours=5)
    tick(stored, late)
    step = only_step(stored)
    assert step.holder.name == "Ben"
    assert step.moves_at == late + timedelta(minutes=20)


def test_a_backup_who_left_is_passed_over_at_once(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    daycare.ben.deactivated_at = clock.now()
    stored.commit()
    tick(stored, clock.advance(minutes=50))
    step = only_step(stored)
    assert (step.level, step.holder.name) == (2, "Fay")
    assert [each.passed_over for each in step.handoffs] == ["deactivated", None]
    assert stored.scalars(select(OutboxMessage)).one().person_id == daycare.fay.id


def test_a_responsible_who_left_loses_the_step_as_it_opens(stored, clock, daycare):
    process(stored, daycare, clock.now())
    daycare.ana.deactivated_at = clock.now()
    stored.commit()
    tick(stored, clock.advance(hours=1))
    step = only_step(stored)
    assert (step.holder.name, step.handoffs[0].reason, step.missed_at) == (
        "Ben",
        "deactivated",
        None,
    )
    assert step.moves_at == step.deadline_at + timedelta(minutes=5)


def test_an_edit_moves_planned_runs_and_leaves_the_open_one(stored, clock, daycare):
    made = process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    made.versions[0].deadline = time(8, 0)
    planning.replan_process(stored, made, clock.now())
    stored.commit()
    keys = [run.occurrence for run in stored.scalars(select(Run).order_by(Run.deadline_at))]
    assert keys[:2] == ["2026-11-23T07:15", "2026-11-24T08:00"]
    assert len(keys) == len({key[:10] for key in keys})


def test_a_row_that_cannot_be_handled_is_set_aside_and_the_rest_goes_on(stored, clock, daycare):
    process(stored, daycare, clock.now())
    process(stored, daycare, clock.now(), name="Closing check")
    tick(stored, clock.advance(hours=1))
    poisoned = only_step(stored)
    poisoned.chain = [{"role": "assignee"}]
    stored.commit()
    tick(stored, clock.advance(minutes=50))
    stored.refresh(poisoned)
    assert poisoned.set_aside_at == clock.now()
    assert [h.to_person.name for h in stored.scalars(select(Handoff))] == ["Ben"]


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "done", "closed_at": MONDAY, "escalate_at": None}, "closes_with_proof"),
        ({"holder_id": None}, "has_holder"),
        ({"escalate_at": None}, "somebody_looks_again"),
        ({"level": 9}, "level_on_chain"),
        ({"state": "skipped", "escalate_at": None}, "closed_has_time"),
        ({"state": "waiting"}, "closed_never_escalates"),
    ],
)
def test_the_database_refuses_an_impossible_step(stored, clock, daycare, change, constraint):
    process(stored, daycare, clock.now())
    tick(stored, clock.advance(hours=1))
    step = only_step(stored)
    for name, value in change.items():
        setattr(step, name, value)
    with pytest.raises(IntegrityError, match=constraint):
        stored.commit()
    stored.rollback()
