"""Sheets of labels to print and hang at the spots where steps are scanned."""

from typing import Any

from apiflask import APIBlueprint
from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.context import now, session
from webapp.models import Process, Step
from webapp.services import definitions, reach, scan_codes
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.qr import qr

blueprint = APIBlueprint("labels", __name__, enable_openapi=False)


@blueprint.get("/processes/<process_id>/labels", endpoint="labels")
@policy(MANAGERS)
def show(process_id: str) -> str:
    """Show a sheet for each location of the process that is mine to manage."""
    process = _find(process_id)
    version = definitions.current_version(process)
    scans = [step for step in version.steps if step.requirement["kind"] == "scan"]
    return render_template(
        "manage/labels.html",
        process={"id": process.id, "name": process.name},
        places=[place.name for place in reach.among(somebody(), version.locations)],
        labels=[_label(step) for step in scans if step.requirement.get("scan_code")],
        missing=[step.title for step in scans if not step.requirement.get("scan_code")],
    )


@blueprint.post("/processes/<process_id>/labels")
@policy(MANAGERS)
def make(process_id: str) -> ResponseReturnValue:
    """Make a code for each spot that has none."""
    scan_codes.make_missing(session(), somebody(), _find(process_id), now())
    session().commit()
    return redirect(url_for("labels.labels", process_id=process_id), 303)


def _find(process_id: str) -> Process:
    return definitions.find(session(), somebody().org_id, process_id)


def _label(step: Step) -> dict[str, Any]:
    code = step.requirement["scan_code"].strip()
    return {"title": step.title, "code": code, "qr": qr(code)}
