"""The definition that a request of the API asks for, as a draft."""

from webapp.rules.cadence import CadenceError
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
)
from webapp.views.schemas_definitions import After, OnlyIf, ProcessIn, StepIn


def draft_asked(asked: ProcessIn, wrong: dict[str, str]) -> ProcessDraft:
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
        starts_on=asked.starts_on,
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
