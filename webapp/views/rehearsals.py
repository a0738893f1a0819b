"""The page of a process on which it is rehearsed: what if nobody does it?"""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, request
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import day, local_time, row
from webapp.problems import Problem
from webapp.services import definitions, rehearsals
from webapp.services.rehearsals import Rehearsal, words
from webapp.services.rehearsals.groups import Group, day_of, grouped
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
    days = _days()
    played = rehearsals.of_process(session(), process, now(), days)
    return render_template(
        "manage/rehearsal.html",
        process={"id": process.id, "name": process.name},
        days=days,
        choices=CHOICES,
        **rehearsal_page(played, somebody().id),
    )


def rehearsal_page(played: Rehearsal, you: str | None) -> dict[str, Any]:
    """Return what a page shows of a rehearsal; `you` is who reads it."""
    return {
        "summary": words.summary(played, you),
        "groups": [_group(played, group) for group in grouped(played.runs)],
    }


def _days() -> int:
    asked = request.args.get("days", str(rehearsals.DAYS))
    if not asked.isascii() or not asked.isdecimal() or len(asked) > 4:
        words = _("Give the days as a number, such as 14.")
        raise Problem("not_valid", words, fields={"days": words})
    return int(asked)


def _group(played: Rehearsal, group: Group) -> dict[str, Any]:
    run = group.first
    others = [day(day_of(each), weekday=False) for each in group.others]
    return {
        "day": day(day_of(run)),
        "place": played.places[run.place].name,
        "due": local_time(run.deadline_at, run.zone.key),
        "title": words.run_words(played, run),
        "others": row(*others),
        "others_count": len(others),
        "begun": run.occasion.begun is not None,
        "dead_ends": [words.dead_end_words(played, run, kind) for kind in run.course.dead_ends],
        "picture": picture(played, run),
        "moments": words.line_words(played, run),
    }
