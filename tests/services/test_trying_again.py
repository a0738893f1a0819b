"""What the engine had set aside goes on once somebody asks for it."""

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, process, proof
from webapp.models import Event, Run, StepRun
from webapp.problems import Problem
from webapp.services import engine, locations, overseen
from worker.duties import tick

GATE = (("Gate latch", proof("note")),)


@pytest.fixture
def monday(stored, clock) -> Day:
    return Day(stored, clock, crew_of_a_daycare(stored, clock.now()), steps=GATE)


def set_aside(monday: Day, row: Run | StepRun) -> None:
    engine.set_aside(monday.session, type(row), row.id, "ValueError", monday.clock.now())
    monday.session.commit()


def kinds(monday: Day, subject: str) -> list[str]:
    query = select(Event.kind).where(Event.subject == subject).order_by(Event.seq)
    return list(monday.session.scalars(query))


def test_a_stuck_step_moves_on_with_the_next_look(monday):
    set_aside(monday, monday.step)
    monday.later(minutes=50)
    assert monday.step.level == 0
    overseen.try_step_again(monday.session, monday.crew.maya, monday.step.id, monday.clock.now())
    monday.session.commit()
    assert (monday.step.set_aside_at, monday.step.set_aside_why) == (None, None)
    monday.later(seconds=1)
    assert monday.step.holder.name == "Ben"
    assert "step.tried_again" in kinds(monday, monday.step.id)


def test_a_stuck_run_opens_with_the_next_look(monday):
    query = select(Run).where(Run.state == "planned").order_by(Run.deadline_at)
    run = monday.session.scalars(query).unique().first()
    set_aside(monday, run)
    monday.later(days=1)
    assert run.state == "planned"
    overseen.try_run_again(monday.session, monday.crew.olivia, run.id, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    assert (run.state, run.set_aside_at) == ("open", None)
    assert "run.tried_again" in kinds(monday, run.id)


def test_what_fails_again_is_set_aside_again(monday):
    step, chain = monday.step, monday.step.chain
    step.chain = [{"role": "assignee"}]
    monday.session.commit()
    monday.later(minutes=50)
    overseen.try_step_again(monday.session, monday.crew.olivia, step.id, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    assert step.set_aside_at == monday.clock.now()
    step.chain = chain
    overseen.try_step_again(monday.session, monday.crew.olivia, step.id, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    assert step.holder.name == "Ben"


@pytest.mark.parametrize("what", ["step", "run"])
def test_only_who_manages_the_place_can_have_it_tried_again(monday, what):
    row = monday.step if what == "step" else monday.step.run
    set_aside(monday, row)
    now, session, maya = monday.clock.now(), monday.session, monday.crew.maya
    place = locations.Place("Riverside", "America/New_York")
    maya.locations = [locations.add(session, monday.crew.org_id, place, now)]
    stranger = crew_of_a_daycare(session, now, name="Bakery").olivia
    again = overseen.try_step_again if what == "step" else overseen.try_run_again
    for person in (maya, stranger):
        with pytest.raises(Problem) as caught:
            again(session, person, row.id, now)
        assert caught.value.code == "not_found"
    assert row.set_aside_at is not None


def test_what_is_not_stuck_cannot_be_tried_again(monday):
    with pytest.raises(Problem, match="not"):
        overseen.try_step_again(
            monday.session, monday.crew.olivia, monday.step.id, monday.clock.now()
        )
    engine.try_again(monday.session, monday.crew.olivia, monday.step, monday.clock.now())
    assert "step.tried_again" not in kinds(monday, monday.step.id)


def test_one_stuck_step_keeps_no_other_process_from_its_turn(monday):
    set_aside(monday, monday.step)
    process(monday.session, monday.crew, monday.clock.now(), name="Closing", steps=GATE)
    done = tick(monday.session, monday.clock.advance(minutes=50))
    assert (done.opened, done.handed_on) == (1, 1)
