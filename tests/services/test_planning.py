"""What phones hold survives every edit, and two requests at once leave nothing half closed."""

import threading
import time as wall
from datetime import time, timedelta

import pytest
from flask import current_app
from sqlalchemy import select, text

from tests.day import Day
from tests.factories import crew_of_a_daycare, process, proof
from webapp.extensions import db
from webapp.models import Closure, Proof, Run, StepRun
from webapp.services import commands, planning, step_runs
from webapp.services.step_commands import Asked
from worker.duties import tick


@pytest.fixture
def daycare(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


def runs(session) -> list[Run]:
    return list(session.scalars(select(Run).order_by(Run.deadline_at)).unique())


def test_another_deadline_leaves_the_steps_that_phones_hold(stored, clock, daycare):
    made = process(stored, daycare, clock.now())
    held = [(run.id, run.step_runs[0].id) for run in runs(stored)]
    made.versions[0].deadline = time(9, 0)
    planning.replan_process(stored, made, clock.now())
    stored.commit()
    assert [(run.id, run.step_runs[0].id) for run in runs(stored)] == held
    assert {run.occurrence[11:] for run in runs(stored)} == {"09:00"}
    assert {run.step_runs[0].deadline_at for run in runs(stored)} == {
        run.deadline_at for run in runs(stored)
    }


def test_work_for_a_day_that_was_closed_meanwhile_is_kept_beside_it(stored, clock, daycare):
    day = Day(stored, clock, daycare, steps=(("Gate", proof("note")),))
    tomorrow = runs(stored)[1]
    on = daycare.location.closures
    on.append(Closure(on=tomorrow.deadline_at.date()))
    planning.replan_location(stored, daycare.location, clock.now())
    stored.commit()
    kept = day.does(
        "ana", step=tomorrow.step_runs[0], attempt=1, proof={"kind": "note", "text": "Done."}
    )
    assert (kept.status, kept.result["code"]) == ("superseded", "not_needed")
    assert stored.scalars(select(Proof.state)).one() == "attached"


def test_a_day_that_was_closed_by_mistake_comes_back_with_its_steps(stored, clock, daycare):
    process(stored, daycare, clock.now())
    tomorrow = runs(stored)[1]
    closure = Closure(on=tomorrow.deadline_at.date())
    daycare.location.closures.append(closure)
    planning.replan_location(stored, daycare.location, clock.now())
    stored.commit()
    assert (tomorrow.state, tomorrow.step_runs[0].state) == ("void", "void")
    daycare.location.closures.remove(closure)
    planning.replan_location(stored, daycare.location, clock.now())
    stored.commit()
    assert (tomorrow.state, tomorrow.step_runs[0].state) == ("planned", "waiting")
    tick(stored, clock.advance(hours=25))
    assert tomorrow.state == "open"


def test_work_that_opens_long_before_its_deadline_is_planned_in_time(stored, clock, daycare):
    made = process(stored, daycare, clock.now(), rrule="FREQ=MONTHLY;BYMONTHDAY=10")
    made.versions[0].opens_days_before = 14
    planning.replan_process(stored, made, clock.now())
    stored.commit()
    (run,) = runs(stored)
    assert run.opens_at < clock.now() + planning.HORIZON < run.deadline_at


def test_the_last_two_steps_closed_at_once_close_the_run(stored, clock, daycare):
    if stored.get_bind().dialect.name == "sqlite":
        pytest.skip("one writer at a time: the second waits for the first by itself")
    day = Day(stored, clock, daycare, steps=(("Gate", proof("note")), ("Door", proof("note"))))
    first, second = (step.id for step in day.step.run.step_runs)
    person_id, now = daycare.ana.id, clock.now()
    stored.commit()
    app = current_app._get_current_object()

    def close(step_run_id: str) -> None:
        person = stored_in_thread().get_one(type(daycare.ana), person_id)
        asked = Asked(
            f"close-{step_run_id}",
            1,
            "complete_step",
            step_run_id,
            1,
            now,
            0,
            now,
            {"proof": {"kind": "note", "text": "Done."}},
        )
        commands.carry_out(stored_in_thread(), person, None, asked, now)

    def close_in_another_request() -> None:
        with app.app_context():
            close(second)
            db.session.commit()
            db.session.remove()

    close(first)
    other = threading.Thread(target=close_in_another_request)
    other.start()
    wait_until_it_waits()
    stored.commit()
    other.join(timeout=30)
    stored.expire_all()
    run = stored.get_one(StepRun, first).run
    assert [step.state for step in run.step_runs] == ["done", "done"]
    assert run.state == "closed"


def stored_in_thread():
    return db.session()


def wait_until_it_waits() -> None:
    """Until another connection waits for a lock; at most ten seconds."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    until = wall.monotonic() + 10
    while wall.monotonic() < until:
        with db.engine.connect() as connection:
            if connection.scalar(waiting):
                return
    raise AssertionError("nobody waited for the first request")


def test_opening_a_run_twice_opens_it_once(stored, clock, daycare):
    process(stored, daycare, clock.now())
    run = runs(stored)[0]
    step_runs.open_run(stored, run, clock.now())
    escalate_at = run.step_runs[0].escalate_at
    step_runs.open_run(stored, run, clock.now() + timedelta(hours=1))
    assert (run.opened_at, run.step_runs[0].escalate_at) == (clock.now(), escalate_at)
