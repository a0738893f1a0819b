"""What a monitor asks: is the process up, does the engine keep up, and the numbers behind it."""

from apiflask import APIBlueprint
from flask import jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from webapp.context import now, session
from webapp.services import health
from webapp.views.policy import PUBLIC, policy
from webapp.words import speaking

blueprint = APIBlueprint("health", __name__, enable_openapi=False)

PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
HELP = {
    "step_runs_open": "Step runs that somebody holds.",
    "step_runs_in_review": "Step runs whose proof waits for a decision.",
    "step_runs_set_aside": "Step runs that the engine could not handle.",
    "handoffs_due": "Handoffs that are due and not made yet.",
    "outbox_due": "Messages that are due and not sent yet.",
    "outbox_waiting": "Messages that are not settled: due, or to be tried again later.",
    "tick_age_seconds": "Seconds since the clock's last tick.",
    "worker_age_seconds": "Seconds since the worker was last seen.",
    "audit_findings": "What the last audit found that is not as the rules say.",
    "audit_age_seconds": "Seconds since the last audit.",
    "clean_audit_age_seconds": "Seconds since the last audit that found nothing.",
}


@blueprint.get("/healthz")
@policy(PUBLIC)
def alive() -> ResponseReturnValue:
    """Say that the process is up; asks nothing of the database."""
    return "ok", {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/healthz/deep")
@policy(PUBLIC)
def deep() -> ResponseReturnValue:
    """Say whether the engine is alive, keeps up and passes its audit, or why not (503)."""
    try:
        with speaking("en"):  # a monitor's alerts are for who runs it
            reasons = health.reasons(session(), now())
    except SQLAlchemyError:
        session().rollback()
        reasons = ["The database cannot be reached."]
    return jsonify(ok=not reasons, reasons=reasons), 503 if reasons else 200


@blueprint.get("/metrics")
@policy(PUBLIC)
def metrics() -> ResponseReturnValue:
    """Give the installation's gauges in Prometheus' text format; counts only, no names."""
    lines = [
        f"# HELP baton_{name} {HELP[name]}\n# TYPE baton_{name} gauge\nbaton_{name} {value:g}\n"
        for name, value in health.gauges(session(), now()).items()
    ]
    return "".join(lines), {"Content-Type": PROMETHEUS_TEXT}
