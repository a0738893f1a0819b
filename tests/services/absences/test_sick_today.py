"""Sick today hands on at once what is open and due, and no more."""

from sqlalchemy import select

from tests.factories import process, proof
from tests.services.absences.shared import GATE, moves, sick
from webapp.models import Handoff, StepRun
from webapp.services import planning
from worker.duties import tick

PHOTO = {"kind": "photo", "sha256": "ab" * 32, "bytes": 9, "media_type": "image/jpeg"}


def test_sick_today_hands_on_at_once_what_is_open_and_due_today(day):
    monday = day()
    sick(monday, "ana")
    assert (monday.step.holder.name, monday.step.missed_at) == ("Ben", None)
    assert moves(monday.step) == [("Ana", "Ben", None, "absent")]


def test_sick_today_leaves_what_is_due_another_day(stored, clock, crew, day):
    monday = day()
    made = process(
        stored, crew, clock.now(), name="Month end", steps=GATE, rrule="FREQ=WEEKLY;BYDAY=TU"
    )
    made.versions[0].opens_days_before = 1
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.now())
    sick(monday, "ana")
    held = {step.run.process.name: step.holder.name for step in _open_steps(stored)}
    assert held == {"Opening check": "Ben", "Month end": "Ana"}


def _open_steps(session) -> list[StepRun]:
    return list(session.scalars(select(StepRun).where(StepRun.state == "open")).unique())


def test_sick_today_leaves_what_is_claimed(day):
    monday = day(steps=(("Room", proof("photo")), ("Gate latch", proof("note"))))
    assert monday.does("ana", proof=PHOTO).result["code"] == "proof_on_its_way"
    sick(monday, "ana")
    room, latch = monday.step.run.step_runs
    assert (room.state, room.holder.name) == ("claimed", "Ana")
    assert latch.holder.name == "Ben"


def test_sick_today_said_twice_is_one_absence(day):
    monday = day()
    assert sick(monday, "ana").id == sick(monday, "ana").id
    assert len(monday.session.scalars(select(Handoff)).all()) == 1


def test_an_owner_who_is_sick_keeps_what_has_reached_the_last_level(day):
    monday = day()
    for minutes in (50, 20, 30):
        monday.later(minutes=minutes)
    sick(monday, "olivia")
    assert (monday.step.level, monday.step.holder.name) == (3, "Olivia")
