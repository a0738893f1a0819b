"""Weeks from Monday to Sunday, named as in ISO 8601 ("2026-W47"), and the spans of local days."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)

Span = tuple[datetime, datetime]


def monday_of(day: date) -> date:
    """Return the Monday of the week in which the day lies."""
    return day - timedelta(days=day.weekday())


def name_of(monday: date) -> str:
    """Return the name of the week that begins on this day: "2026-W47"."""
    year, week, _ = monday.isocalendar()
    return f"{year:04}-W{week:02}"


def parse(name: str) -> date | None:
    """Return the Monday of a week by its name; None for what names no week."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError:
        return None
    # The first and the last days that a date can have leave no room for zones around them.
    return monday if 1900 <= monday.year <= 9000 else None


def span(first: date, last: date, zone: str) -> Span:
    """Return when the first of these days begins on the wall there, and when the last has ended."""
    return _begins(first, zone), _begins(last + timedelta(days=1), zone)


def _begins(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
