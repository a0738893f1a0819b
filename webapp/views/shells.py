"""Pages that the browser renders itself, so that they open without a connection.

The shells hold nobody's data and are the same for everybody; the data comes from the API.
"""

from apiflask import APIBlueprint
from flask import render_template

from webapp.views.policy import PUBLIC, policy

blueprint = APIBlueprint("shells", __name__, enable_openapi=False)


@blueprint.get("/today")
@policy(PUBLIC)
def today() -> str:
    """Show what is mine today."""
    return render_template("today/shell.html")


@blueprint.get("/run/")
@blueprint.get("/run/<run_id>")
@policy(PUBLIC)
def run(run_id: str | None = None) -> str:
    """Show one run, to work on."""
    return render_template("run/shell.html")


@blueprint.get("/device")
@policy(PUBLIC)
def device() -> str:
    """Show what lies on this device and is not yet safe; the server knows nothing of it."""
    return render_template("device/shell.html")


@blueprint.get("/kiosk")
@policy(PUBLIC)
def kiosk() -> str:
    """Show a shared tablet's board, or the code with which it is paired."""
    return render_template("kiosk/shell.html")


@blueprint.get("/offline")
@policy(PUBLIC)
def offline() -> str:
    """Say what works without a connection; shown by the browser in place of what is not kept."""
    return render_template("errors/offline.html")


@blueprint.get("/approve/")
@blueprint.get("/approve/<step_run_id>")
@policy(PUBLIC)
def approve(step_run_id: str | None = None) -> str:
    """Show one proof, to decide on."""
    return render_template("approve/shell.html")
