"""Processes over the API, and drafts from plain language."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Process
from webapp.problems import Problem
from webapp.rules.cadence import CadenceError
from webapp.rules.capture import CaptureError, capture
from webapp.rules.proof_gate import ProofError, Requirement, parse_number, requirement_from_json
from webapp.services import definitions
from webapp.services.definitions import (
    DEFAULT_WAITS,
    DraftCondition,
    DraftFollowUp,
    DraftLevel,
    DraftPicture,
    DraftStep,
    DraftWording,
    ProcessDraft,
    lint,
)
from webapp.views.identity import somebody
from webapp.views.lint_words import findings_json
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_effects import effect_json
from webapp.views.process_json import process_json, processes_json
from webapp.views.schemas_processes import (
    After,
    DraftsOut,
    FindingsOut,
    OnlyIf,
    ProcessEffectOut,
    ProcessesOut,
    ProcessIn,
    ProcessOut,
    SavedProcessOut,
    SentenceIn,
    StepIn,
)

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
    return _saved_json(_save(asked, None))


@blueprint.put("/processes/<process_id>")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(SavedProcessOut)
def change(process_id: str, asked: ProcessIn) -> dict[str, Any]:
    """Make the next version; what changes nothing makes none. A retired process is taken up."""
    return _saved_json(_save(asked, definitions.find(session(), somebody().org_id, process_id)))


@blueprint.post("/processes/lint")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(FindingsOut)
def lint_draft(asked: ProcessIn) -> dict[str, Any]:
    """Tell what POST of this would refuse, and what may slip; nothing is kept."""
    return _findings_json(asked, None)


@blueprint.post("/processes/<process_id>/lint")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(FindingsOut)
def lint_change(process_id: str, asked: ProcessIn) -> dict[str, Any]:
    """Tell what PUT of this would refuse, and what may slip; nothing is kept."""
    return _findings_json(asked, definitions.find(session(), somebody().org_id, process_id))


@blueprint.post("/processes/<process_id>/preview")
@policy(MANAGERS)
@blueprint.input(ProcessIn, arg_name="asked")
@blueprint.output(ProcessEffectOut)
def preview(process_id: str, asked: ProcessIn) -> dict[str, Any]:
    """Tell what PUT of this would change, in the runs that are planned too; nothing is kept."""
    process = definitions.find(session(), somebody().org_id, process_id)
    wished, person = _checked(asked, process), somebody()
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


def _save(asked: ProcessIn, process: Process | None) -> Process:
    wished, person = _checked(asked, process), somebody()
    saved = definitions.save(session(), person.id, person.org_id, wished, now(), process)
    session().commit()
    return saved


def _findings_json(asked: ProcessIn, process: Process | None) -> dict[str, Any]:
    unread = dict[str, str]()
    wished = _draft(asked, unread)
    found = lint.findings(session(), somebody().org_id, wished, now(), process, unread)
    return {"findings": findings_json(found)}


def _checked(asked: ProcessIn, process: Process | None) -> ProcessDraft:
    """The draft that is asked for, with every fault told at once."""
    wrong = dict[str, str]()
    wished = _draft(asked, wrong)
    wrong = definitions.faults(session(), somebody().org_id, wished, now(), process) | wrong
    if wrong:
        raise Problem("process_not_valid", fields=wrong)
    return wished


def _draft(asked: ProcessIn, wrong: dict[str, str]) -> ProcessDraft:
    """The draft that is asked for; what cannot be read is told in `wrong`."""
    return ProcessDraft(
        name=asked.name,
        locations=tuple(asked.locations),
        rrule=_rrule(asked.cadence, wrong),
        deadline=asked.deadline,
        chain=tuple(
            DraftLevel(
                station.role,
                station.person,
                DEFAULT_WAITS[station.role]
                if station.wait_minutes is None
                else station.wait_minutes,
            )
            for station in asked.chain
        ),
        steps=tuple(_step(index, step, wrong) for index, step in enumerate(asked.steps)),
        opens=asked.opens,
        opens_days_before=asked.opens_days_before,
        grace_minutes=asked.grace_minutes,
        remind_minutes=asked.remind_minutes,
        reached_within_minutes=asked.reached_within_minutes,
        review=asked.review,
        wording=asked.wording,
    )


def _rrule(cadence: str, wrong: dict[str, str]) -> str:
    try:
        return definitions.rule_of(cadence) if cadence.strip() else ""
    except CadenceError as error:
        wrong["cadence"] = str(error)
        return ""


def _step(index: int, step: StepIn, wrong: dict[str, str]) -> DraftStep:
    try:
        requirement = requirement_from_json(step.proof.model_dump())
    except ProofError as error:
        wrong[f"steps[{index}].proof"] = str(error)
        requirement = Requirement(step.proof.kind)
    shown = DraftPicture(step.picture.sha256, step.picture.alt) if step.picture else None
    return DraftStep(
        title=step.title,
        instructions=step.instructions,
        requirement=requirement,
        may_skip=step.may_skip,
        key=step.key,
        picture=shown,
        wording=step.wording,
        wordings=tuple(
            DraftWording(each.location, each.title, each.instructions) for each in step.wordings
        ),
        only_if=_condition(index, step.only_if, wrong),
        follow_up=_follow_up(step.after),
    )


def _follow_up(asked: After | None) -> DraftFollowUp | None:
    if asked is None:
        return None
    return DraftFollowUp(asked.step - 1, asked.wait_minutes, asked.due_minutes)


def _condition(index: int, asked: OnlyIf | None, wrong: dict[str, str]) -> DraftCondition | None:
    if asked is None:
        return None
    try:
        value = None if asked.value is None else parse_number(str(asked.value))
    except ProofError as error:
        wrong[f"steps[{index}].only_if.value"] = str(error)
        value = None
    return DraftCondition(asked.step - 1, asked.is_, value)


def _saved_json(process: Process) -> dict[str, Any]:
    found = lint.of_process(session(), process, now())
    return process_json(process) | {"warnings": findings_json(found)}
