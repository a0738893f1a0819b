"""What a location is made of, before any run depends on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import Closure, Location
from webapp.problems import Problem
from webapp.rules.cadence import CadenceError, load_zone
from webapp.rules.open_days import OpenDaysError, parse_open_days
from webapp.rules.sentences import say
from webapp.services import public_holidays, reach, record
from webapp.services.names import clean_name, flush_unique, taken


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked of a location; `opens` and `closes` are local, `closed` are local dates.

    `open_days` are weekdays ("mo", "Monday"), none of them means every day; `holidays` is the
    place whose public holidays are kept: "US", or a region of it, "US-IL" (ISO 3166).
    `open_dates` are local dates that are open although they are holidays or weekdays off; a
    closure on the same date counts.
    """

    name: str
    time_zone: str
    opens: time | None = None
    closes: time | None = None
    closed: frozenset[date] = frozenset()
    open_days: tuple[str, ...] = ()
    holidays: str | None = None
    open_dates: frozenset[date] = frozenset()


def present(location: Location) -> Place:
    """Return the location's present content."""
    return Place(
        name=location.name,
        time_zone=location.time_zone,
        opens=location.opens,
        closes=location.closes,
        closed=location.closed_dates,
        open_days=open_days_of(location),
        holidays=holidays_of(location),
        open_dates=location.open_dates,
    )


def open_days_of(location: Location) -> tuple[str, ...]:
    """Return the weekdays on which something is due ("MO"); none means every day."""
    return tuple(location.open_days.split(",")) if location.open_days else ()


def holidays_of(location: Location) -> str | None:
    """Return the place whose public holidays are kept, as in `Place`."""
    return public_holidays.written(location.holiday_country, location.holiday_region)


def add(
    session: Session, org_id: str, place: Place, now: datetime, actor_id: str = record.SYSTEM
) -> Location:
    """Add a location, which only an owner may do.

    Raises "not_allowed", "name_missing", "name_taken", "unknown_time_zone",
    "open_days_not_valid" or "holidays_unknown".
    """
    reach.check_owner(session, actor_id, say("Only an owner adds locations. Ask the owner."))
    location = Location(org_id=org_id, created_at=now, closures=[])
    fill(session, location, place)
    session.add(location)
    flush_unique(session)
    record.note(session, org_id, now, "location.added", actor_id, location.id, facts(location))
    return location


def fill(session: Session, location: Location, place: Place) -> None:
    """Give the location what is asked of it; raises what `add` raises."""
    name = clean_name(place.name)
    with session.no_autoflush:
        same = session.scalar(named(location.org_id, name))
    if same is not None and same is not location:
        raise taken("name_taken", "name")
    location.name = name
    location.time_zone = known_zone(place.time_zone)
    location.opens = place.opens
    location.closes = place.closes
    location.open_days = known_days(place.open_days)
    location.holiday_country, location.holiday_region = public_holidays.known(place.holidays)
    written = ",".join(sorted(day.isoformat() for day in place.open_dates))
    location.open_all_the_same = written or None
    _close_on(location, place.closed)


def known_zone(name: str) -> str:
    """Return the IANA name of a time zone, or raise "unknown_time_zone" with the field."""
    try:
        return load_zone(name.strip()).key
    except CadenceError as error:
        raise Problem(error.code, str(error), fields={"time_zone": str(error)}) from error


def known_days(days: Iterable[str]) -> str | None:
    """Return the weekdays in their one form, or raise "open_days_not_valid" with the field."""
    try:
        return parse_open_days(days)
    except OpenDaysError as error:
        raise Problem("open_days_not_valid", fields={"open_days": str(error)}) from error


def named(org_id: str, name: str) -> Select[Location]:
    """Return the query for the organisation's location of this name."""
    return select(Location).where(Location.org_id == org_id, Location.name == name)


def facts(location: Location) -> dict[str, Any]:
    """Return what the record keeps of a location."""
    return {
        "name": location.name,
        "time_zone": location.time_zone,
        "opens": location.opens and location.opens.isoformat("minutes"),
        "closes": location.closes and location.closes.isoformat("minutes"),
        "closed": sorted(day.isoformat() for day in location.closed_dates),
        "open_days": list(open_days_of(location)),
        "holidays": holidays_of(location),
        "open_dates": sorted(day.isoformat() for day in location.open_dates),
    }


def _close_on(location: Location, closed: frozenset[date]) -> None:
    kept = [closure for closure in location.closures if closure.on in closed]
    new = closed - {closure.on for closure in kept}
    location.closures = kept + [Closure(on=on) for on in sorted(new)]
