"""The owner's page of where the organisation's processes are most fragile."""

from apiflask import APIBlueprint
from flask import render_template
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.formats import day
from webapp.models import Sandbox
from webapp.problems import Problem
from webapp.rules.fragility import read
from webapp.services import fragility, sandboxes
from webapp.views import fragility_words, visitor
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy
from webapp.views.scan import read_page

blueprint = APIBlueprint("fragility", __name__, url_prefix="/fragility", enable_openapi=False)


@blueprint.get("", endpoint="fragility")
@policy(OWNERS)
def show() -> ResponseReturnValue:
    """Show what is fragile in the processes as they are, the worst first."""
    org_id = somebody().org_id
    tasks = fragility.tasks(session(), org_id, now())
    return render_template(
        "manage/fragility.html",
        **fragility_words.shown(read(tasks)),
        tasks_count=len(tasks),
        has_scan=bool(_answered(org_id)),
    )


@blueprint.get("/scan", endpoint="scan")
@policy(OWNERS)
def show_scan() -> ResponseReturnValue:
    """Show the read of what was answered before there was an account."""
    answered = _answered(somebody().org_id)
    if not answered:
        raise Problem("not_found")
    return render_template(
        "manage/fragility_scan.html",
        **read_page(visitor.answers_of(answered[-1])),
        on=day(answered[-1].created_at.date(), year=True),
    )


def _answered(org_id: str) -> list[Sandbox]:
    """What moved in with answers of the scan, the oldest first."""
    moved_in = sandboxes.of_organisation(session(), org_id)
    return [each for each in moved_in if visitor.answers_of(each)["tasks"]]
