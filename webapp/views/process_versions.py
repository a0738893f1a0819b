"""The versions of a process: listed, side by side, and restored."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import day, local_time
from webapp.models import Process
from webapp.problems import Problem
from webapp.services import definitions
from webapp.services.definitions.history import Made
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_told import to_the_process
from webapp.words import gettext as _
from webapp.words import spoken

blueprint = APIBlueprint("process_versions", __name__, enable_openapi=False)

PAGE = "manage/process_versions.html"


@blueprint.get("/processes/<process_id>/versions", endpoint="versions")
@policy(MANAGERS)
def show(process_id: str) -> ResponseReturnValue:
    """List every version, and show two of them side by side: those asked for, else the newest."""
    return _page(_find(process_id))


@blueprint.post("/processes/<process_id>/versions/<int:number>/restore", endpoint="restore")
@policy(MANAGERS)
def restore(process_id: str, number: int) -> ResponseReturnValue:
    """Make a new version that is as this one was."""
    process = _find(process_id)
    was_retired = process.retired_at is not None
    try:
        _same, effect = definitions.restore(session(), somebody().id, process, number, now())
    except Problem as problem:
        if problem.code != "process_not_valid":
            raise
        session().rollback()
        return _page(_find(process_id), problem.document()), problem.status
    return to_the_process(process, effect, was_retired, restored=number)


def _find(process_id: str) -> Process:
    return definitions.find(session(), somebody().org_id, process_id)


def _page(process: Process, problem: dict[str, Any] | None = None) -> str:
    newest = process.version_number
    older, newer = _asked("older", newest - 1), _asked("newer", newest)
    return render_template(
        PAGE,
        process={"id": process.id, "name": process.name, "retired_at": process.retired_at},
        problem=problem,
        versions=version_items(process),
        form={"older": older, "newer": newer},
        lines=_lines(process, older, newer) if newest > 1 else [],
    )


def _asked(name: str, default: int) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def _lines(process: Process, older: int, newer: int) -> list[dict[str, Any]]:
    """The two versions line by line, in words: what differs stands first."""
    lines = definitions.compared(session(), process, older, newer)
    return [
        {
            "what": spoken(each.what),
            "before": spoken(each.before),
            "after": spoken(each.after),
            "is_other": each.is_other,
        }
        for each in sorted(lines, key=lambda each: not each.is_other)
    ]


def version_items(process: Process, most: int | None = None) -> list[dict[str, Any]]:
    """The versions, the newest first: who made each and when, and what it changed."""
    zone = definitions.current_version(process).locations[0].time_zone
    return [_item(each, zone) for each in definitions.history(session(), process)[:most]]


def _item(made: Made, zone: str) -> dict[str, Any]:
    when = {"day": day(made.at, weekday=False, year=True), "time": local_time(made.at, zone)}
    return {
        "number": made.number,
        "words": _("%(day)s, %(time)s, by %(person)s", person=made.by, **when)
        if made.by
        # Translators: a day with its year, and a time.
        else _("%(day)s, %(time)s", **when),
        "differences": [spoken(each) for each in made.differences],
    }
