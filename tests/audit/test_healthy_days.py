"""On a day without faults the auditor finds nothing, whatever people do."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.audit.busy import Busy, look_over
from tests.factories import FRIDGE, process, proof
from webapp import context
from webapp.models import StepRun
from webapp.services import absences, demo, engine, locations, people
from webapp.services.audit import Memory
from worker.duties import tick


def step_called(day: Busy, title: str) -> StepRun:
    return day.session.scalars(
        select(StepRun).where(StepRun.title == title, StepRun.state != "waiting")
    ).one()


def test_a_day_on_which_everything_is_done_is_clean(busy):
    day = busy()
    assert day.found() == []
    day.gives_photo("ana", "white")
    assert day.found() == []
    day.decides(day.step)
    day.passes(30)
    assert day.found() == []


def test_a_step_that_nobody_does_is_clean_at_every_minute(busy):
    day = busy()
    for _ in range(24):
        day.later(minutes=5)
        assert day.found() == []
    assert day.step.level == day.step.last_level


def test_send_backs_claims_and_words_are_clean(busy):
    steps = (("Front", proof("photo")), ("Fridge", FRIDGE), ("Gate", proof("note")))
    day = busy(steps=steps, review="all")
    front, fridge, gate = (step_called(day, title) for title, _ in steps)
    day.does("ana", "cannot_do", step=gate, reason="The latch is broken.")
    assert day.found() == []
    day.does("ana", proof={"kind": "number", "value": "38"}, step=fridge)
    day.decides(fridge, "Read it again.")
    assert day.found() == []
    day.passes(49)
    day.does("ana", proof={"kind": "photo", "sha256": "a" * 64, "bytes": 10}, step=front)
    for _ in range(20):
        day.later(minutes=5)
        assert day.found() == []


def test_absences_and_hand_backs_are_clean(busy, clock):
    day = busy()
    absence = absences.sick_today(day.session, day.crew.ana, day.crew.ana, clock.now())
    day.session.commit()
    assert day.found() == []
    day.later(seconds=1)
    assert (day.step.holder.name, day.found()) == ("Ben", [])
    absences.end(day.session, day.crew.ana, absence, clock.now())
    day.session.commit()
    assert (day.step.holder.name, day.found()) == ("Ana", [])
    for _ in range(20):
        day.later(minutes=5)
        assert day.found() == []


def test_people_who_leave_are_clean(busy, clock):
    day = busy()
    day.passes(50)
    for who in ("ben", "fay"):
        people.deactivate(day.session, day.crew.olivia, day.crew.people[who], clock.now())
        day.session.commit()
        assert day.found() == []
        day.later(seconds=1)
        assert day.found() == []


def test_early_handoffs_are_clean(busy):
    day = busy()
    day.reached = False
    for _ in range(54):
        day.later(seconds=60)
        assert day.found() == []
    assert [each.reason for each in day.step.handoffs] == ["missed", "unreached", "unreached"]


def test_work_done_in_time_that_arrives_late_is_clean(busy, clock):
    day = busy(steps=(("Gate", proof("note")),), review="none")
    captured_at = clock.now()
    day.passes(60)
    assert day.step.level == 1
    note = {"kind": "note", "text": "Closed."}
    day.does("ana", proof=note, captured_at=captured_at, sent_at=clock.now())
    assert day.step.handoffs[0].overtaken_at is not None
    day.later(seconds=1)
    assert day.found() == []


def test_an_outage_of_hours_is_clean_once_the_clock_is_back(busy):
    day = busy()
    day.later(hours=5)
    day.later(seconds=30)
    assert day.found() == []


def test_several_days_with_several_processes_are_clean(busy, clock):
    day = busy()
    process(
        day.session,
        day.crew,
        clock.now(),
        name="Temperatures",
        rrule="FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0",
        opens=None,
        steps=(("Fridge", FRIDGE),),
    )
    for _ in range(12):
        day.later(hours=3)
        day.later(seconds=30)
        assert day.found() == []


# The month that test_demo makes once is on SQLite.
@pytest.mark.parametrize(
    "stored", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_the_demo_daycare_is_clean(stored, clock, monkeypatch):
    monkeypatch.setattr(demo, "SINCE", timedelta(days=9))
    demo.seed(stored, clock.now(), context.settings().blob_dir)
    stored.commit()
    tick(stored, clock.now())
    engine.state(stored).worker_seen_at = clock.now()
    stored.commit()
    assert look_over() == []


def test_an_audit_in_turns_is_clean_too(busy):
    day, memory = busy(), Memory()
    for _ in range(3):
        day.later(minutes=20)
        assert day.found(memory) == []
    assert memory.tails


def test_a_run_that_an_edit_plans_for_the_past_is_clean_until_the_next_tick(busy):
    day = busy()
    wanted = {"rrule": "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0", "opens": None}
    process(day.session, day.crew, day.clock.now(), name="Rounds", **wanted)
    place = locations.changed(day.crew.location, {"time_zone": "UTC"})
    locations.edit(day.session, day.crew.location, place, day.clock.now())
    assert day.found() == []
    day.later(seconds=1)
    assert day.found() == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(
            (
                {"time_zone": "America/New_York"},
                {"open_days": ("TU",)},
                {"time_zone": "Asia/Kolkata"},
                {"open_days": ("MO", "WE", "FR")},
            ),
            id="its time is over there",
        ),
        pytest.param(
            (
                {"time_zone": "Europe/Istanbul"},
                {"open_days": ("TU",)},
                {"time_zone": "America/Chicago"},
                {"open_days": ()},
            ),
            id="its time lies ahead again",
        ),
    ],
)
def test_a_run_called_off_before_the_zone_was_corrected_follows_it(busy, changes):
    day = busy()
    wanted = {"rrule": "FREQ=DAILY;BYHOUR=8,12,16;BYMINUTE=0", "opens": None}
    process(day.session, day.crew, day.clock.now(), name="Rounds", **wanted)
    for change in changes:
        place = locations.changed(day.crew.location, change)
        locations.edit(day.session, day.crew.location, place, day.clock.now())
        assert day.found() == []
