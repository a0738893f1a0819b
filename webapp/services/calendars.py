"""On which local dates a location is closed, and why; what is due there on the others."""

from datetime import date, datetime, timedelta

from webapp.models import Location
from webapp.rules import cadence, open_days
from webapp.rules.moment_words import local_date
from webapp.services import places, public_holidays
from webapp.services.places import Place

_DAY = timedelta(days=1)


def closed_between(location: Location, first: date, last: date) -> frozenset[date]:
    """Return the local dates from first to last, both included, on which nothing is due."""
    return closed_at(places.present(location), first, last)


def closed_at(place: Place, first: date, last: date) -> frozenset[date]:
    """Return the same for a place that nothing stands for yet; raises what adding it would."""
    country, region = public_holidays.known(place.holidays)
    return open_days.closed_dates(
        first,
        last,
        open_days=places.known_days(place.open_days),
        closures=place.closed,
        open_dates=place.open_dates,
        holidays=public_holidays.between(country, region, first, last) if country else (),
    )


def due_between(
    schedule: cadence.Schedule, place: Place, start: datetime, end: datetime
) -> list[cadence.Occurrence]:
    """Return what is due there from start on and before end; raises what adding it would."""
    # One date more on each side than any zone's clock can differ.
    closed = closed_at(place, start.date() - 2 * _DAY, end.date() + 2 * _DAY)
    zone = cadence.load_zone(place.time_zone)
    return cadence.occurrences(
        schedule, zone, start, end, closed=closed, location_opens=place.opens
    )


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
