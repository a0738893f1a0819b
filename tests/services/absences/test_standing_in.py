"""Who is away holds nothing: the next in the chain does, from the start, on each day."""

from datetime import time

import pytest
from sqlalchemy import select

from tests.factories import process
from tests.services.absences.shared import DAY, GATE, NOTE, TODAY, moves, told
from webapp.models import Run, StepRun
from webapp.services import absences, locations, planning
from worker.duties import tick


def test_the_backup_holds_the_work_of_somebody_away_from_the_start(day, away):
    away("ana")
    monday = day()
    step = monday.step
    assert (step.holder.name, step.level, step.missed_at) == ("Ben", 1, None)
    assert moves(step) == [("Ana", "Ben", None, "absent")]


def test_who_stands_in_has_until_the_deadline_before_the_step_moves_again(day, away):
    away("ana")
    monday = day()
    monday.later(minutes=49)
    assert monday.step.holder.name == "Ben"
    assert monday.step.missed_at is None
    monday.later(minutes=25)
    assert (monday.step.holder.name, monday.step.level) == ("Fay", 2)
    assert moves(monday.step)[-1] == ("Ben", "Fay", None, "missed")


def test_when_the_backup_is_away_too_the_next_one_holds_it(day, away):
    away("ana"), away("ben")
    monday = day()
    assert (monday.step.holder.name, monday.step.level) == ("Fay", 2)
    assert moves(monday.step) == [
        ("Ana", "Ben", "absent", "absent"),
        ("Ana", "Fay", None, "absent"),
    ]
    assert told(monday.session) == [("handoff", "Fay")]


def test_when_everybody_is_away_the_owner_holds_it_even_while_away(day, away):
    for who in ("ana", "ben", "fay", "olivia"):
        away(who)
    monday = day()
    assert (monday.step.holder.name, monday.step.level) == ("Olivia", 3)


def test_a_backup_who_is_away_is_passed_over_when_the_step_is_missed(day, away):
    away("ben")
    monday = day()
    assert monday.step.holder.name == "Ana"
    monday.later(minutes=50)
    assert (monday.step.holder.name, monday.step.level) == ("Fay", 2)
    assert moves(monday.step)[0] == ("Ana", "Ben", "absent", "missed")


@pytest.mark.parametrize(("first", "last"), [(TODAY + DAY, TODAY + 3 * DAY), (TODAY - DAY, TODAY)])
def test_only_the_days_of_the_absence_count(stored, clock, crew, away, first, last):
    away("ana", first, last)
    process(stored, crew, clock.now(), steps=GATE)
    for _ in range(4):
        tick(stored, clock.advance(hours=1))
        clock.advance(hours=23)
    by_date = {
        run.occurrence[:10]: run.step_runs[0].chain[0]["name"]
        if not run.step_runs[0].moves or run.step_runs[0].moves[0].reason != "absent"
        else run.step_runs[0].moves[0].to_person.name
        for run in stored.scalars(select(Run).where(Run.opened_at.is_not(None)))
    }
    days = {(TODAY + n * DAY).isoformat(): TODAY + n * DAY for n in range(4)}
    assert by_date == {key: "Ben" if first <= day <= last else "Ana" for key, day in days.items()}


def test_the_day_of_the_deadline_decides_not_the_day_of_opening(stored, clock, crew, away):
    away("ana", TODAY)
    made = process(stored, crew, clock.now(), steps=GATE, rrule="FREQ=WEEKLY;BYDAY=TU")
    made.versions[0].opens_days_before = 1
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.advance(hours=1))
    step = stored.scalars(select(StepRun).join(Run).where(Run.state == "open")).one()
    assert (step.deadline_at.date(), step.holder.name) == (TODAY + DAY, "Ana")


def test_each_location_judges_the_day_by_its_own_clock(stored, clock, crew, away):
    """Tuesday begins in Auckland while it is still Monday in Chicago."""
    there = locations.Place("Auckland", "Pacific/Auckland")
    auckland = locations.add(stored, crew.org_id, there, clock.now())
    every = {"rrule": "FREQ=DAILY", "steps": GATE, "opens": None}
    for name, place in (("Here", crew.location), ("There", auckland)):
        made = process(stored, crew, clock.now(), name=name, deadline=time(12), **every)
        made.versions[0].locations = [place]
        planning.replan_process(stored, made, clock.now())
    away("ana", TODAY)
    for _ in range(20):
        tick(stored, clock.advance(hours=1))
    runs = stored.scalars(select(Run).where(Run.opened_at.is_not(None))).unique().all()
    took = {(run.process.name, run.occurrence[:10]): run.step_runs[0].moves for run in runs}
    absent = {key for key, made in took.items() if any(m.reason == "absent" for m in made)}
    assert absent == {("Here", "2026-11-23")}
    assert ("There", "2026-11-24") in took


def test_sick_today_covers_today_wherever_the_person_works(stored, clock, crew):
    there = locations.Place("Auckland", "Pacific/Auckland")
    crew.ana.locations = [
        crew.location,
        locations.add(stored, crew.org_id, there, clock.now()),
    ]
    absence = absences.sick_today(stored, crew.ana, crew.ana, clock.now())
    assert (absence.first_day, absence.last_day) == (TODAY, TODAY + DAY)


def test_who_will_stand_in_may_do_it_before_the_run_opens(day, away):
    away("ana")
    monday = day()
    tuesday = next(
        step
        for step in monday.session.scalars(select(StepRun).join(Run).order_by(Run.deadline_at))
        if step.run.occurrence > "2026-11-24"
    )
    absences.declare(
        monday.session,
        monday.crew.ana,
        monday.crew.ana,
        TODAY + DAY,
        TODAY + DAY,
        "",
        monday.clock.now(),
    )
    monday.session.commit()
    assert monday.does("fay", step=tuesday, attempt=1, proof=NOTE).status == "held"
    assert monday.does("ben", step=tuesday, attempt=1, proof=NOTE).status == "applied"
    assert (tuesday.state, tuesday.closed_by.name) == ("done", "Ben")
