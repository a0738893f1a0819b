"""Locations: their time zone, opening hours and closures, and what follows from a change."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Location
from webapp.problems import Problem
from webapp.services import places, planning, reach, record
from webapp.services.names import flush_unique
from webapp.services.places import Place, add, known_zone

__all__ = ["Place", "add", "all_of", "by_name", "changed", "chosen", "edit", "known_zone", "of"]


def edit(
    session: Session, location: Location, place: Place, now: datetime, actor_id: str = record.SYSTEM
) -> None:
    """Change a location that the actor manages; its planned runs follow at once.

    Runs that are open already stay as they are. Raises what `add` raises.
    """
    reach.check_actor(session, actor_id, [location])
    before = places.facts(location)
    places.fill(session, location, place)
    flush_unique(session)
    after = places.facts(location)
    if after == before:
        return
    planning.replan_location(session, location, now)
    record.note(session, location.org_id, now, "location.changed", actor_id, location.id, after)


def changed(location: Location, changes: Mapping[str, Any]) -> Place:
    """Return the location's present content with `changes` to the members of `Place`."""
    return replace(places.present(location), **changes)


def of(session: Session, org_id: str, location_id: str) -> Location:
    """Return the organisation's location of this id, or raise "not_found"."""
    location = session.get(Location, location_id)
    if location is None or location.org_id != org_id:
        raise Problem("not_found")
    return location


def by_name(session: Session, org_id: str, name: str) -> Location:
    """Return the organisation's location of this name, or raise "location_unknown"."""
    location = session.scalar(places.named(org_id, name.strip()))
    if location is None:
        raise Problem("location_unknown", f"There is no location called “{name}”. Add it first.")
    return location


def all_of(session: Session, org_id: str) -> list[Location]:
    """Return the organisation's locations by name."""
    return list(
        session.scalars(select(Location).where(Location.org_id == org_id).order_by(Location.name))
    )


def chosen(session: Session, org_id: str, ids: Iterable[str]) -> list[Location]:
    """Return the organisation's locations of these ids, or raise "not_found" for a foreign one."""
    return [of(session, org_id, location_id) for location_id in dict.fromkeys(ids)]
