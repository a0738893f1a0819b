"""One run as its record tells it: every step, who held it, what was given."""

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.problems import Problem
from webapp.services import board, fix_notes
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


@blueprint.post("/runs/<run_id>/steps/<step_run_id>/fix", endpoint="fix")
@policy(MANAGERS)
def note_fix(run_id: str, step_run_id: str) -> ResponseReturnValue:
    """Keep what was done about a failed step: in words, or the fix that held elsewhere."""
    text, take = request.form.get("text", ""), request.form.get("take", "")
    step = fix_notes.of_manager(session(), somebody(), step_run_id, text, take, now())
    if step.run_id != run_id:
        raise Problem("not_found")
    session().commit()
    return redirect(url_for("runs.run", run_id=run_id, _anchor=f"fix-{step_run_id}"), 303)
