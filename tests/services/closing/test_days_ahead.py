"""Closed days ahead, public holidays, weekdays off and opening hours."""

from datetime import date, time

import pytest
from sqlalchemy import select

from tests.factories import process
from tests.services.closing.shared import DAY, GATE, TODAY, states
from webapp.models import Run
from webapp.services import board, locations, planning
from webapp.services.locations import Place
from worker.duties import tick


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


def test_one_holiday_can_be_a_working_day(stored, clock, crew, edits):
    process(stored, crew, clock.now(), steps=GATE)
    edits(holidays="US")
    effect = edits(open_dates=frozenset({date(2026, 11, 26)}))
    assert [seen.deadline_at.day for seen in effect.added] == [26]
    assert edits(closed=frozenset({date(2026, 11, 26)})).gone == effect.added


def test_a_holiday_that_is_kept_from_today_on_calls_today_off(stored, clock, crew, day, edits):
    clock.advance(days=3)
    thanksgiving = day()
    assert thanksgiving.step.state == "open"
    edits(holidays="US")
    assert thanksgiving.step.run.state == "void"


def test_the_next_days_are_planned_without_holidays_as_they_come(stored, clock, crew, edits):
    edits(holidays="US")
    process(stored, crew, clock.now(), steps=GATE)
    for _ in range(8):
        tick(stored, clock.advance(days=5))
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
