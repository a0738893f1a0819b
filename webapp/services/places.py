"""What a location is made of, before any run depends on it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from webapp.models import Closure, Location
from webapp.problems import Problem
from webapp.rules.cadence import CadenceError, load_zone
from webapp.services import reach, record
from webapp.services.names import clean_name, flush_unique, taken


@dataclass(frozen=True, slots=True)
class Place:
    """What is asked of a location; `opens` and `closes` are local, `closed` are local dates."""

    name: str
    time_zone: str
    opens: time | None = None
    closes: time | None = None
    closed: frozenset[date] = frozenset()


def add(
    session: Session, org_id: str, place: Place, now: datetime, actor_id: str = record.SYSTEM
) -> Location:
    """Add a location, which only an owner may do.

    Raises "not_allowed", "name_missing", "name_taken" or "unknown_time_zone".
    """
    reach.check_owner(session, actor_id, "Only an owner adds locations. Ask the owner.")
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
    _close_on(location, place.closed)


def known_zone(name: str) -> str:
    """Return the IANA name of a time zone, or raise "unknown_time_zone" with the field."""
    try:
        return load_zone(name.strip()).key
    except CadenceError as error:
        raise Problem(error.code, str(error), fields={"time_zone": str(error)}) from error


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
    }


def _close_on(location: Location, closed: frozenset[date]) -> None:
    kept = [closure for closure in location.closures if closure.on in closed]
    new = closed - {closure.on for closure in kept}
    location.closures = kept + [Closure(on=on) for on in sorted(new)]
