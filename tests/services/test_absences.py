"""Who is away holds nothing: the next in the chain does, from the start, and gives it back."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.day import Day
from tests.factories import crew_of_a_daycare, process, proof
from webapp.models import Event, Handoff, OutboxMessage, Person, Run, StepRun
from webapp.problems import Problem
from webapp.services import absences, board, locations, planning, stand_ins
from worker.duties import tick

GATE = (("Gate latch", proof("note")),)
NOTE = {"kind": "note", "text": "Closed."}
PHOTO = {"kind": "photo", "sha256": "ab" * 32, "bytes": 9, "media_type": "image/jpeg"}
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew):
    return lambda **options: Day(stored, clock, crew, **{"steps": GATE} | options)


@pytest.fixture
def away(stored, clock, crew):
    """Note that somebody is away, by themselves; from today, for one day, unless told else."""

    def note(who: str, first: date = TODAY, last: date | None = None, reason: str = ""):
        person = crew.people[who]
        said = absences.declare(stored, person, person, first, last or first, reason, clock.now())
        stored.commit()
        return said

    return note


def sick(monday: Day, who: str):
    person = monday.crew.people[who]
    absence = absences.sick_today(monday.session, person, person, monday.clock.now())
    monday.session.commit()
    monday.later(seconds=1)
    return absence


def ends(monday: Day, absence) -> int:
    person, now = absence.person, monday.clock.now()
    came_back = absences.end(monday.session, person, absence, now)
    monday.session.commit()
    return came_back


def moves(step: StepRun) -> list[tuple[str, str, str | None, str]]:
    return [
        (each.from_person.name, each.to_person.name, each.passed_over, each.reason)
        for each in step.moves
    ]


def told(session) -> list[tuple[str, str]]:
    """Who was told what, in the order of the rows."""
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.created_at))
    return [(row.kind, session.get_one(Person, row.person_id).name) for row in rows]


def refusal(call, *args) -> tuple[str, set[str]]:
    with pytest.raises(Problem) as caught:
        call(*args)
    return caught.value.code, set(caught.value.fields)


# from the start


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


@pytest.mark.parametrize(
    ("first", "last"), [(TODAY + DAY, TODAY + 3 * DAY), (TODAY - 3 * DAY, TODAY)]
)
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


# sick today


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


# coming back


def test_coming_back_gives_back_what_is_not_missed_and_tells_who_stood_in(day):
    monday = day()
    absence = sick(monday, "ana")
    assert ends(monday, absence) == 1
    assert (monday.step.holder.name, monday.step.level) == ("Ana", 0)
    assert told(monday.session) == [("handoff", "Ben"), ("handed_back", "Ben")]
    assert monday.session.scalars(select(OutboxMessage.outcome)).first() == "not_needed"


def test_what_came_back_begins_its_chain_anew(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    monday.later(minutes=50)
    assert (monday.step.holder.name, monday.step.level) == ("Ben", 1)
    assert moves(monday.step)[-1] == ("Ana", "Ben", None, "missed")
    levels = [each.level for each in monday.step.handoffs]
    assert levels == [1]


def test_a_handoff_that_came_back_stays_in_the_record_with_its_level(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    (handoff,) = monday.step.moves
    assert handoff.returned_at == monday.clock.now()
    assert monday.step.handoffs == []
    kept = monday.session.scalars(select(Event).order_by(Event.seq)).all()
    told = [(e.kind, e.payload.get("level")) for e in kept if e.kind.startswith("step.handed")]
    assert told == [("step.handed_on", 1), ("step.handed_back", 1)]


def test_what_was_missed_stays_with_who_took_it(day):
    monday = day()
    absence = sick(monday, "ana")
    monday.later(minutes=75)
    assert monday.step.holder.name == "Fay"
    assert ends(monday, absence) == 0
    assert monday.step.holder.name == "Fay"


def test_what_was_done_meanwhile_stays_done(day):
    monday = day()
    absence = sick(monday, "ana")
    assert monday.does("ben", proof=NOTE).status == "applied"
    assert ends(monday, absence) == 0
    assert (monday.step.state, monday.step.closed_by.name) == ("done", "Ben")


def test_who_stood_in_may_still_close_what_went_back(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    assert monday.does("ben", proof=NOTE).status == "applied"
    assert monday.step.closed_by.name == "Ben"


def test_ending_an_absence_twice_gives_nothing_back_twice(day):
    monday = day()
    absence = sick(monday, "ana")
    assert [ends(monday, absence), ends(monday, absence)] == [1, 0]


def test_falling_ill_again_after_coming_back_hands_on_again(day):
    monday = day()
    ends(monday, sick(monday, "ana"))
    sick(monday, "ana")
    assert monday.step.holder.name == "Ben"
    assert [each.returned_at is None for each in monday.step.moves] == [False, True]
    assert [kind for kind, _ in told(monday.session)] == ["handoff", "handed_back", "handoff"]


# several absences


def test_of_two_absences_over_one_day_both_must_end(day, away):
    monday = day()
    first, second = away("ana", TODAY, TODAY + DAY), away("ana", TODAY - DAY, TODAY)
    monday.later(seconds=1)
    assert (ends(monday, first), monday.step.holder.name) == (0, "Ben")
    assert (ends(monday, second), monday.step.holder.name) == (1, "Ana")


def test_sick_within_a_longer_absence_is_that_absence(day, away):
    monday = day()
    longer = away("ana", TODAY, TODAY + 3 * DAY)
    assert sick(monday, "ana").id == longer.id


def test_absences_in_a_row_are_one_time_away(stored, clock, crew, away):
    away("ana", TODAY), away("ana", TODAY + DAY, TODAY + 3 * DAY), away("ana", TODAY + 9 * DAY)
    found = stand_ins.away_now(stored, crew.ana, clock.now())
    assert (found.until, len(found.absences)) == (TODAY + 3 * DAY, 1)


def test_coming_back_ends_what_covers_today_and_not_what_lies_ahead(stored, clock, crew, away):
    today, later = away("ana", TODAY), away("ana", TODAY + 5 * DAY)
    stand_ins.come_back(stored, crew.ana, crew.ana, clock.now())
    assert (today.ended_at, later.ended_at) == (clock.now(), None)
    assert stand_ins.away_now(stored, crew.ana, clock.now()) is None


def test_who_stood_in_comes_back_first_and_then_the_responsible_one(day):
    monday = day()
    first, second = sick(monday, "ana"), sick(monday, "ben")
    assert (ends(monday, second), monday.step.holder.name) == (1, "Ben")
    assert (ends(monday, first), monday.step.holder.name) == (1, "Ana")


# two zones


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


# what phones show


def test_planned_work_is_shown_to_who_will_hold_it_and_not_to_who_is_away(
    stored, clock, crew, away
):
    process(stored, crew, clock.now(), steps=GATE)
    away("ana", TODAY + DAY)

    def shown(who: str) -> list[str]:
        return [run.occurrence[:10] for run in board.mine(stored, crew.people[who], clock.now())]

    assert shown("ana") == ["2026-11-23", "2026-11-25"]
    assert shown("ben") == ["2026-11-24"]
    assert shown("fay") == shown("olivia") == []


def test_with_nobody_else_there_the_owner_sees_the_planned_work(stored, clock, crew, away):
    process(stored, crew, clock.now(), steps=GATE)
    for who in ("ana", "ben", "fay"):
        away(who, TODAY + DAY)
    (run,) = board.mine(stored, crew.olivia, clock.now())
    assert run.occurrence[:10] == "2026-11-24"


def test_the_planned_work_of_somebody_who_left_is_shown_to_the_next(stored, clock, crew):
    process(stored, crew, clock.now(), steps=GATE)
    crew.ana.deactivated_at = clock.now()
    stored.commit()
    assert len(board.mine(stored, crew.ben, clock.now())) == 3


def test_who_stands_in_is_named_now_and_for_the_next_days(stored, clock, crew, day, away):
    monday = day()
    away("ben", TODAY + DAY)
    away("ana", TODAY, TODAY + DAY)
    before = stand_ins.away_now(stored, crew.ana, clock.now())
    monday.later(seconds=1)
    after = stand_ins.away_now(stored, crew.ana, clock.now())
    assert before.held_by == after.held_by == ("Ben", "Fay")


# who may say it, and what can be said


@pytest.mark.parametrize(
    ("actor", "person", "may"),
    [
        ("ana", "ana", True),
        ("ana", "ben", False),
        ("maya", "ana", True),
        ("maya", "olivia", False),
        ("olivia", "maya", True),
        ("olivia", "olivia", True),
    ],
)
def test_people_say_it_of_themselves_and_managers_of_those_they_look_after(
    stored, clock, crew, actor, person, may
):
    asked = (stored, crew.people[actor], crew.people[person], TODAY, TODAY, "", clock.now())
    if may:
        assert absences.declare(*asked).created_by is crew.people[actor]
    else:
        assert refusal(absences.declare, *asked)[0] == "not_allowed"


def test_somebody_of_another_organisation_is_not_there(stored, clock, crew, away):
    bakery = crew_of_a_daycare(stored, clock.now(), name="Bakery")
    theirs = away("ana")
    asked = (stored, bakery.olivia, crew.ana, TODAY, TODAY, "", clock.now())
    assert refusal(absences.declare, *asked)[0] == "not_found"
    assert refusal(absences.of, stored, bakery.olivia, theirs.id)[0] == "not_found"
    assert absences.ahead(stored, bakery.olivia, clock.now()) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (TODAY + DAY, TODAY),
        (TODAY - 9 * DAY, TODAY - 3 * DAY),
        (TODAY, TODAY + 400 * DAY),
    ],
)
def test_days_that_cannot_be_are_refused_at_the_field(stored, clock, crew, first, last):
    asked = (stored, crew.ana, crew.ana, first, last, "", clock.now())
    assert refusal(absences.declare, *asked) == ("absence_not_valid", {"last_day"})


def test_the_record_says_who_is_away_when_but_not_why(stored, crew, away):
    away("ana", TODAY, TODAY + DAY, "A knee operation")
    kept = stored.scalars(select(Event).where(Event.kind == "person.away")).one()
    assert kept.payload == {
        "person": {"id": crew.ana.id, "name": "Ana"},
        "first_day": "2026-11-23",
        "last_day": "2026-11-24",
    }
