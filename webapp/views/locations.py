"""The pages of locations: time zone, opening hours, closed days."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Location
from webapp.problems import Problem
from webapp.rules.deadline import DeadlineError, format_clock, parse_clock
from webapp.services import locations, reach
from webapp.services.locations import Place
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.templating import local_time
from webapp.views.zones import zone_choices

blueprint = APIBlueprint("locations", __name__, enable_openapi=False)

PAGE = "manage/locations.html"


@blueprint.get("/locations", endpoint="locations")
@policy(MANAGERS)
def show_locations() -> ResponseReturnValue:
    """Show the organisation's locations."""
    return render_template(PAGE, **_page(), form={})


@blueprint.post("/locations")
@policy(MANAGERS)
def add() -> ResponseReturnValue:
    """Add a location, as an owner."""
    person = somebody()
    return _save(
        None, lambda place: locations.add(session(), person.org_id, place, now(), person.id)
    )


@blueprint.get("/locations/<location_id>", endpoint="location_edit")
@policy(MANAGERS)
def show_location(location_id: str) -> ResponseReturnValue:
    """Show one location with what can be changed."""
    location = locations.of(session(), somebody().org_id, location_id)
    reach.check(somebody(), [location])
    return render_template(PAGE, **_page(location), form=_form(location))


@blueprint.post("/locations/<location_id>")
@policy(MANAGERS)
def edit(location_id: str) -> ResponseReturnValue:
    """Change a location; planned runs follow at once."""
    person = somebody()
    location = locations.of(session(), person.org_id, location_id)
    return _save(
        location, lambda place: locations.edit(session(), location, place, now(), person.id)
    )


def _save(location: Location | None, keep: Callable[[Place], object]) -> ResponseReturnValue:
    try:
        keep(_typed_place())
    except Problem as problem:
        form = request.form.to_dict()
        return form_again(PAGE, problem, lambda: _page(location), form=form)
    session().commit()
    return redirect(url_for("locations.locations"), 303)


def _typed_place() -> Place:
    return Place(
        name=request.form.get("name", ""),
        time_zone=request.form.get("time_zone", ""),
        opens=_clock("opens"),
        closes=_clock("closes"),
        closed=frozenset(_date(line) for line in request.form.get("closed", "").split()),
    )


def _clock(field: str) -> time | None:
    text = request.form.get(field, "").strip()
    try:
        return parse_clock(text) if text else None
    except DeadlineError as error:
        raise Problem("not_valid", fields={field: str(error)}) from error


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text.strip(",;"))
    except ValueError as error:
        words = f"“{text}” is not a date. Write it like 2026-12-25."
        raise Problem("not_valid", fields={"closed": words}) from error


def _page(location: Location | None = None) -> dict[str, Any]:
    moment = now()
    every = locations.all_of(session(), somebody().org_id)
    return {
        "locations": [_item(place, moment) for place in every],
        "location": location and {"id": location.id, "name": location.name},
        "zones": zone_choices(),
    }


def _item(place: Location, moment: datetime) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "time_zone": place.time_zone,
        "now": local_time(moment, place.time_zone),
        "opens": place.opens and format_clock(place.opens),
        "closes": place.closes and format_clock(place.closes),
        "closed_words": _closed_words(place, moment),
    }


def _closed_words(place: Location, moment: datetime) -> str:
    today = moment.astimezone(ZoneInfo(place.time_zone)).date()
    coming = sorted(day for day in place.closed_dates if day >= today)
    if not coming:
        return ""
    first, more = f"{coming[0].day} {coming[0]:%B %Y}", len(coming) - 1
    days = f" and {more} more day{'' if more == 1 else 's'}" if more else ""
    return f"Closed on {first}{days}."


def _form(location: Location) -> dict[str, str]:
    return {
        "name": location.name,
        "time_zone": location.time_zone,
        "opens": format_clock(location.opens) if location.opens else "",
        "closes": format_clock(location.closes) if location.closes else "",
        "closed": "\n".join(sorted(day.isoformat() for day in location.closed_dates)),
    }
