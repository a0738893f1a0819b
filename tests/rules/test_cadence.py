"""Occurrences at the edges of clocks and calendars."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.rules.cadence import (
    CadenceError,
    Occurrence,
    Schedule,
    check_schedule,
    load_zone,
    occurrences,
    parse_rrule,
    resolve_local,
    several_a_day,
)

CHICAGO = ZoneInfo("America/Chicago")
DAILY = "FREQ=DAILY"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(deadline: str, opens: str | None = None, days_before: int = 0) -> Schedule:
    return Schedule(
        DAILY,
        time.fromisoformat(deadline),
        date(2000, 1, 1),
        time.fromisoformat(opens) if opens else None,
        days_before,
    )


def on_date(
    schedule: Schedule, zone: ZoneInfo, day: str, doors: time | None = None
) -> list[Occurrence]:
    """The occurrences whose key is of that local date."""
    middle = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=zone)
    day_span = timedelta(days=2)
    around = occurrences(schedule, zone, middle - day_span, middle + day_span, location_opens=doors)
    return [each for each in around if each.key.startswith(day)]


def in_days(schedule: Schedule, first: str, days: int) -> list[str]:
    """The keys over some days in a zone without clock changes."""
    start = utc(first)
    found = occurrences(schedule, load_zone("UTC"), start, start + timedelta(days=days))
    return [each.key for each in found]


# --- clock changes ---------------------------------------------------------------------------

RESOLVED = [
    # zone, nominal local time, what it is in UTC
    ("America/Chicago", "2026-03-08T01:59", "2026-03-08T07:59"),
    ("America/Chicago", "2026-03-08T02:30", "2026-03-08T08:30"),  # skipped: 03:30 on the wall
    ("America/Chicago", "2026-03-08T03:00", "2026-03-08T08:00"),
    ("America/Chicago", "2026-11-01T01:30", "2026-11-01T06:30"),  # repeated: the first
    ("America/Chicago", "2026-11-01T02:00", "2026-11-01T08:00"),
    ("Europe/Berlin", "2026-03-29T02:30", "2026-03-29T01:30"),
    ("Europe/Berlin", "2026-10-25T02:30", "2026-10-25T00:30"),
    ("Australia/Lord_Howe", "2026-10-04T02:15", "2026-10-03T15:45"),  # skips half an hour: 02:45
    ("Australia/Lord_Howe", "2026-04-05T01:45", "2026-04-04T14:45"),  # repeats half an hour
    ("Africa/Casablanca", "2026-02-15T02:30", "2026-02-15T01:30"),  # back for Ramadan: the first
    ("Africa/Casablanca", "2026-03-22T02:30", "2026-03-22T02:30"),  # skipped: 03:30
    ("Asia/Tehran", "2022-03-22T00:30", "2022-03-21T21:00"),  # midnight skipped: 01:30
    ("Asia/Tehran", "2026-03-22T00:30", "2026-03-21T21:00"),  # summer time given up
    ("America/Sao_Paulo", "2018-11-04T00:15", "2018-11-04T03:15"),  # midnight skipped: 01:15
    ("America/Sao_Paulo", "2018-02-17T23:30", "2018-02-18T01:30"),  # repeated: the first
    ("America/Sao_Paulo", "2026-11-01T00:15", "2026-11-01T03:15"),  # no changes since 2019
    ("Asia/Kolkata", "2026-03-29T02:30", "2026-03-28T21:00"),
    ("Pacific/Apia", "2011-12-30T07:15", "2011-12-30T17:15"),  # a day that never was
    ("Pacific/Apia", "2011-12-31T07:15", "2011-12-30T17:15"),
]


@pytest.mark.parametrize(("zone", "nominal", "expected"), RESOLVED)
def test_a_skipped_time_moves_forward_and_a_repeated_time_is_the_first(
    zone: str, nominal: str, expected: str
) -> None:
    assert resolve_local(datetime.fromisoformat(nominal), load_zone(zone)) == utc(expected)


def test_a_nominal_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        resolve_local(utc("2026-11-22T07:15"), CHICAGO)


def test_a_window_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        occurrences(daily("07:15"), CHICAGO, datetime(2026, 1, 1), utc("2026-01-02"))


SWEEP = [
    "Africa/Cairo", "Africa/Casablanca", "Africa/Johannesburg", "Africa/Lagos",
    "America/Argentina/Buenos_Aires", "America/Asuncion", "America/Chicago", "America/Halifax",
    "America/Havana", "America/Los_Angeles", "America/Mexico_City", "America/New_York",
    "America/Nuuk", "America/Phoenix", "America/Santiago", "America/Sao_Paulo",
    "America/St_Johns", "Antarctica/Troll", "Asia/Beirut", "Asia/Gaza",
    "Asia/Jerusalem", "Asia/Kathmandu", "Asia/Kolkata", "Asia/Tehran",
    "Asia/Tokyo", "Atlantic/Azores", "Australia/Adelaide", "Australia/Lord_Howe",
    "Australia/Sydney", "Europe/Berlin", "Europe/Chisinau", "Europe/Dublin",
    "Europe/London", "Pacific/Apia", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Easter", "Pacific/Kiritimati", "UTC",
]  # fmt: skip


@pytest.mark.parametrize("deadline", ["00:30", "02:30"])
@pytest.mark.parametrize("zone", SWEEP)
def test_a_daily_cadence_is_due_once_on_every_local_date_of_a_year(
    zone: str, deadline: str
) -> None:
    place = load_zone(zone)
    start = datetime(2026, 1, 1, tzinfo=place)
    found = occurrences(daily(deadline), place, start, datetime(2027, 1, 1, tzinfo=place))
    dates = [each.deadline_at.astimezone(place).date() for each in found]
    assert dates == [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert [each.key[:10] for each in found] == [day.isoformat() for day in dates]
    assert all(each.opens_at <= each.deadline_at for each in found)


def test_the_day_that_samoa_never_had_has_no_daily_run() -> None:
    start, end = utc("2011-12-28"), utc("2012-01-02T10:00")
    found = occurrences(daily("07:15"), ZoneInfo("Pacific/Apia"), start, end)
    assert [each.key[:10] for each in found] == [
        "2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01", "2012-01-02",
    ]  # fmt: skip


def test_monthly_work_due_on_the_day_that_samoa_never_had_is_due_the_next_day() -> None:
    rent = Schedule("FREQ=MONTHLY;BYMONTHDAY=30", time(7, 15), date(2011, 1, 1))
    found = occurrences(rent, ZoneInfo("Pacific/Apia"), utc("2011-12-20"), utc("2012-01-10"))
    assert [(each.key, each.deadline_at) for each in found] == [
        ("2011-12-30T07:15", utc("2011-12-30T17:15"))
    ]


def test_two_times_that_a_clock_change_makes_one_are_one_occurrence() -> None:
    checks = Schedule("FREQ=DAILY;BYHOUR=1,2,3", time(0, 30), date(2026, 1, 1))
    found = on_date(checks, CHICAGO, "2026-03-08")
    assert [each.key for each in found] == ["2026-03-08T01:30", "2026-03-08T03:30"]


def test_windows_side_by_side_give_each_occurrence_once() -> None:
    start = utc("2026-10-30")
    cuts = [start + timedelta(hours=7 * n) for n in range(40)]
    pieces = [
        each.key
        for first, last in pairwise(cuts)
        for each in occurrences(daily("01:30"), CHICAGO, first, last)
    ]
    whole = occurrences(daily("01:30"), CHICAGO, cuts[0], cuts[-1])
    assert pieces == [each.key for each in whole]


def test_a_deadline_at_the_end_of_the_window_belongs_to_the_next_window() -> None:
    due = utc("2026-11-22T13:15")
    assert occurrences(daily("07:15"), CHICAGO, due - timedelta(hours=1), due) == []
    assert len(occurrences(daily("07:15"), CHICAGO, due, due + timedelta(minutes=1))) == 1


# --- opening ---------------------------------------------------------------------------------

OPENINGS = [
    # deadline, opens, days before, location opens, date, opening in local time
    ("07:15", "06:30", 0, None, "2026-11-22", "2026-11-22T06:30"),
    ("07:15", None, 0, "06:30", "2026-11-22", "2026-11-22T06:30"),
    ("07:15", None, 0, "08:00", "2026-11-22", "2026-11-22T05:15"),
    ("07:15", None, 0, "07:15", "2026-11-22", "2026-11-22T05:15"),
    ("07:15", None, 0, None, "2026-11-22", "2026-11-22T05:15"),
    ("00:30", "22:00", 0, None, "2026-11-22", "2026-11-21T22:00"),  # closing after midnight
    ("00:30", None, 0, "06:30", "2026-11-22", "2026-11-21T22:30"),
    ("07:15", "07:15", 0, None, "2026-11-22", "2026-11-21T07:15"),
    ("17:00", "09:00", 3, None, "2026-11-30", "2026-11-27T09:00"),  # month end
    ("09:00", "17:00", 3, None, "2026-11-30", "2026-11-27T17:00"),
    ("17:00", None, 3, "06:30", "2026-11-30", "2026-11-27T06:30"),
    ("03:10", "02:30", 0, None, "2026-03-08", "2026-03-08T03:10"),  # 02:30 is 03:30: never late
    ("01:30", "00:30", 0, None, "2026-11-01", "2026-11-01T00:30"),
]


@pytest.mark.parametrize(("deadline", "opens", "before", "doors", "day", "expected"), OPENINGS)
def test_a_run_opens_when_its_schedule_or_its_location_says(
    deadline: str, opens: str | None, before: int, doors: str | None, day: str, expected: str
) -> None:
    location_opens = time.fromisoformat(doors) if doors else None
    schedule = daily(deadline, opens, before)
    (found,) = on_date(schedule, CHICAGO, day, location_opens)
    local = found.opens_at.astimezone(CHICAGO).replace(tzinfo=None)
    assert local.isoformat(timespec="minutes") == expected


def test_several_a_day_open_one_after_the_other() -> None:
    checks = Schedule("FREQ=DAILY;BYHOUR=8,12,16", time(8), date(2026, 1, 1), opens=time(6))
    found = on_date(checks, ZoneInfo("UTC"), "2026-11-22")
    assert [each.opens_at.hour for each in found] == [6, 8, 12]
    assert several_a_day(checks)
    assert not several_a_day(daily("07:15"))


def test_a_closed_date_has_no_run_even_when_its_deadline_is_after_midnight() -> None:
    found = occurrences(
        daily("00:30", "22:00"),
        CHICAGO,
        utc("2026-12-24"),
        utc("2026-12-28"),
        closed=frozenset({date(2026, 12, 25)}),
    )
    assert [each.key[:10] for each in found] == ["2026-12-24", "2026-12-26", "2026-12-27"]


# --- the calendar ----------------------------------------------------------------------------


def test_a_rule_on_29_february_comes_in_leap_years_only() -> None:
    leap = Schedule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", time(9), date(2023, 1, 1))
    assert in_days(leap, "2023-01-01", 6 * 365) == ["2024-02-29T09:00", "2028-02-29T09:00"]


def test_the_last_day_of_the_month_follows_the_month() -> None:
    month_end = Schedule("FREQ=MONTHLY;BYMONTHDAY=-1", time(17), date(2026, 1, 1))
    days = [key[5:10] for key in in_days(month_end, "2026-01-01", 120)]
    assert days == ["01-31", "02-28", "03-31", "04-30"]


def test_the_31st_leaves_out_shorter_months() -> None:
    monthly = Schedule("FREQ=MONTHLY", time(9), date(2026, 1, 31))
    days = [key[5:10] for key in in_days(monthly, "2026-01-01", 160)]
    assert days == ["01-31", "03-31", "05-31"]


def test_every_second_week_keeps_its_phase_for_years() -> None:
    fortnight = Schedule("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", time(9), date(2016, 1, 6))
    found = in_days(fortnight, "2026-11-01", 30)
    assert found == ["2026-11-13T09:00", "2026-11-27T09:00"]
    assert all((date.fromisoformat(key[:10]) - date(2016, 1, 8)).days % 14 == 0 for key in found)


def test_the_first_of_several_weekdays_is_chosen_in_whole_weeks() -> None:
    first = Schedule("FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=1", time(9), date(2026, 11, 4))
    assert [key[5:10] for key in in_days(first, "2026-11-01", 21)] == ["11-10", "11-17"]


def test_nothing_is_due_before_the_schedule_starts() -> None:
    weekly = Schedule("FREQ=WEEKLY;BYDAY=MO,FR", time(9), date(2026, 11, 18))
    assert in_days(weekly, "2026-11-01", 28) == [
        "2026-11-20T09:00", "2026-11-23T09:00", "2026-11-27T09:00",
    ]  # fmt: skip


DATE_PARTS = st.one_of(
    st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;BYMONTH=1,6", "FREQ=DAILY;BYMONTHDAY=1,-1"]),
    st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=4).map(
        lambda days: "FREQ=WEEKLY" + (";BYDAY=" + ",".join(sorted(days)) if days else "")
    ),
    st.integers(-31, 31).filter(bool).map(lambda n: f"FREQ=MONTHLY;BYMONTHDAY={n}"),
    st.sampled_from(
        [
            "FREQ=MONTHLY",
            "FREQ=MONTHLY;BYDAY=TU",
            "FREQ=MONTHLY;BYDAY=1MO,-1FR",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "FREQ=WEEKLY;BYDAY=SU,MO;WKST=SU",
            "FREQ=WEEKLY;BYDAY=TU,TH;WKST=WE",
            "FREQ=YEARLY",
            "FREQ=YEARLY;BYMONTH=3,9",
            "FREQ=YEARLY;BYDAY=20MO,-1SU",
            "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
            "FREQ=YEARLY;BYYEARDAY=1,100,-1",
            "FREQ=YEARLY;BYWEEKNO=1,20,53;BYDAY=MO,SU",
            "FREQ=YEARLY;BYMONTH=1,2;BYMONTHDAY=30,31;BYSETPOS=-1",
        ]
    ),
)
TIME_PARTS = st.sampled_from(["", ";BYHOUR=8,16", ";BYHOUR=9;BYMINUTE=0,45"])


@settings(max_examples=60, deadline=None)
@given(
    rule=DATE_PARTS,
    clock=TIME_PARTS,
    interval=st.integers(1, 5),
    starts_on=st.dates(date(2015, 1, 1), date(2016, 12, 31)),
    ahead=st.integers(-20, 900),
)
def test_any_rule_gives_what_counting_from_its_start_gives(
    rule: str, clock: str, interval: int, starts_on: date, ahead: int
) -> None:
    text = f"{rule}{clock};INTERVAL={interval}"
    schedule = Schedule(parse_rrule(text), time(7, 15), starts_on)
    first = datetime.combine(starts_on + timedelta(days=ahead), time(3))
    last = first + timedelta(days=35)
    counted = rrulestr(text, dtstart=datetime.combine(starts_on, time(7, 15)))
    expected = [each.isoformat(timespec="minutes") for each in counted.between(first, last)]
    found = occurrences(
        schedule, load_zone("UTC"), first.replace(tzinfo=UTC), last.replace(tzinfo=UTC)
    )
    assert [each.key for each in found] == expected


# --- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", "FREQ=DAILY"),
        (" rrule:freq=weekly;byday=tu,mo;interval=1; ", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("BYDAY=FR;WKST=SU;INTERVAL=2;FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR;WKST=SU"),
        ("FREQ=WEEKLY;BYDAY=FR;WKST=SU", "FREQ=WEEKLY;BYDAY=FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1,15,01", "FREQ=MONTHLY;BYMONTHDAY=1,15,-1"),
        ("FREQ=MONTHLY;BYDAY=+1MO,-1FR", "FREQ=MONTHLY;BYDAY=1MO,-1FR"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
    ],
)
def test_a_rule_has_one_normal_form(text: str, expected: str) -> None:
    assert parse_rrule(text) == expected
    assert parse_rrule(expected) == expected


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "such as FREQ=DAILY"),
        ("every day", "one recurrence rule only"),
        ("FREQ", "NAME=VALUE"),
        ("FREQ=", "NAME=VALUE"),
        ("BYDAY=MO", "needs FREQ"),
        ("FREQ=FORTNIGHTLY", "needs FREQ"),
        ("FREQ=HOURLY", "BYHOUR"),
        ("FREQ=MINUTELY;INTERVAL=5", "BYHOUR"),
        ("FREQ=SECONDLY", "BYHOUR"),
        ("FREQ=DAILY;FREQ=WEEKLY", "given twice"),
        ("FREQ=DAILY\nRRULE:FREQ=WEEKLY", "one recurrence rule only"),
        ("FREQ=DAILY;COUNT=5", "no end of its own"),
        ("FREQ=DAILY;UNTIL=20270101", "no end of its own"),
        ("FREQ=DAILY;BYSECOND=30", "to the minute"),
        ("FREQ=DAILY;BYEASTER=1", "BYEASTER"),
        ("FREQ=DAILY;INTERVAL=0", "1 to 9999"),
        ("FREQ=DAILY;INTERVAL=-2", "1 to 9999"),
        ("FREQ=DAILY;BYHOUR=24", "0 to 23"),
        ("FREQ=DAILY;BYHOUR=eight", "whole numbers"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
        ("FREQ=YEARLY;BYMONTH=13", "1 to 12"),
        ("FREQ=WEEKLY;BYDAY=XX", "not a weekday"),
        ("FREQ=WEEKLY;BYDAY=1MO", "counted weekday"),
        ("FREQ=MONTHLY;BYDAY=6MO", "at most five"),
        ("FREQ=MONTHLY;BYDAY=0MO", "does not exist"),
        ("FREQ=WEEKLY;WKST=XX", "not a weekday"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "days of the month"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
        ("FREQ=DAILY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never falls"),
        ("FREQ=MONTHLY;BYMONTH=4,6;BYMONTHDAY=31", "never falls"),
        ("FREQ=MONTHLY;BYDAY=1MO;BYMONTHDAY=20", "never falls"),
        ("FREQ=WEEKLY;BYDAY=MO;BYSETPOS=3", "never falls"),
        ("FREQ=DAILY;BYHOUR=" + "8," * 400 + "8", "such as FREQ=DAILY"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_what_to_do(text: str, says: str) -> None:
    with pytest.raises(CadenceError, match=says) as refused:
        parse_rrule(text)
    assert refused.value.code == "impossible_rrule"


def test_a_start_from_which_the_rule_never_comes_up_is_refused() -> None:
    rule = "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29"
    check_schedule(Schedule(rule, time(9), date(2024, 1, 1)))
    with pytest.raises(CadenceError, match="Counted from 2025-01-01"):
        check_schedule(Schedule(rule, time(9), date(2025, 1, 1)))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("Mars/Phobos", "Use a name such as America/Chicago"),
        ("Chicago", "Did you mean America/Chicago"),
        ("america/chicago", "Did you mean America/Chicago"),
        ("", "Use a name such as"),
        ("America", "not a known time zone"),
        ("../../etc/passwd", "not a known time zone"),
        ("localtime", "not a known time zone"),
        ("right/Europe/Berlin", "not a known time zone"),
    ],
)
def test_an_unknown_time_zone_is_refused_with_a_name_that_works(name: str, says: str) -> None:
    with pytest.raises(CadenceError, match=says) as refused:
        load_zone(name)
    assert refused.value.code == "unknown_time_zone"
