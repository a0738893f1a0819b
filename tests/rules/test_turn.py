"""What belongs to a turn at a kiosk, and when a kiosk is silent for too long."""

from datetime import UTC, datetime, time, timedelta

import pytest

from webapp.rules import kiosk_silence, turn

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOURS = (time(6, 30), time(18, 0))


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@pytest.mark.parametrize(
    ("last", "captured", "covered"),
    [
        (0, 0, True),
        (0, -2, True),
        (0, -2.1, False),
        (0, 15, True),
        (0, 15.1, False),
        (14, 29, True),
        (14, 29.1, False),
        (14, 3, True),
    ],
)
def test_a_turn_lasts_fifteen_minutes_after_its_last_work(last, captured, covered):
    assert turn.covers(START, START + minutes(last), START + minutes(captured)) is covered


@pytest.mark.parametrize(
    ("heard_ago", "local", "hours", "open_today", "dark"),
    [
        (59, "09:00", HOURS, True, False),
        (60, "09:00", HOURS, True, True),
        (600, "07:29", HOURS, True, False),  # it was off at night; an hour since opening is short
        (600, "07:30", HOURS, True, True),
        (600, "06:29", HOURS, True, False),
        (600, "18:00", HOURS, True, False),
        (600, "17:59", HOURS, True, True),
        (6000, "09:00", HOURS, False, False),
        (25 * 60, "09:00", (None, None), True, False),
        (26 * 60, "09:00", (None, None), True, True),
        (26 * 60, "03:00", (time(18, 0), time(2, 0)), True, True),
        (60, "23:00", (time(18, 0), time(2, 0)), True, False),
    ],
)
def test_a_kiosk_is_dark_after_an_hour_of_silence_while_open(
    heard_ago, local, hours, open_today, dark
):
    hour, minute = map(int, local.split(":"))
    now = datetime(2026, 11, 23, hour, minute, tzinfo=UTC) + timedelta(hours=6)  # Chicago
    heard_at = now - minutes(heard_ago)
    judged = kiosk_silence.is_dark(
        heard_at, now, "America/Chicago", *hours, is_open_today=open_today
    )
    assert judged is dark
