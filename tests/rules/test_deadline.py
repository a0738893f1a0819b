"""Waits and clock times as people and YAML write them."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.rules.deadline import (
    LONGEST_WAIT,
    DeadlineError,
    format_clock,
    format_wait,
    parse_clock,
    parse_wait,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("5m", 5), ("10m", 10), ("2h", 120), ("1d", 1440), ("1h30m", 90), ("90", 90), (90, 90),
        ("0", 0), ("0m", 0), (" 1 H 30 M ", 90), ("2 hours", 120), ("45 min", 45), ("1 day", 1440),
        ("1d2h3m", 1563), ("90m", 90), ("31d", LONGEST_WAIT), ("48h", 2880),
    ],
)  # fmt: skip
def test_a_wait_is_read_as_minutes(text: str | int, minutes: int) -> None:
    assert parse_wait(text) == minutes


@pytest.mark.parametrize(
    "text", ["", " ", "-", "m", "5x", "soon", "5m3h", "1.5h", "1h30m1s", "5 m m", True]
)
def test_a_wait_that_cannot_be_read_says_how_to_write_one(text: str | int) -> None:
    with pytest.raises(DeadlineError, match="Write it like 10m") as refused:
        parse_wait(text)
    assert refused.value.code == "bad_wait"


@pytest.mark.parametrize("text", ["-5m", "-5", -5, "−5", "- 2h", "-1.5h"])
def test_a_wait_below_0_says_that_it_is(text: str | int) -> None:
    with pytest.raises(DeadlineError, match="is less than 0") as refused:
        parse_wait(text)
    assert refused.value.code == "wait_negative"


@pytest.mark.parametrize("text", ["32d", "31d1m", "44641", "99999d"])
def test_a_wait_over_31_days_is_refused(text: str) -> None:
    with pytest.raises(DeadlineError, match="31 days at most") as refused:
        parse_wait(text)
    assert refused.value.code == "wait_too_long"


@given(st.integers(0, LONGEST_WAIT))
def test_every_written_wait_reads_back_as_itself(minutes: int) -> None:
    assert parse_wait(format_wait(minutes)) == minutes


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("07:15", time(7, 15)), ("7:15", time(7, 15)), ("00:00", time(0)), ("23:59", time(23, 59)),
        ("07:15:00", time(7, 15)), (" 07:15 ", time(7, 15)), (435, time(7, 15)),
        (1035, time(17, 15)), (60, time(1)), (1439, time(23, 59)), (time(7, 15, 9), time(7, 15)),
    ],
)  # fmt: skip
def test_a_clock_time_is_read_even_when_yaml_made_it_a_number(
    value: str | int | time, expected: time
) -> None:
    assert parse_clock(value) == expected


@pytest.mark.parametrize(
    "value", ["", "9", "0900", "24:00", "07:60", "7:5", "07:15:30", "7.15", 9, 59, 1440, -60, True]
)
def test_a_clock_time_that_cannot_be_read_says_how_to_write_one(value: str | int) -> None:
    with pytest.raises(DeadlineError, match="Write it like 07:15") as refused:
        parse_clock(value)
    assert refused.value.code == "bad_clock"


@given(st.times().map(lambda clock: clock.replace(second=0, microsecond=0)))
def test_every_written_clock_time_reads_back_as_itself(clock: time) -> None:
    assert parse_clock(format_clock(clock)) == clock
