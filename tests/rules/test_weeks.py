"""Weeks by name, and local days as spans of moments."""

from datetime import UTC, date, datetime

import pytest

from webapp.rules import weeks


@pytest.mark.parametrize(
    ("name", "monday"),
    [
        ("2026-W47", date(2026, 11, 16)),
        ("2026-W01", date(2025, 12, 29)),
        ("2020-W53", date(2020, 12, 28)),
    ],
)
def test_a_week_is_named_as_iso_8601_does(name, monday):
    assert weeks.parse(name) == monday
    assert weeks.name_of(monday) == name
    assert weeks.monday_of(date.fromordinal(monday.toordinal() + 6)) == monday


@pytest.mark.parametrize(
    "name", ["", "2026-W00", "2026-W54", "2025-W53", "0000-W01", "9999-W52", "2026W47", "x" * 999]
)
def test_what_names_no_week_is_none(name):
    assert weeks.parse(name) is None


def test_a_week_in_which_the_clock_changes_has_an_hour_more():
    since, until = weeks.span(date(2026, 10, 26), date(2026, 11, 1), "America/Chicago")
    assert since == datetime(2026, 10, 26, 5, tzinfo=UTC)
    assert until == datetime(2026, 11, 2, 6, tzinfo=UTC)
