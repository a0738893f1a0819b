"""Processes over the API, and drafts from plain language."""

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Process
from webapp.problems import Problem
from webapp.rules.capture import CaptureError, capture
from webapp.services import definitions
from webapp.services.definitions import ProcessDraft, lint, merging
from webapp.views.identity import somebody
from webapp.views.lint_words import findings_json
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_drafts import draft_asked
from webapp.views.process_effects import effect_json
from webapp.views.process_json import process_json, processes_json
from webapp.views.schemas_definitions import ChangeIn, ProcessIn
from webapp.views.schemas_processes import (
    ChangedProcessOut,
    DraftsOut,
    FindingsOut,
    ProcessEffectOut,
    ProcessesOut,
    ProcessOut,
    SavedProcessOut,
    SentenceIn,
)
from webapp.words import spoken

blueprint = APIBlueprint("api_processes", __name__, url_prefix="/api/v1", tag="Processes")


@blueprint.get("/processes", endpoint="processes")
@policy(MANAGERS)
@blueprint.output(ProcessesOut)
def every_process() -> dict[str, Any]:
    """The processes in use."""
    found = definitions.processes(session(), somebody().org_id)
    return {"processes": processes_json(found)}


@blueprint.get("/processes/<process_id>")
@policy(MANAGERS)
@blueprint.output(ProcessOut)
def show_process(process_id: str) -> dict[str, Any]:
    """One process with its current version."""
    process = definitions.find(session(), somebody().org_id, process_id)
    return process_json(process)


@blueprint.post("/processes")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(SavedProcessOut, status_code=201)
def define(asked: ProcessIn) -> dict[str, Any]:
    """Define a process; every fault is told at once, by field, and so is what may slip."""
    return _saved_json(_save(_checked(asked, None), None))


@blueprint.put("/processes/<process_id>")
@policy(MANAGERS)
@blueprint.input(ChangeIn, arg_name="asked")
@blueprint.output(ChangedProcessOut)
def change(process_id: str, asked: ChangeIn) -> dict[str, Any]:
    """Make the next version; what changes nothing makes none. A retired process is taken up."""
    process = definitions.find(session(), somebody().org_id, process_id)
    wished, joined = _on_top(asked, process)
    saved = _save(wished, process)
    return _saved_json(saved) | {"joined": [spoken(each) for each in joined]}


@blueprint.post("/processes/lint")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(FindingsOut)
def lint_draft(asked: ProcessIn) -> dict[str, Any]:
    """Tell what POST of this would refuse, and what may slip; nothing is kept."""
    return _findings_json(asked, None)


@blueprint.post("/processes/<process_id>/lint")
@policy(MANAGERS)
@blueprint.input(ChangeIn, arg_name="asked")
@blueprint.output(FindingsOut)
def lint_change(process_id: str, asked: ChangeIn) -> dict[str, Any]:
    """Tell what PUT of this would refuse, and what may slip; nothing is kept."""
    return _findings_json(asked, definitions.find(session(), somebody().org_id, process_id))


@blueprint.post("/processes/<process_id>/preview")
@policy(MANAGERS)
@blueprint.input(ChangeIn, arg_name="asked")
@blueprint.output(ProcessEffectOut)
def preview(process_id: str, asked: ChangeIn) -> dict[str, Any]:
    """Tell what PUT of this would change, in the runs that are planned too; nothing is kept."""
    process = definitions.find(session(), somebody().org_id, process_id)
    (wished, _joined), person = _on_top(asked, process), somebody()
    found = definitions.look(session(), person.id, person.org_id, wished, now(), process)
    return effect_json(found)


@blueprint.post("/processes/<process_id>/retire")
@policy(MANAGERS)
@blueprint.output(ProcessOut)
def retire(process_id: str) -> dict[str, Any]:
    """Stop making runs of a process; its versions, runs and proofs stay."""
    process = definitions.find(session(), somebody().org_id, process_id)
    definitions.retire(session(), somebody().id, process, now())
    session().commit()
    return process_json(process)


@blueprint.post("/drafts")
@policy(MANAGERS)
@blueprint.input(SentenceIn, arg_name="asked")
@blueprint.output(DraftsOut)
def draft(asked: SentenceIn) -> dict[str, Any]:
    """Turn plain language into drafts; nothing of it is kept."""
    try:
        return dict(capture(asked.sentence))
    except CaptureError as error:
        raise Problem("not_valid", str(error), fields={"sentence": str(error)}) from error


def _save(wished: ProcessDraft, process: Process | None) -> Process:
    person = somebody()
    saved = definitions.save(session(), person.id, person.org_id, wished, now(), process)
    session().commit()
    return saved


def _findings_json(asked: ProcessIn, process: Process | None) -> dict[str, Any]:
    unread = dict[str, str]()
    wished = draft_asked(asked, unread)
    found = lint.findings(session(), somebody().org_id, wished, now(), process, unread)
    return {"findings": findings_json(found)}


def _checked(asked: ProcessIn, process: Process | None) -> ProcessDraft:
    """The draft that is asked for, with every fault told at once."""
    wrong = dict[str, str]()
    wished = draft_asked(asked, wrong)
    wrong = definitions.faults(session(), somebody().org_id, wished, now(), process) | wrong
    if wrong:
        raise Problem("process_not_valid", fields=wrong)
    return wished


def _on_top(asked: ChangeIn, process: Process) -> tuple[ProcessDraft, Sequence[str]]:
    """The draft that is asked for, with what was changed since its base, and that in words."""
    wished = _checked(asked, process)
    if asked.base_version is None:
        return wished, ()
    return merging.put_on_top(session(), process, wished, asked.base_version)


def _saved_json(process: Process) -> dict[str, Any]:
    found = lint.of_process(session(), process, now())
    return process_json(process) | {"warnings": findings_json(found)}
