"""The page that an owner or manager opens: only what needs them."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Person
from webapp.rules.moment_words import day_words
from webapp.services import coverage, definitions, health, inbox, people
from webapp.views import (
    audit_rows,
    away_words,
    device_words,
    kiosk_words,
    reach_words,
    unfinished_words,
)
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy

blueprint = APIBlueprint("inbox", __name__, enable_openapi=False)


@blueprint.get("/inbox", endpoint="inbox")
@policy(MANAGERS)
def index() -> str:
    """Show what needs a decision, and how the week went without one."""
    person, moment = somebody(), now()
    return render_template(
        "manage/inbox.html",
        notices=health.overdue(session(), moment),
        items=[
            *audit_rows.rows(session(), person, moment),
            *(_row(item, moment) for item in inbox.items(session(), person, moment)),
            *device_words.rows(session(), person, moment),
            *kiosk_words.rows(session(), person, moment),
            *unfinished_words.rows(session(), person, moment),
            *reach_words.rows(session(), person, moment),
            *away_words.rows(session(), person, moment),
        ],
        begin=_beginning(person),
        coverage=coverage.of_the_week(session(), person, moment),
        today=coverage.today(session(), person, moment),
    )


@blueprint.post("/inbox/try-again/step/<step_run_id>")
@policy(MANAGERS)
def try_step_again(step_run_id: str) -> ResponseReturnValue:
    """Have the engine take up a step that it had set aside."""
    inbox.try_step_again(session(), somebody(), step_run_id, now())
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


@blueprint.post("/inbox/try-again/run/<run_id>")
@policy(MANAGERS)
def try_run_again(run_id: str) -> ResponseReturnValue:
    """Have the engine open a run that it had set aside."""
    inbox.try_run_again(session(), somebody(), run_id, now())
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


def _beginning(person: Person) -> dict[str, bool] | None:
    """What is there of what a first run needs; None when everything is."""
    everybody = people.all_of(session(), person.org_id)
    has = {
        "people": sum(each.deactivated_at is None for each in everybody) > 1,
        "process": bool(definitions.processes(session(), person.org_id)),
    }
    return None if all(has.values()) else has


def _row(item: inbox.Item, moment: datetime) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "need": item.need,
        "at": item.at,
        "day": day_words(item.at, moment, item.zone),
        "zone": item.zone,
        "sentence": item.sentence,
        "detail": item.detail,
        "url": _where_to(item),
        "try_again": _try_again(item),
    }


def _try_again(item: inbox.Item) -> str | None:
    if item.stuck is None:
        return None
    what, subject = item.stuck
    if what == "step":
        return url_for("inbox.try_step_again", step_run_id=subject)
    return url_for("inbox.try_run_again", run_id=subject)


def _where_to(item: inbox.Item) -> str:
    """Where it is decided: doing and reviewing happen on pages that the browser renders."""
    if item.kind == "review":
        return url_for("shells.approve", step_run_id=item.subject)
    if item.kind == "missed":
        return url_for("shells.run", run_id=item.subject)
    if item.kind == "held":
        return url_for("held.show", command_id=item.subject)
    return url_for("runs.run", run_id=item.subject)
