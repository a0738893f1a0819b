"""A location that closes: what is planned goes, what nobody has begun is called off."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from tests.day import Day, photo, photo_proof
from tests.factories import crew_of_a_daycare, process, proof
from webapp.models import Event, OutboxMessage, Run, StepRun
from webapp.services import absences, board, locations, planning, reviews
from webapp.services.locations import Place
from worker.duties import tick

NOTE = {"kind": "note", "text": "Closed."}
GATE = (("Gate latch", proof("note")),)
TWO = (("Gate latch", proof("note")), ("Door", proof("note")))
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)


@pytest.fixture
def crew(stored, clock):
    return crew_of_a_daycare(stored, clock.now())


@pytest.fixture
def day(stored, clock, crew):
    return lambda **options: Day(stored, clock, crew, **{"steps": GATE} | options)


@pytest.fixture
def closes(stored, clock, crew):
    def close(*days: date):
        effect = locations.close(stored, crew.location, days, clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return close


@pytest.fixture
def edits(stored, clock, crew):
    def edit(**changes):
        place = locations.changed(crew.location, changes)
        effect = locations.edit(stored, crew.location, place, clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return edit


def states(session) -> list[tuple[str, str]]:
    query = select(Run).order_by(Run.deadline_at)
    return [(run.occurrence[:10], run.state) for run in session.scalars(query).unique()]


def kinds(session) -> list[str]:
    return list(session.scalars(select(Event.kind).order_by(Event.seq)))


# today


def test_a_location_closed_today_calls_off_what_nobody_has_begun(stored, day, closes, crew):
    monday = day(steps=TWO)
    effect = closes(TODAY)
    run = monday.step.run
    assert (run.state, [step.state for step in run.step_runs]) == ("void", ["void", "void"])
    assert [seen.process for seen in effect.gone] == ["Opening check"]
    called_off = stored.scalars(select(Event).where(Event.kind == "step.called_off")).all()
    assert {(e.actor, e.payload["reason"]) for e in called_off} == {
        (crew.olivia.id, "the location is closed")
    }
    assert len(called_off) == 2


def test_what_is_called_off_moves_no_more_and_nobody_is_told(stored, day, closes):
    monday = day()
    closes(TODAY)
    for hours in (1, 1, 1):
        monday.later(hours=hours)
    assert (monday.step.level, monday.step.escalate_at, monday.step.missed_at) == (0, None, None)
    assert stored.scalars(select(OutboxMessage)).all() == []


def test_a_step_that_is_done_stays_and_the_run_closes(day, closes, clock):
    monday = day(steps=TWO)
    monday.does("ana", proof=NOTE)
    effect = closes(TODAY)
    run = monday.step.run
    assert [step.state for step in run.step_runs] == ["done", "void"]
    assert (run.state, run.closed_at) == ("closed", clock.now())
    assert effect.gone == []


def test_a_step_that_is_claimed_stays_with_its_holder(day, closes):
    monday = day(steps=(("Room", proof("photo")), *GATE))
    monday.does("ana", proof=photo_proof(photo()))
    closes(TODAY)
    run = monday.step.run
    assert [step.state for step in run.step_runs] == ["claimed", "void"]
    assert run.state == "open"
    monday.uploads(photo())
    assert monday.step.state == "in_review"


def test_a_step_that_was_sent_back_stays_open(stored, clock, crew, day, closes):
    monday = day(steps=GATE, review="all")
    monday.does("ana", proof=NOTE)
    seen = monday.step.proof.evidence_sha256
    reviews.send_back(stored, crew.olivia, monday.step, seen, "Which gate?", clock.now())
    stored.commit()
    closes(TODAY)
    assert (monday.step.state, monday.step.run.state) == ("open", "open")


def test_the_unsent_message_of_a_step_that_is_called_off_is_withdrawn(stored, day, closes):
    monday = day()
    monday.later(minutes=50)
    assert monday.step.level == 1
    closes(TODAY)
    assert stored.scalars(select(OutboxMessage.outcome)).all() == ["not_needed"]
    assert monday.step.state == "void"


def test_work_that_arrives_for_a_step_called_off_is_kept_beside_it(day, closes):
    monday = day()
    closes(TODAY)
    assert monday.does("ana", proof=NOTE).status == "superseded"


def test_what_was_due_yesterday_stays_open(stored, clock, day, closes):
    monday = day()
    tick(stored, clock.advance(hours=24))
    closes(TODAY + DAY)
    assert states(stored)[:2] == [("2026-11-23", "open"), ("2026-11-24", "void")]
    assert monday.step.state == "open"


def test_what_opens_days_before_a_closed_day_is_called_off_too(stored, clock, crew, closes):
    made = process(stored, crew, clock.now(), steps=GATE, rrule="FREQ=WEEKLY;BYDAY=WE")
    made.versions[0].opens_days_before = 2
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.advance(hours=1))
    assert states(stored)[0] == ("2026-11-25", "open")
    closes(TODAY + 2 * DAY)
    assert states(stored)[0] == ("2026-11-25", "void")


def test_a_run_whose_time_has_come_but_that_no_clock_opened_is_called_off(
    stored, clock, crew, closes
):
    process(stored, crew, clock.now(), steps=GATE)
    clock.advance(hours=1, minutes=1)
    closes(TODAY)
    tick(stored, clock.now())
    assert states(stored)[0] == ("2026-11-23", "void")


def test_another_location_goes_on(stored, clock, crew, day, closes):
    uptown = locations.add(stored, crew.org_id, Place("Uptown", "America/Chicago"), clock.now())
    made = process(stored, crew, clock.now(), name="Uptown check", steps=GATE)
    made.versions[0].locations = [uptown]
    planning.replan_process(stored, made, clock.now())
    day()
    closes(TODAY)
    left = [step.run.process.name for step in stored.scalars(_open()).unique()]
    assert left == ["Uptown check"]


def _open():
    return select(StepRun).where(StepRun.state == "open")


def test_today_is_the_date_on_the_wall_of_the_location(stored, clock, crew):
    """Half past five on Monday morning in Chicago is already Tuesday in Auckland."""
    auckland = locations.add(
        stored, crew.org_id, Place("Auckland", "Pacific/Auckland"), clock.now()
    )
    made = process(
        stored, crew, clock.now(), steps=GATE, rrule="FREQ=DAILY", deadline=time(2), opens=None
    )
    made.versions[0].locations = [auckland]
    planning.replan_process(stored, made, clock.now())
    tick(stored, clock.advance(hours=1))
    assert states(stored)[0] == ("2026-11-24", "open")
    locations.close(stored, auckland, [TODAY], clock.now())
    assert states(stored)[0] == ("2026-11-24", "open")
    locations.close(stored, auckland, [TODAY + DAY], clock.now())
    assert states(stored)[0] == ("2026-11-24", "void")


# a mistake


@pytest.fixture
def opens(stored, clock, crew):
    def open_again(day: date = TODAY):
        effect = locations.open_again(stored, crew.location, [day], clock.now(), crew.olivia.id)
        stored.commit()
        return effect

    return open_again


def test_a_day_that_was_closed_by_mistake_is_opened_again(stored, day, closes, opens):
    monday = day(steps=TWO)
    closes(TODAY)
    assert [seen.process for seen in opens().added] == ["Opening check"]
    run = monday.step.run
    assert (run.state, [step.state for step in run.step_runs]) == ("open", ["open", "open"])
    assert (monday.step.holder.name, monday.step.escalate_at) == ("Ana", monday.step.moves_at)
    assert kinds(stored).count("step.taken_up") == 2
    assert monday.does("ana", proof=NOTE).status == "applied"


def test_the_rest_of_a_run_that_was_begun_comes_back_too(day, closes, opens):
    monday = day(steps=TWO)
    monday.does("ana", proof=NOTE)
    closes(TODAY)
    assert monday.step.run.state == "closed"
    opens()
    run = monday.step.run
    assert (run.state, run.closed_at) == ("open", None)
    assert [step.state for step in run.step_runs] == ["done", "open"]


def test_a_step_comes_back_where_it_was_in_its_chain(stored, clock, crew, day, closes, opens):
    monday = day()
    absences.sick_today(stored, crew.ana, crew.ana, clock.now())
    monday.later(seconds=1)
    closes(TODAY)
    opens()
    assert (monday.step.holder.name, monday.step.level) == ("Ben", 1)
    monday.later(minutes=75)
    assert (monday.step.holder.name, monday.step.level) == ("Fay", 2)


def test_who_gets_a_step_back_after_its_time_gets_time_for_it(day, closes, opens, clock):
    monday = day()
    closes(TODAY)
    monday.later(hours=2)
    opens()
    monday.later(minutes=29)
    assert monday.step.holder.name == "Ana"
    monday.later(minutes=2)
    assert monday.step.holder.name == "Ben"


def test_what_had_reached_the_owner_comes_back_to_the_owner(day, closes, opens):
    monday = day()
    for minutes in (50, 20, 30):
        monday.later(minutes=minutes)
    closes(TODAY)
    opens()
    monday.later(hours=1)
    assert (monday.step.state, monday.step.holder.name) == ("open", "Olivia")


def test_a_run_that_no_clock_had_opened_is_opened_after_all(stored, clock, crew, closes, opens):
    process(stored, crew, clock.now(), steps=GATE)
    clock.advance(hours=1, minutes=1)
    closes(TODAY)
    opens()
    tick(stored, clock.advance(seconds=1))
    assert states(stored)[0] == ("2026-11-23", "open")


def test_its_reminder_comes_back_unless_its_time_has_passed(day, closes, opens):
    monday = day()
    before = monday.step.run.remind_at
    closes(TODAY)
    assert monday.step.run.remind_at is None
    opens()
    assert monday.step.run.remind_at == before
    closes(TODAY)
    monday.later(minutes=44)
    opens()
    assert monday.step.run.remind_at is None


# days ahead, holidays, weekdays


def test_a_closed_day_ahead_takes_its_planned_run_and_says_so(stored, clock, crew, closes):
    process(stored, crew, clock.now(), steps=GATE)
    effect = closes(TODAY + 2 * DAY)
    assert ("2026-11-25", "planned") not in states(stored)
    assert effect.sentences(clock.now(), "America/Chicago") == [
        "1 run will not take place: Opening check, 07:15 on Wednesday."
    ]


def test_public_holidays_take_their_runs_and_give_them_back(stored, clock, crew, edits):
    """Thanksgiving Day is the Thursday of this week."""
    process(stored, crew, clock.now(), steps=GATE)
    effect = edits(holidays="US")
    assert [seen.deadline_at.day for seen in effect.gone] == [26]
    assert ("2026-11-26", "planned") not in states(stored)
    effect = edits(holidays=None)
    assert [seen.deadline_at.day for seen in effect.added] == [26]
    assert ("2026-11-26", "planned") in states(stored)


def test_a_holiday_that_is_kept_from_today_on_calls_today_off(stored, clock, crew, day, edits):
    clock.advance(days=3)
    thanksgiving = day()
    assert thanksgiving.step.state == "open"
    edits(holidays="US")
    assert thanksgiving.step.run.state == "void"


def test_the_next_days_are_planned_without_holidays_as_they_come(stored, clock, crew, edits):
    edits(holidays="US")
    process(stored, crew, clock.now(), steps=GATE)
    for _ in range(40):
        tick(stored, clock.advance(days=1))
    missing = {"2026-11-26", "2026-12-25"}
    planned = {day for day, _ in states(stored)}
    assert planned.isdisjoint(missing)
    assert {"2026-11-27", "2026-12-24", "2026-12-28", "2026-12-31"} <= planned
    assert "2027-01-01" not in planned


def test_weekdays_off_take_their_runs(stored, clock, crew, edits):
    process(stored, crew, clock.now(), steps=GATE, rrule="FREQ=DAILY")
    edits(open_days=("mo", "we", "fr"))
    planned = {
        date.fromisoformat(day).weekday() for day, state in states(stored) if state != "void"
    }
    assert planned == {0, 2, 4}


def test_a_region_keeps_what_its_country_does_not(stored, clock, crew):
    """Wellington keeps its anniversary on a Monday on which Auckland works."""
    made = {}
    for name, holidays in (("Auckland", "NZ-AUK"), ("Wellington", "NZ-WGN")):
        place = Place(name, "Pacific/Auckland", holidays=holidays)
        made[name] = locations.add(stored, crew.org_id, place, clock.now())
    clock.advance(days=60)
    checks = process(stored, crew, clock.now(), steps=GATE, rrule="FREQ=DAILY")
    checks.versions[0].locations = list(made.values())
    planning.replan_process(stored, checks, clock.now())
    runs = stored.scalars(select(Run).where(Run.state == "planned")).unique()
    due = {name: set() for name in made}
    for run in runs:
        due[run.location.name].add(run.occurrence[:10])
    assert due["Auckland"] - due["Wellington"] == {"2027-01-25"}
    assert due["Wellington"] <= due["Auckland"]


# opening hours


def test_a_run_without_its_own_opening_opens_with_the_location(stored, clock, crew, edits):
    edits(opens=time(6))
    process(stored, crew, clock.now(), steps=GATE, opens=None)
    first = stored.scalars(select(Run).order_by(Run.deadline_at)).first()
    assert first.opens_at.strftime("%H:%M") == "12:00"
    effect = edits(opens=time(6, 30))
    assert {run.opens_at.strftime("%H:%M") for run in stored.scalars(select(Run))} == {"12:30"}
    assert len(effect.moved) == len(states(stored))


def test_a_run_with_its_own_opening_stays_where_the_location_opens_at_another_time(
    stored, clock, crew, edits
):
    process(stored, crew, clock.now(), steps=GATE)
    assert edits(opens=time(5)).moved == []


def test_phones_lose_what_is_called_off(stored, clock, crew, day, closes):
    day()
    closes(TODAY)
    shown = [run.occurrence[:10] for run in board.mine(stored, crew.ana, clock.now())]
    assert shown == ["2026-11-24", "2026-11-25"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"holidays": "Germany"}, "holidays_unknown"),
        ({"holidays": "US-ZZ"}, "holidays_unknown"),
        ({"open_days": ("mo", "lundi")}, "open_days_not_valid"),
    ],
)
def test_unknown_holidays_and_weekdays_are_refused_at_their_field(stored, edits, change, code):
    with pytest.raises(locations.Problem) as caught:
        edits(**change)
    assert (caught.value.code, set(caught.value.fields)) == (code, set(change))
