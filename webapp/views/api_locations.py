"""Locations over the API: their hours, the days on which they are closed, public holidays."""

from datetime import date, timedelta
from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Location
from webapp.problems import Problem
from webapp.rules.moment_words import local_date
from webapp.services import calendars, locations, places, public_holidays, reach
from webapp.services.locations import Effect, Place
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.schemas_places import (
    ClosedOut,
    ClosureIn,
    ClosureQuery,
    ClosuresOut,
    EffectOut,
    HolidayQuery,
    HolidaysOut,
    LocationChange,
    LocationIn,
    LocationOut,
    LocationsOut,
)

blueprint = APIBlueprint(
    "api_locations", __name__, url_prefix="/api/v1", tag="People and locations"
)

ONE_DAY = timedelta(days=1)


@blueprint.get("/locations", endpoint="locations")
@policy(MANAGERS)
@blueprint.output(LocationsOut)
def every_location() -> dict[str, Any]:
    """The organisation's locations."""
    found = locations.all_of(session(), somebody().org_id)
    return {"locations": [_location_json(location) for location in found]}


@blueprint.post("/locations")
@policy(MANAGERS)
@blueprint.input(LocationIn, arg_name="asked")
@blueprint.output(LocationOut, status_code=201)
def add_location(asked: LocationIn) -> dict[str, Any]:
    """Add a location, as an owner."""
    person, place = somebody(), Place(**asked.model_dump())
    location = locations.add(session(), person.org_id, place, now(), person.id)
    session().commit()
    return _location_json(location)


@blueprint.patch("/locations/<location_id>")
@policy(MANAGERS)
@blueprint.input(LocationChange, arg_name="asked")
@blueprint.output(LocationOut)
def change_location(location_id: str, asked: LocationChange) -> dict[str, Any]:
    """Change a location; planned runs follow at once, open runs stay."""
    person = somebody()
    location = locations.of(session(), person.org_id, location_id)
    place = locations.changed(location, asked.model_dump(exclude_unset=True))
    locations.edit(session(), location, place, now(), person.id)
    session().commit()
    return _location_json(location)


@blueprint.get("/closures", endpoint="closures")
@policy(MANAGERS)
@blueprint.input(ClosureQuery, location="query")
@blueprint.output(ClosuresOut)
def closures(query_data: ClosureQuery) -> dict[str, Any]:
    """Dates from today on that locations of mine are closed on, without their holidays."""
    mine = reach.among(somebody(), locations.all_of(session(), somebody().org_id))
    wanted = [each for each in mine if query_data.location in (None, each.id)]
    found = [_closure_json(place, day) for place in wanted for day in _ahead(place)]
    return {"closures": sorted(found, key=lambda each: (each["on"], each["id"]))}


@blueprint.post("/closures")
@policy(MANAGERS)
@blueprint.input(ClosureIn, arg_name="asked")
@blueprint.output(ClosedOut, status_code=201)
def close(asked: ClosureIn) -> dict[str, Any]:
    """Close a location on a date, or from `on` until `until`; runs follow at once."""
    location = locations.of(session(), somebody().org_id, asked.location)
    effect = locations.close(session(), location, asked.days(), now(), somebody().id)
    session().commit()
    closed = [_closure_json(location, day) for day in asked.days()]
    return {"closures": closed, "runs": _effect_json(effect)}


@blueprint.delete("/closures/<closure_id>")
@policy(MANAGERS)
@blueprint.output(EffectOut)
def open_again(closure_id: str) -> dict[str, Any]:
    """Take a closure back; its runs come back unless their time has passed."""
    location_id, _, on = closure_id.partition(".")
    location = locations.of(session(), somebody().org_id, location_id)
    day = next((each for each in location.closed_dates if each.isoformat() == on), None)
    if day is None:
        raise Problem("not_found")
    effect = locations.open_again(session(), location, [day], now(), somebody().id)
    session().commit()
    return _effect_json(effect)


@blueprint.get("/holidays", endpoint="holidays")
@policy(MANAGERS)
@blueprint.input(HolidayQuery, location="query")
@blueprint.output(HolidaysOut)
def holidays(query_data: HolidayQuery) -> dict[str, Any]:
    """The regions of a country ("US") and the public holidays of it, or of a region ("US-IL")."""
    country, region = public_holidays.known(query_data.place)
    if country is None:
        raise Problem("holidays_unknown")
    today = now().date()
    found = public_holidays.between(country, region, today, today + 365 * ONE_DAY)
    named = [{"code": code, "name": name} for code, name in public_holidays.regions(country)]
    return {"regions": named, "holidays": _holidays_json(found)}


def _ahead(location: Location) -> list[date]:
    today = local_date(now(), location.time_zone)
    return [day for day in location.closed_dates if day >= today]


def _closure_json(location: Location, day: date) -> dict[str, Any]:
    return {"id": f"{location.id}.{day.isoformat()}", "location": location.id, "on": day}


def _effect_json(effect: Effect) -> dict[str, int]:
    return {
        "not_taking_place": len(effect.gone),
        "added": len(effect.added),
        "moved": len(effect.moved),
        "steps_called_off": len(effect.called_off),
        "steps_taken_up": len(effect.taken_up),
    }


def _holidays_json(found: dict[date, str]) -> list[dict[str, Any]]:
    return [{"on": day, "name": name} for day, name in sorted(found.items())]


def _location_json(location: Location) -> dict[str, Any]:
    return {
        "id": location.id,
        "name": location.name,
        "time_zone": location.time_zone,
        "opens": location.opens,
        "closes": location.closes,
        "closed": sorted(location.closed_dates),
        "open_days": [day.lower() for day in places.open_days_of(location)],
        "holidays": places.holidays_of(location),
        "open_dates": sorted(location.open_dates),
        "coming_holidays": _holidays_json(calendars.coming_holidays(location, now())),
    }
