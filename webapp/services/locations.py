"""Locations: their time zone, opening hours and closures, and what follows from a change."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Location
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import (
    calendars,
    calling_off,
    place_effects,
    places,
    planning,
    reach,
    record,
)
from webapp.services.names import flush_unique
from webapp.services.place_effects import Effect
from webapp.services.places import Place, add, known_zone

__all__ = [
    "Effect",
    "Place",
    "add",
    "all_of",
    "by_name",
    "changed",
    "chosen",
    "close",
    "edit",
    "known_zone",
    "of",
    "open_again",
]


def edit(
    session: Session, location: Location, place: Place, now: datetime, actor_id: str = record.SYSTEM
) -> Effect:
    """Change a location that the actor manages; its runs follow at once, as the effect says.

    Runs that are open stay as they are, save on days that are closed now and were not: of them
    only what was begun stays. Raises what `add` raises.
    """
    reach.check_actor(session, actor_id, [location])
    before = places.facts(location)
    with place_effects.seen(session, location, now) as effect:
        begun = calling_off.days_begun(session, location, now)
        were_closed = {day for day in begun if calendars.is_closed(location, day)}
        places.fill(session, location, place)
        flush_unique(session)
        after = places.facts(location)
        if after != before:
            record.note(
                session, location.org_id, now, "location.changed", actor_id, location.id, after
            )
            planning.replan_location(session, location, now)
            closed = {day for day in begun if calendars.is_closed(location, day)}
            calling_off.call_off(session, location, closed - were_closed, now, actor_id)
            calling_off.take_up_again(session, location, were_closed - closed, now, actor_id)
    return effect


def close(
    session: Session,
    location: Location,
    days: Collection[date],
    now: datetime,
    actor_id: str = record.SYSTEM,
) -> Effect:
    """Add closures on these local dates; what follows is what follows from `edit`."""
    closed = location.closed_dates | set(days)
    return edit(session, location, changed(location, {"closed": closed}), now, actor_id)


def open_again(
    session: Session,
    location: Location,
    days: Collection[date],
    now: datetime,
    actor_id: str = record.SYSTEM,
) -> Effect:
    """Take back the closures on these local dates."""
    closed = location.closed_dates - set(days)
    return edit(session, location, changed(location, {"closed": closed}), now, actor_id)


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
        raise Problem(
            "location_unknown",
            say("There is no location called “%(name)s”. Add it first.", name=name),
        )
    return location


def all_of(session: Session, org_id: str) -> list[Location]:
    """Return the organisation's locations by name."""
    query = select(Location).where(Location.org_id == org_id).order_by(Location.name)
    return list(session.scalars(query.options(selectinload(Location.closures))))


def chosen(session: Session, org_id: str, ids: Iterable[str]) -> list[Location]:
    """Return the organisation's locations of these ids, or raise "not_found" for a foreign one."""
    return [of(session, org_id, location_id) for location_id in dict.fromkeys(ids)]
