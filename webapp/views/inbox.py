"""The page that an owner or manager opens: only what needs them."""

from typing import Any

from apiflask import APIBlueprint
from flask import render_template, url_for

from webapp.context import now, session
from webapp.services import coverage, health, inbox
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
        notices=health.reasons(session(), moment),
        items=[_row(item) for item in inbox.items(session(), person, moment)],
        coverage=coverage.of_the_week(session(), person, moment),
        today=coverage.today(session(), person, moment),
    )


def _row(item: inbox.Item) -> dict[str, Any]:
    return {
        "kind": item.kind,
        "need": item.need,
        "at": item.at,
        "zone": item.zone,
        "sentence": item.sentence,
        "detail": item.detail,
        "url": _where_to(item),
    }


def _where_to(item: inbox.Item) -> str:
    """Where it is decided: doing and reviewing happen on pages that the browser renders."""
    if item.kind == "review":
        return url_for("shells.approve", step_run_id=item.subject)
    if item.kind == "missed":
        return url_for("shells.run", run_id=item.subject)
    if item.kind == "held":
        return url_for("held.show", command_id=item.subject)
    return url_for("runs.run", run_id=item.subject)
