"""An organisation's processes as the read of where they are fragile takes them."""

from datetime import time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.conftest import FixedClock
from tests.factories import Crew, crew_of_a_daycare, process, proof, reached_by_phone
from webapp.models import Absence
from webapp.rules.fragility import PROOF, TAP, Share, Task, read
from webapp.services import fragility
from worker import duties


@pytest.fixture
def crew(stored: Session, clock: FixedClock) -> Crew:
    return crew_of_a_daycare(stored, clock.now())


def the_task(session: Session, crew: Crew, clock: FixedClock) -> Task:
    (task,) = fragility.tasks(session, crew.org_id, clock.now())
    return task


def passes(session: Session, clock: FixedClock, minutes: int) -> None:
    """So much time, and what the engine does then."""
    clock.advance(minutes=minutes)
    duties.tick(session, clock.now())


def test_a_process_is_a_task_with_its_people_and_what_it_leaves(
    stored: Session, crew: Crew, clock: FixedClock
) -> None:
    made = process(stored, crew, clock.now())
    task = the_task(stored, crew, clock)
    assert (task.key, task.name) == (made.id, "Opening check")
    assert (task.who, task.stand_in) == ("Ana", "Ben")
    assert (task.who_is_owner, task.stand_in_is_owner) == (False, False)
    assert (task.known_by, task.missed, task.fell) == (PROOF, None, None)


@pytest.mark.parametrize(
    ("steps", "known_by"),
    [
        ((("Walk", proof("timed")),), TAP),
        ((("Walk", proof("timed", min_seconds=60)),), PROOF),
        ((("Walk", proof("timed")), ("Gate", proof("note"))), PROOF),
    ],
)
def test_a_tap_alone_leaves_nothing(
    stored: Session, crew: Crew, clock: FixedClock, steps: Any, known_by: str
) -> None:
    process(stored, crew, clock.now(), steps=steps, review="none")
    assert the_task(stored, crew, clock).known_by == known_by


def test_missed_runs_and_those_that_ended_with_the_owner_are_counted(
    stored: Session, crew: Crew, clock: FixedClock
) -> None:
    process(stored, crew, clock.now(), steps=(("Room", proof("photo")), ("Gate", proof("photo"))))
    passes(stored, clock, minutes=65)  # 06:35
    passes(stored, clock, minutes=50)  # 07:25: missed by Ana, with Ben now
    assert the_task(stored, crew, clock).missed == Share(1, 1)
    assert the_task(stored, crew, clock).fell == Share(0, 1)
    passes(stored, clock, minutes=30)
    passes(stored, clock, minutes=30)
    assert the_task(stored, crew, clock).fell == Share(1, 1)
    clock.advance(days=29)
    assert the_task(stored, crew, clock).missed is None


def test_a_process_that_no_phone_tells_of_is_not_reached(
    stored: Session, crew: Crew, clock: FixedClock
) -> None:
    process(stored, crew, clock.now())
    assert the_task(stored, crew, clock).reaches is False
    reached_by_phone(stored, crew.fay)
    assert the_task(stored, crew, clock).reaches is True


def test_runs_ahead_for_which_only_the_owner_is_there_are_counted(
    stored: Session, crew: Crew, clock: FixedClock
) -> None:
    process(stored, crew, clock.now())
    assert (the_task(stored, crew, clock).uncovered or Share(9, 9)).num == 0
    for person in (crew.ana, crew.ben, crew.fay):
        stored.add(
            Absence(
                org_id=crew.org_id,
                person_id=person.id,
                first_day=clock.now().date() + timedelta(days=1),
                last_day=clock.now().date() + timedelta(days=2),
                created_by_id=person.id,
                created_at=clock.now(),
            )
        )
    stored.commit()
    uncovered = the_task(stored, crew, clock).uncovered
    assert uncovered is not None
    assert uncovered.num == 2


def test_another_organisation_counts_for_nothing(
    stored: Session, crew: Crew, clock: FixedClock
) -> None:
    process(stored, crew, clock.now(), deadline=time(7, 15))
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    assert fragility.tasks(stored, bakery.org_id, clock.now()) == []
    assert read([]) == []
