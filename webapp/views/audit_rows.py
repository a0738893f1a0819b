"""What the auditor found in an organisation, as rows of its owner's page."""

from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from webapp.models import EngineState, Person, Process, Run, StepRun
from webapp.rules.moment_words import day_words
from webapp.services import audit
from webapp.services.audit import Finding
from webapp.words import gettext as _
from webapp.words import translated

# These stand on the page already, with a way to try again.
SHOWN_AS_STUCK = ("step_set_aside", "run_set_aside")
MOST = 20


def rows(session: Session, person: Person, now: datetime) -> list[dict[str, Any]]:
    """Return one row for each finding; owners see them, who can have them mended."""
    if person.role != "owner":
        return []
    state = session.get(EngineState, 1)
    at = state.last_audit_at if state and state.last_audit_at else now
    zone = person.locations[0].time_zone if person.locations else "UTC"
    found = audit.findings_of(session, person.org_id)
    shown = [each for each in found if each.code not in SHOWN_AS_STUCK][:MOST]
    return [_row(session, each, at, now, zone) for each in shown]


def _row(
    session: Session, finding: Finding, at: datetime, now: datetime, zone: str
) -> dict[str, Any]:
    return {
        "kind": "audit",
        "need": True,
        "at": at,
        "day": day_words(at, now, zone),
        "zone": zone,
        "sentence": translated(finding.sentence),
        "detail": _("The audit found this. Look at it, and tell who runs Baton."),
        "url": _where(session, finding),
        "try_again": None,
    }


def _where(session: Session, finding: Finding) -> str:
    """What it is about: a step's run, a run or a process; else the page itself."""
    if step_run := session.get(StepRun, finding.subject):
        return url_for("runs.run", run_id=step_run.run_id)
    if session.get(Run, finding.subject):
        return url_for("runs.run", run_id=finding.subject)
    if session.get(Process, finding.subject):
        return url_for("processes.process", process_id=finding.subject)
    return url_for("inbox.inbox")
