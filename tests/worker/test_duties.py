"""One engine cycle: duties that do not hold each other up, and a clock that may be moved."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from tests.factories import crew_of_a_daycare, process, proof
from webapp import context
from webapp.models import EngineState, Run, StepRun
from webapp.services import engine, planning, step_runs
from worker import duties
from worker.duties import HEARTBEAT_EVERY, messages_due, tick


@pytest.fixture
def daycare(stored, clock):
    crew = crew_of_a_daycare(stored, clock.now())
    process(stored, crew, clock.now(), steps=(("Gate", proof("note")),))
    return crew


def states(session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(StepRun.state).join(Run).order_by(Run.deadline_at)))


def holder(session) -> str:
    session.rollback()
    query = select(StepRun).join(Run).where(Run.state == "open")
    return session.scalars(query).one().holder.name


def out_of_order(*given, **more):
    raise RuntimeError("a defect")


@pytest.mark.parametrize(
    ("where", "what"),
    [(planning, "plan_if_due"), (engine, "steps_to_look_at"), (engine, "run_to_open")],
)
def test_a_failing_duty_never_keeps_the_next_from_its_turn(
    stored, clock, daycare, monkeypatch, where, what
):
    tick(stored, clock.advance(hours=1))
    tick(stored, clock.advance(minutes=50))
    monkeypatch.setattr(where, what, out_of_order)
    now = clock.advance(minutes=20)
    done = tick(stored, now)
    assert done.handed_on == (0 if what == "steps_to_look_at" else 1)
    assert stored.get(EngineState, 1).last_tick_at == now


def test_a_tick_tells_what_it_did(stored, clock, daycare):
    assert tick(stored, clock.now()) == duties.Tick(0, 0, messages_due=False)
    assert tick(stored, clock.advance(hours=1)) == duties.Tick(1, 0, messages_due=False)
    assert tick(stored, clock.advance(minutes=50)) == duties.Tick(0, 1, messages_due=True)
    assert tick(stored, clock.now()) == duties.Tick(0, 0, messages_due=True)


def test_messages_are_due_only_from_their_time_on(stored, clock, daycare):
    tick(stored, clock.advance(hours=1))
    now = clock.advance(minutes=50)
    tick(stored, now)
    assert messages_due(stored, now)
    assert not messages_due(stored, now - timedelta(seconds=1))


def test_a_clock_that_was_moved_back_plans_again(stored, clock, daycare):
    tick(stored, clock.now())
    stored.query(StepRun).delete()
    stored.query(Run).delete()
    stored.commit()
    tick(stored, clock.advance(minutes=30))
    assert states(stored) == []
    tick(stored, clock.advance(hours=-3))
    assert len(states(stored)) > 0


def test_a_clock_that_was_moved_back_still_beats(stored, clock, daycare):
    tick(stored, clock.now())
    earlier = clock.advance(hours=-2)
    tick(stored, earlier)
    assert stored.get(EngineState, 1).last_tick_at == earlier


def test_the_heartbeat_is_not_written_with_every_look(stored, clock, daycare):
    first = clock.now()
    tick(stored, first)
    tick(stored, clock.advance(seconds=HEARTBEAT_EVERY.total_seconds() - 1))
    assert stored.get(EngineState, 1).last_tick_at == first
    tick(stored, clock.advance(seconds=1))
    assert stored.get(EngineState, 1).last_tick_at == first + HEARTBEAT_EVERY


def test_what_a_duty_has_no_time_for_it_does_in_the_next_tick(stored, clock, daycare, monkeypatch):
    now = clock.advance(hours=1)
    monkeypatch.setattr(duties, "SECONDS_PER_DUTY", 0)
    assert tick(stored, now).opened == 0
    monkeypatch.undo()
    assert tick(stored, now).opened == 1


def test_trouble_of_the_database_is_not_held_against_the_row(stored, clock, daycare, monkeypatch):
    tick(stored, clock.advance(hours=1))
    deadlock = OperationalError("UPDATE", {}, Exception("deadlock detected"))

    def in_trouble(*given, **more):
        raise deadlock

    monkeypatch.setattr(engine, "look_at", in_trouble)
    tick(stored, clock.advance(minutes=50))
    monkeypatch.undo()
    assert holder(stored) == "Ana"
    tick(stored, clock.now())
    assert holder(stored) == "Ben"


def test_a_run_that_cannot_be_opened_is_set_aside_and_the_rest_goes_on(
    stored, clock, daycare, monkeypatch
):
    process(stored, daycare, clock.now(), name="Closing check")
    tick(stored, clock.now())
    opened, unlucky = step_runs.open_run, []

    def fails_once(session, run, now):
        if not unlucky:
            unlucky.append(run.id)
            raise ValueError("no steps")
        opened(session, run, now)

    monkeypatch.setattr(step_runs, "open_run", fails_once)
    tick(stored, clock.advance(hours=1))
    assert stored.get(Run, unlucky[0]).set_aside_at == clock.now()
    assert stored.scalars(select(Run.state).where(Run.state == "open")).all() == ["open"]


def test_a_process_that_cannot_be_planned_keeps_no_other_from_its_runs(
    stored, clock, daycare, monkeypatch
):
    later = process(stored, daycare, clock.now(), name="Closing check")
    stored.query(StepRun).delete()
    stored.query(Run).delete()
    stored.commit()
    planned = planning.replan_process

    def fails_for_the_first(session, one, now):
        planned(session, one, now)
        if one.name == "Opening check":
            raise ValueError("no such zone")

    monkeypatch.setattr(planning, "replan_process", fails_for_the_first)
    tick(stored, clock.advance(hours=2))
    processes = set(stored.scalars(select(Run.process_id)))
    assert processes == {later.id}


def test_what_a_killed_export_left_goes_once_a_day(stored, clock, daycare):
    """It holds copies of the record and of photos, which are erased nowhere else."""
    left = context.settings().data_dir / "export-left"
    (left / "reading").mkdir(parents=True)
    os.utime(left, (0, 0))
    tick(stored, clock.advance(hours=1))
    assert not left.exists()
