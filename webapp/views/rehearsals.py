"""The page of a process on which it is rehearsed: what if nobody does it?"""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import day, local_time, quoted, row
from webapp.problems import Problem
from webapp.rules.later_ahead import Ahead
from webapp.services import definitions, rehearsals
from webapp.services.rehearsals import Rehearsal, words
from webapp.services.rehearsals.groups import Group, day_of, grouped
from webapp.services.rehearsals.opening_words import opened_words, step_words
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.rehearsal_picture import picture
from webapp.words import gettext as _

blueprint = APIBlueprint("rehearsals", __name__, enable_openapi=False)

CHOICES = (7, 14, 30)


@blueprint.get("/processes/<process_id>/rehearsal", endpoint="rehearsal")
@policy(MANAGERS)
def show(process_id: str) -> ResponseReturnValue:
    """Play the next days as if nobody did it."""
    process = definitions.find(session(), somebody().org_id, process_id)
    days = days_asked()
    played = rehearsals.of_process(session(), process, now(), days)
    return render_template(
        "manage/rehearsal.html",
        process={"id": process.id, "name": process.name},
        spans=days_to_choose(days, process_id=process.id),
        **rehearsal_page(played, somebody().id),
    )


def rehearsal_page(played: Rehearsal, you: str | None = None) -> dict[str, Any]:
    """Return what a page shows of a rehearsal; `you` is who reads it."""
    return {
        "summary": words.summary(played, you),
        "groups": [_group(played, group) for group in grouped(played.runs)],
        "conditional": [_step(step) for step in played.conditional],
    }


def days_to_choose(days: int, **address: Any) -> list[dict[str, Any]]:
    """Return links to this very page for each number of days that is offered."""
    assert request.endpoint, "a page that is shown has an endpoint"
    return [
        {
            "days": each,
            "url": url_for(request.endpoint, days=each, **address),
            "is_shown": each == days,
        }
        for each in CHOICES
    ]


def days_asked() -> int:
    """Return the days that the address names; raises "not_valid" for what is no number."""
    asked = request.args.get("days", str(rehearsals.DAYS))
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 4:
        words = _("Give the days as a number, such as 14.")
        raise Problem("not_valid", words, fields={"days": words})
    return int(asked)


def _step(step: Ahead) -> dict[str, Any]:
    return {"title": step.title, "words": step_words(step)}


def _group(played: Rehearsal, group: Group) -> dict[str, Any]:
    run = group.first
    others = [day(day_of(each), weekday=False) for each in group.others]
    return {
        "heading": row(day(day_of(run)), quoted(run.step.title) if run.step else ""),
        "place": played.places[run.place].name,
        "due": local_time(run.deadline_at, run.zone.key),
        "waits": step_words(run.step) if run.step else [],
        "title": words.run_words(played, run),
        "others": row(*others),
        "others_count": len(others),
        "opened": opened_words(played, run),
        "dead_ends": [words.dead_end_words(played, run, kind) for kind in run.course.dead_ends],
        "picture": picture(played, run),
        "moments": words.line_words(played, run),
    }
