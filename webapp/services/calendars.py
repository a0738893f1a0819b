"""On which local dates a location is closed, and why."""

from datetime import date, datetime, timedelta

from webapp.models import Location
from webapp.rules import open_days
from webapp.rules.moment_words import local_date
from webapp.services import public_holidays

_DAY = timedelta(days=1)


def closed_between(location: Location, first: date, last: date) -> frozenset[date]:
    """Return the local dates from first to last, both included, on which nothing is due."""
    return open_days.closed_dates(
        first,
        last,
        open_days=location.open_days,
        closures=location.closed_dates,
        open_dates=location.open_dates,
        holidays=holidays_between(location, first, last),
    )


def closed_around(location: Location, start: datetime, end: datetime) -> frozenset[date]:
    """Return the closed dates for occurrences from start to end, with a margin for every zone."""
    return closed_between(location, start.date() - 2 * _DAY, end.date() + 2 * _DAY)


def is_closed(location: Location, day: date) -> bool:
    """Whether nothing is due at the location on this local date."""
    return day in closed_between(location, day, day)


def holidays_between(location: Location, first: date, last: date) -> dict[date, str]:
    """Return the public holidays that the location keeps, with their names.

    One on which it is open all the same is not kept.
    """
    if location.holiday_country is None:
        return {}
    country, region = location.holiday_country, location.holiday_region
    found = public_holidays.between(country, region, first, last)
    return {day: name for day, name in found.items() if day not in location.open_dates}


def coming_holidays(location: Location, now: datetime) -> dict[date, str]:
    """Return the public holidays that the location keeps in the next twelve months."""
    today = local_date(now, location.time_zone)
    return holidays_between(location, today, today + 365 * _DAY)
