"""One thing that was sent but not applied, and the two ways to decide on it."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.problems import Problem
from webapp.services import held
from webapp.views import proof_words
from webapp.views.forms import form_again
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.words import gettext as _

blueprint = APIBlueprint("held", __name__, url_prefix="/held", enable_openapi=False)


@blueprint.get("/<command_id>")
@policy(MANAGERS)
def show(command_id: str) -> str:
    """Show what was sent, by whom, and why it was not applied."""
    return render_template("manage/held.html", held=_page(_find(command_id)))


@blueprint.post("/<command_id>/use")
@policy(MANAGERS)
def use(command_id: str) -> ResponseReturnValue:
    """Close the step with the proof, on my authority."""
    held.use(session(), somebody(), _find(command_id, lock=True), now())
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


@blueprint.post("/<command_id>/put-aside")
@policy(MANAGERS)
def put_aside(command_id: str) -> ResponseReturnValue:
    """Settle it without using it, with a reason."""
    try:
        reason = request.form.get("reason", "")
        held.put_aside(session(), somebody(), _find(command_id, lock=True), reason, now())
    except Problem as problem:
        if problem.code != "reason_missing":
            raise
        return form_again(
            "manage/held.html", problem, page=lambda: {"held": _page(_find(command_id))}
        )
    session().commit()
    return redirect(url_for("inbox.inbox"), 303)


def _find(command_id: str, *, lock: bool = False) -> held.Held:
    return held.find(session(), somebody(), command_id, lock=lock)


def _page(found: held.Held) -> dict[str, Any]:
    run = found.step_run.run if found.step_run else None
    zone = run.location.time_zone if run else "UTC"
    why_not = held.why_not(session(), found)
    return {
        "id": found.command.id,
        "by": found.by.name,
        "why": found.why,
        "received_at": found.command.received_at,
        "time_zone": zone,
        "title": found.step_run.title if found.step_run else None,
        "run_id": run.id if run else None,
        "place": _(
            "%(process)s at %(location)s", process=run.process.name, location=run.location.name
        )
        if run
        else None,
        "proof": _proof(found, zone),
        "can_be_used": why_not is None,
        "why_not": why_not,
        "is_decided": found.is_decided,
    }


def _proof(found: held.Held, zone: str) -> dict[str, Any] | None:
    if found.proof is None:
        return None
    requirement = found.step_run.requirement if found.step_run else {}
    return proof_words.given(session(), found.proof, requirement, zone)
