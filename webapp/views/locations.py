"""The pages of locations: time zone, opening hours, closed days, public holidays."""

from datetime import date, datetime, time
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import local_time
from webapp.models import Location
from webapp.problems import Problem
from webapp.rules.deadline import DeadlineError, format_clock, parse_clock, parse_date
from webapp.rules.moment_words import date_words, local_date
from webapp.services import calendars, locations, places, public_holidays, reach
from webapp.services.locations import Effect, Place
from webapp.views import location_words
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.zones import zone_choices
from webapp.words import gettext as _

blueprint = APIBlueprint("locations", __name__, enable_openapi=False)

PAGE = "manage/locations.html"
TOLD = "location_told"


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
    try:
        locations.add(session(), person.org_id, _typed_place(), now(), person.id)
    except Problem as problem:
        return form_again(PAGE, problem, _page, form=_typed())
    session().commit()
    return redirect(url_for("locations.locations"), 303)


@blueprint.get("/locations/<location_id>", endpoint="location_edit")
@policy(MANAGERS)
def show_location(location_id: str) -> ResponseReturnValue:
    """Show one location with what can be changed, and once what the last change did."""
    location = _managed(location_id)
    told = cookie.pop(TOLD, [])
    return render_template(PAGE, **_page(location), form=_form(location), told=told)


@blueprint.post("/locations/<location_id>")
@policy(MANAGERS)
def edit(location_id: str) -> ResponseReturnValue:
    """Change a location, or show beforehand what that would do to its runs."""
    location = _managed(location_id)
    try:
        place = _typed_place()
        effect = locations.edit(session(), location, place, now(), somebody().id)
    except Problem as problem:
        return form_again(PAGE, problem, lambda: _page(location), form=_typed())
    if "look" in request.form:
        return _shown_beforehand(location, effect)
    return _to_the_location(location, effect)


@blueprint.post("/locations/<location_id>/closed-today", endpoint="closed_today")
@policy(MANAGERS)
def close_today(location_id: str) -> ResponseReturnValue:
    """Close a location today: what nobody has begun is called off."""
    location = _managed(location_id)
    today = [local_date(now(), location.time_zone)]
    return _to_the_location(
        location, locations.close(session(), location, today, now(), somebody().id)
    )


@blueprint.post("/locations/<location_id>/open-today", endpoint="open_today")
@policy(MANAGERS)
def open_today(location_id: str) -> ResponseReturnValue:
    """Take the closure of today back."""
    location = _managed(location_id)
    today = [local_date(now(), location.time_zone)]
    return _to_the_location(
        location, locations.open_again(session(), location, today, now(), somebody().id)
    )


def _managed(location_id: str) -> Location:
    location = locations.of(session(), somebody().org_id, location_id)
    reach.check(somebody(), [location])
    return location


def _shown_beforehand(location: Location, effect: Effect) -> ResponseReturnValue:
    """Show what the change would do; nothing of it is kept."""
    sentences = effect.sentences(now(), location.time_zone)
    session().rollback()
    return render_template(PAGE, **_page(location), form=_typed(), beforehand=sentences)


def _to_the_location(location: Location, effect: Effect) -> ResponseReturnValue:
    """Say on the next page what the change did, in the asking person's own cookie."""
    cookie[TOLD] = effect.sentences(now(), location.time_zone)
    session().commit()
    return redirect(url_for("locations.location_edit", location_id=location.id), 303)


def _typed() -> dict[str, Any]:
    return request.form.to_dict() | {"open_days": request.form.getlist("open_days")}


def _typed_place() -> Place:
    country, region = request.form.get("holidays", ""), request.form.get("region", "")
    return Place(
        name=request.form.get("name", ""),
        time_zone=request.form.get("time_zone", ""),
        opens=_clock("opens"),
        closes=_clock("closes"),
        closed=_dates("closed"),
        open_days=tuple(request.form.getlist("open_days")),
        holidays=f"{country}-{region}" if country and region else country,
        open_dates=_dates("open_dates"),
    )


def _clock(field: str) -> time | None:
    text = request.form.get(field, "").strip()
    try:
        return parse_clock(text) if text else None
    except DeadlineError as error:
        raise Problem("not_valid", fields={field: str(error)}) from error


def _dates(field: str) -> frozenset[date]:
    return frozenset(_date(field, line) for line in request.form.get(field, "").split())


def _date(field: str, text: str) -> date:
    try:
        return parse_date(text.strip(",;"))
    except DeadlineError as error:
        raise Problem("not_valid", fields={field: str(error)}) from error


def _page(location: Location | None = None) -> dict[str, Any]:
    moment = now()
    every = locations.all_of(session(), somebody().org_id)
    return {
        "locations": [_item(place, moment) for place in every],
        "location": location and _shown(location, moment),
        "zones": zone_choices(),
        "weekdays": [(code, _(name)) for code, name in location_words.WEEKDAYS],
        "countries": public_holidays.countries(),
        "regions": _regions(location),
    }


def _regions(location: Location | None) -> list[tuple[str, str]]:
    """The regions of the country that is chosen, else of the one that is kept."""
    kept = location.holiday_country if location else None
    country = request.form.get("holidays", kept or "")
    known = dict(public_holidays.countries())
    return public_holidays.regions(country) if country in known else []


def _shown(location: Location, moment: datetime) -> dict[str, Any]:
    today = local_date(moment, location.time_zone)
    coming = sorted(calendars.coming_holidays(location, moment).items())
    return {
        "id": location.id,
        "name": location.name,
        "closed_today": today in location.closed_dates,
        "holidays": [(date_words(day, today), name) for day, name in coming],
    }


def _item(place: Location, moment: datetime) -> dict[str, Any]:
    return {
        "id": place.id,
        "name": place.name,
        "time_zone": place.time_zone,
        "now": local_time(moment, place.time_zone),
        "opens": place.opens and format_clock(place.opens),
        "closes": place.closes and format_clock(place.closes),
        "days_words": location_words.open_days(place),
        "closed_words": location_words.closed(place, moment),
        "holidays": location_words.holidays(place),
        "is_yours": reach.manages(somebody(), place),
    }


def _form(location: Location) -> dict[str, Any]:
    return {
        "name": location.name,
        "time_zone": location.time_zone,
        "opens": format_clock(location.opens) if location.opens else "",
        "closes": format_clock(location.closes) if location.closes else "",
        "closed": "\n".join(sorted(day.isoformat() for day in location.closed_dates)),
        "open_dates": "\n".join(sorted(day.isoformat() for day in location.open_dates)),
        "open_days": places.open_days_of(location),
        "holidays": location.holiday_country or "",
        "region": location.holiday_region or "",
    }
