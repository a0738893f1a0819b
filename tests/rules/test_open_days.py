"""On which local dates nothing is due: weekdays off, closures and holidays, in every zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from webapp.rules.cadence import Schedule, occurrences
from webapp.rules.open_days import OpenDaysError, closed_dates, parse_open_days

WORKDAYS = "MO,TU,WE,TH,FR"
EVERY_DAY = Schedule("FREQ=DAILY", time(9), date(2024, 1, 1))
LATE = Schedule("FREQ=DAILY", time(23, 30), date(2024, 1, 1))
AT_NIGHT = Schedule("FREQ=DAILY", time(2, 30), date(2024, 1, 1))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (["mo", "tu", "we", "th", "fr"], WORKDAYS),
        (["Friday", "monday", "MO"], "MO,FR"),
        (["sa", "Sun"], "SA,SU"),
        ([], None),
        (["mo", "tu", "we", "th", "fr", "sa", "su"], None),
    ],
)
def test_weekdays_have_one_form_and_every_day_is_none(written, kept):
    assert parse_open_days(written) == kept


@pytest.mark.parametrize("word", ["", "t", "s", "mardi", "mo,tu", "everyday", "8"])
def test_what_is_no_weekday_is_refused_in_words(word):
    with pytest.raises(OpenDaysError, match="is not a weekday"):
        parse_open_days(["mo", word])


def test_closures_and_holidays_count_within_the_dates_asked_for():
    closures = [date(2026, 12, 24), date(2027, 1, 4)]
    holidays = {date(2026, 12, 25): "Christmas Day", date(2026, 1, 1): "New Year's Day"}
    found = closed_dates(
        date(2026, 12, 1),
        date(2026, 12, 31),
        open_days=None,
        closures=closures,
        holidays=holidays,
    )
    assert found == {date(2026, 12, 24), date(2026, 12, 25)}


def test_weekdays_off_are_closed_and_a_holiday_on_them_counts_once():
    found = closed_dates(
        date(2026, 11, 23),
        date(2026, 11, 29),
        open_days=WORKDAYS,
        holidays=[date(2026, 11, 26), date(2026, 11, 28)],
    )
    assert sorted(day.day for day in found) == [26, 28, 29]


def test_a_date_can_be_open_although_it_is_a_holiday_or_a_weekday_off_but_not_a_closure():
    found = closed_dates(
        date(2026, 11, 23),
        date(2026, 11, 29),
        open_days=WORKDAYS,
        closures=[date(2026, 11, 27)],
        holidays=[date(2026, 11, 26)],
        open_dates=[date(2026, 11, 26), date(2026, 11, 27), date(2026, 11, 28)],
    )
    assert sorted(day.day for day in found) == [27, 29]


def test_no_dates_are_closed_where_none_are_asked_for():
    assert closed_dates(date(2026, 1, 2), date(2026, 1, 1), open_days="MO") == frozenset()


def due(schedule: Schedule, zone: str, first: date, days: int, **closed) -> list[str]:
    """The local dates on which the schedule is due, as planning asks for them."""
    there = ZoneInfo(zone)
    start, end = (
        datetime.combine(day, time(), there).astimezone(UTC)
        for day in (first, first + timedelta(days=days))
    )
    margin = timedelta(days=2)
    dates = closed_dates(start.date() - margin, end.date() + margin, **closed)
    return [each.key[5:10] for each in occurrences(schedule, there, start, end, closed=dates)]


# The clocks change in Chicago on 8 March and 1 November 2026, in Berlin on 29 March and 25
# October, in Auckland on 5 April and 27 September, in Santiago on 4 April and 5 September.
CHANGES = [
    ("America/Chicago", date(2026, 3, 8)),
    ("America/Chicago", date(2026, 11, 1)),
    ("Europe/Berlin", date(2026, 3, 29)),
    ("Europe/Berlin", date(2026, 10, 25)),
    ("Pacific/Auckland", date(2026, 4, 5)),
    ("Pacific/Auckland", date(2026, 9, 27)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("America/Santiago", date(2026, 9, 6)),
    ("Africa/Cairo", date(2026, 4, 24)),
]
UNCHANGED = [
    ("Pacific/Kiritimati", date(2026, 1, 1)),
    ("Etc/GMT+12", date(2026, 12, 31)),
    ("Asia/Kathmandu", date(2026, 2, 28)),
    ("America/Chicago", date(2028, 2, 29)),
    ("Pacific/Auckland", date(2028, 2, 29)),
]


@pytest.mark.parametrize(("zone", "day"), [*CHANGES, *UNCHANGED])
@pytest.mark.parametrize("schedule", [EVERY_DAY, LATE, AT_NIGHT])
def test_a_closed_date_takes_its_own_occurrence_and_no_other(zone, day, schedule):
    around = [day + timedelta(days=number) for number in range(-2, 3)]
    left = due(schedule, zone, around[0], 5, open_days=None, closures=[day])
    expected = [f"{each:%m-%d}" for each in around if each != day]
    assert left == expected


@pytest.mark.parametrize(("zone", "day"), [*CHANGES, *UNCHANGED])
@pytest.mark.parametrize("schedule", [EVERY_DAY, LATE])
def test_weekdays_off_hold_where_the_clocks_change(zone, day, schedule):
    around = [day + timedelta(days=number) for number in range(-4, 5)]
    left = due(schedule, zone, around[0], 9, open_days=WORKDAYS)
    assert left == [f"{each:%m-%d}" for each in around if each.weekday() < 5]


def test_a_leap_day_can_be_closed_and_the_day_after_is_not():
    left = due(
        EVERY_DAY,
        "Europe/Berlin",
        date(2028, 2, 27),
        5,
        open_days=None,
        holidays=[date(2028, 2, 29)],
    )
    assert left == ["02-27", "02-28", "03-01", "03-02"]


def test_a_yearly_process_on_the_leap_day_is_not_moved_by_its_closure():
    yearly = Schedule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", time(9), date(2024, 1, 1))
    for closed, left in (([], ["02-29"]), ([date(2028, 2, 29)], [])):
        assert due(yearly, "UTC", date(2028, 2, 1), 60, open_days=None, closures=closed) == left


def test_the_date_on_the_wall_counts_and_not_that_of_utc():
    """Friday evening in Los Angeles is Saturday in UTC, Monday morning in Auckland is Sunday."""
    evening = Schedule("FREQ=DAILY", time(20), date(2024, 1, 1))
    friday = due(evening, "America/Los_Angeles", date(2026, 11, 27), 1, open_days=WORKDAYS)
    monday = due(EVERY_DAY, "Pacific/Auckland", date(2026, 11, 30), 1, open_days=WORKDAYS)
    assert (friday, monday) == (["11-27"], ["11-30"])
