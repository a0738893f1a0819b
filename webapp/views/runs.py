"""One run as its record tells it: every step, who held it, what was given."""

from apiflask import APIBlueprint
from flask import render_template

from webapp.context import now, session
from webapp.services import board
from webapp.views import trail
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy

blueprint = APIBlueprint("runs", __name__, enable_openapi=False)


@blueprint.get("/runs/<run_id>", endpoint="run")
@policy(MANAGERS)
def show(run_id: str) -> str:
    """Show the trail of one run."""
    found = board.run_of(session(), somebody(), run_id)
    return render_template("manage/run.html", run=trail.of_run(session(), found, now()))
