"""The page of a process's last twelve months: a calendar of each location, and every miss."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request, url_for

from webapp.context import now, session
from webapp.formats import local_day, local_time
from webapp.models import Handoff, Location, Person, Process, StepRun
from webapp.rules.moment_words import local_date
from webapp.services import definitions, process_year, reach, week_words
from webapp.services.process_year import Miss
from webapp.views import handoff_words, year_picture
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _
from webapp.words import ngettext

blueprint = APIBlueprint("process_year", __name__, enable_openapi=False)


@blueprint.get("/processes/<process_id>/year", endpoint="year")
@policy(MANAGERS)
def show(process_id: str) -> str:
    """Show twelve months at one location, and each miss from end to end."""
    process = definitions.find(session(), somebody().org_id, process_id)
    places = places_of(process, somebody())
    place = _chosen(places)
    found, more = process_year.misses(session(), process, place, now()) if place else ([], False)
    return render_template(
        "manage/process_year.html",
        process={"id": process.id, "name": process.name},
        year=picture(process, place) if place else None,
        places=[{"name": each.name, "url": _url(process, each)} for each in places],
        misses=[_miss(each) for each in found],
        more=more,
        most=process_year.MOST_MISSES,
    )


def places_of(process: Process, person: Person) -> list[Location]:
    """Return where the process is done, as far as the person looks after it."""
    return reach.among(person, definitions.current_version(process).locations)


def picture(process: Process, place: Location) -> dict[str, Any]:
    """Return the twelve months of a process at a place, as a picture and as a table."""
    year = process_year.of(session(), process, place, now())
    months = year_picture.months(year)
    return {
        "place": place.name,
        "months": months,
        "legend": year_picture.legend(),
        "words": _words(months),
        "url": _url(process, place),
    }


def _chosen(places: Sequence[Location]) -> Location | None:
    """The place that the address names, else the first."""
    wanted = request.args.get("location", "")
    return next((each for each in places if each.id == wanted), places[0] if places else None)


def _url(process: Process, place: Location) -> str:
    return url_for("process_year.year", process_id=process.id, location=place.id)


def _words(months: Sequence[dict[str, Any]]) -> str:
    """The whole year in one sentence with both numbers."""
    total = sum(each["total"] for each in months)
    on_time = sum(each["counts"]["on_time"] for each in months)
    if not total:
        return _("No run was due in the last twelve months.")
    return ngettext(
        "%(num)s of %(total)s runs in twelve months needed nobody to chase.",
        "%(num)s of %(total)s runs in twelve months needed nobody to chase.",
        on_time,
        total=total,
    )


def _miss(found: Miss) -> dict[str, Any]:
    zone = found.run.location.time_zone
    return {
        "run_id": found.run.id,
        "day": local_day(found.run.deadline_at, zone),
        "year": local_date(found.run.deadline_at, zone).year,
        "time": local_time(found.run.deadline_at, zone),
        "zone": zone,
        "steps": [_step(each, zone) for each in found.steps],
        "notes": [
            _("%(person)s noted: “%(text)s”", person=note.person.name, text=note.text)
            for note in found.notes
        ],
    }


def _step(step: StepRun, zone: str) -> dict[str, Any]:
    due = {
        "at": step.deadline_at,
        "sentence": _("Due with %(name)s.", name=step.chain[0]["name"]),
    }
    moves = [{"at": move.at, "sentence": _moved(move, zone)} for move in step.moves]
    return {
        "title": step.title,
        "entries": sorted([due, *moves], key=lambda entry: entry["at"]),
        "ended": week_words.ended(step),
    }


def _moved(move: Handoff, zone: str) -> str:
    return handoff_words.moved(move) + handoff_words.dark(move, zone)
