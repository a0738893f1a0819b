"""The page on which a location words the steps of a process that are open to it."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Location, Process
from webapp.problems import Problem
from webapp.services import definitions, reach
from webapp.services.definitions import place_wording
from webapp.services.definitions.place_wording import OpenStep, Words
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_told import to_the_process

blueprint = APIBlueprint("process_wording", __name__, enable_openapi=False)

PAGE = "manage/process_wording.html"


@blueprint.get("/processes/<process_id>/wording/<location_id>", endpoint="wording")
@policy(MANAGERS)
def show(process_id: str, location_id: str) -> ResponseReturnValue:
    """Show what the location says in its own words."""
    process, place = _found(process_id, location_id)
    return render_template(PAGE, **_page(process, place), form={})


@blueprint.post("/processes/<process_id>/wording/<location_id>")
@policy(MANAGERS)
def save(process_id: str, location_id: str) -> ResponseReturnValue:
    """Make a version with what was typed."""
    process, place = _found(process_id, location_id)
    wished = {step.key: _typed(step) for step in place_wording.open_steps(process, place)}
    try:
        saved, effect = place_wording.word(session(), somebody().id, process, place, wished, now())
    except Problem as problem:
        if problem.code != "process_not_valid":
            raise
        return form_again(PAGE, problem, lambda: _page(process, place), form=request.form)
    return to_the_process(saved, effect)


def _found(process_id: str, location_id: str) -> tuple[Process, Location]:
    process = definitions.find(session(), somebody().org_id, process_id)
    place = place_wording.place_of(process, location_id)
    reach.check(somebody(), [place])
    return process, place


def _typed(step: OpenStep) -> Words:
    return request.form.get(f"{step.key}-title", ""), request.form.get(f"{step.key}-how", "")


def _page(process: Process, place: Location) -> dict[str, Any]:
    return {
        "process": {"id": process.id, "name": process.name},
        "place": {"id": place.id, "name": place.name},
        "steps": [
            {
                "key": step.key,
                "title": step.title,
                "instructions": step.instructions,
                "own_title": step.own[0],
                "own_how": step.own[1],
            }
            for step in place_wording.open_steps(process, place)
        ],
    }


def places_to_word(process: Process) -> list[dict[str, str]]:
    """The locations of the process that the asking person may word; none when all is locked."""
    version = definitions.current_version(process)
    draft = definitions.draft_of(version)
    if process.retired_at or not any(definitions.is_open(draft, step) for step in draft.steps):
        return []
    return [
        {"id": place.id, "name": place.name} for place in reach.among(somebody(), version.locations)
    ]
