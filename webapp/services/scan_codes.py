"""Codes for the spots at which steps are scanned, made where nobody has chosen one."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Person, Process
from webapp.rules import pairing_code
from webapp.services import definitions
from webapp.services.definitions import DraftStep


def make_missing(session: Session, actor: Person, process: Process, now: datetime) -> None:
    """Give every scan step of the process a code of eight letters and digits, if it has none.

    It is a new version of the process: runs that are open go on as they are. Raises what
    `definitions.save` raises.
    """
    draft = definitions.draft_of(definitions.current_version(process))
    steps = tuple(_with_code(step) for step in draft.steps)
    if steps != draft.steps:
        whole = replace(draft, steps=steps)
        definitions.save(session, actor.id, actor.org_id, whole, now, process)


def _with_code(step: DraftStep) -> DraftStep:
    wanted = step.requirement
    if wanted.kind != "scan" or wanted.scan_code:
        return step
    return replace(step, requirement=replace(wanted, scan_code=pairing_code.fresh()))
