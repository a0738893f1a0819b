"""Whether a place closed between a deadline and the moment at which somebody is told."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from webapp.rules.opening_hours import Hours, has_closed

ZONE = ZoneInfo("America/Chicago")
SHOP = Hours(ZONE, time(6, 30), time(18), frozenset({date(2026, 11, 26)}))
BAR = Hours(ZONE, time(17), time(2), frozenset({date(2026, 11, 26)}))
UNKNOWN = Hours(ZONE, closed=frozenset({date(2026, 11, 26)}))


def at(day: int, clock: str) -> datetime:
    """A day of November 2026 by the clock on the wall."""
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "due", "told", "expected"),
    [
        pytest.param(SHOP, at(23, "17:50"), at(23, "17:59"), False, id="before it closes"),
        pytest.param(SHOP, at(23, "17:50"), at(23, "18:00"), True, id="as it closes"),
        pytest.param(SHOP, at(23, "17:50"), at(24, "05:29"), True, id="before they come again"),
        pytest.param(SHOP, at(23, "17:50"), at(24, "05:30"), False, id="when they are back"),
        pytest.param(
            SHOP, at(23, "18:30"), at(23, "18:59"), False, id="they stay for closing work"
        ),
        pytest.param(
            SHOP, at(23, "18:30"), at(23, "19:00"), True, id="closing work, and they left"
        ),
        pytest.param(SHOP, at(23, "19:30"), at(23, "19:40"), False, id="due when they had left"),
        pytest.param(SHOP, at(23, "06:10"), at(23, "06:20"), False, id="due before it opens"),
        pytest.param(SHOP, at(23, "06:10"), at(23, "18:10"), True, id="they were there since"),
        pytest.param(SHOP, at(25, "12:00"), at(26, "12:00"), True, id="on a closed day"),
        pytest.param(BAR, at(23, "23:50"), at(24, "01:59"), False, id="open past midnight"),
        pytest.param(BAR, at(23, "23:50"), at(24, "02:00"), True, id="closed in the night"),
        pytest.param(BAR, at(25, "23:50"), at(26, "01:00"), False, id="the night before counts"),
        pytest.param(BAR, at(25, "23:50"), at(26, "20:00"), True, id="closed that evening"),
        pytest.param(UNKNOWN, at(23, "17:50"), at(24, "03:00"), False, id="hours nobody knows"),
        pytest.param(
            UNKNOWN, at(25, "17:50"), at(26, "03:00"), True, id="a closed day all the same"
        ),
    ],
)
def test_a_place_has_closed_only_between_the_two_moments(hours, due, told, expected):
    assert has_closed(hours, due, told) is expected


def test_the_night_on_which_clocks_are_set_back_is_read_from_the_wall():
    night = Hours(ZONE, time(6), time(1, 30))
    first = datetime(2026, 11, 1, 1, 29, tzinfo=ZONE, fold=0)
    assert not has_closed(night, at(1, "00:00"), first)
