"""Rehearsals over the API: what if nobody does it? Nothing of it is kept."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Process
from webapp.problems import Problem
from webapp.services import definitions, rehearsals
from webapp.services.rehearsals import Rehearsal
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_drafts import draft_asked
from webapp.views.schemas_definitions import ProcessIn
from webapp.views.schemas_rehearsals import RehearsalIn, RehearsalOut
from webapp.words import gettext as _

blueprint = APIBlueprint("api_rehearsals", __name__, url_prefix="/api/v1", tag="Processes")


@blueprint.post("/rehearsals")
@policy(MANAGERS)
@blueprint.input(RehearsalIn, arg_name="asked")
@blueprint.output(RehearsalOut)
def rehearse(asked: RehearsalIn) -> dict[str, Any]:
    """Play the next days as if nobody did it, with real absences, closures and devices.

    Of a process as it is, of a definition before it is saved, or, with both, of the definition as
    the next version of the process.
    """
    return rehearsals.as_json(_rehearsed(asked), somebody().id)


def _rehearsed(asked: RehearsalIn) -> Rehearsal:
    org_id = somebody().org_id
    process = definitions.find(session(), org_id, asked.process) if asked.process else None
    if asked.definition is not None:
        return _of_definition(asked.definition, process, asked.days)
    if process is None:
        words = _("Name a process, or give a definition.")
        raise Problem("not_valid", words, fields={"process": words})
    return rehearsals.of_process(session(), process, now(), asked.days)


def _of_definition(asked: ProcessIn, process: Process | None, days: int) -> Rehearsal:
    """What cannot be read is told with all else that must be mended."""
    wrong = dict[str, str]()
    draft = draft_asked(asked, wrong)
    try:
        return rehearsals.of_draft(session(), somebody().org_id, draft, now(), days, process)
    except Problem as problem:
        raise Problem(problem.code, fields=problem.fields | wrong) from problem
