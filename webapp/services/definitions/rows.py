"""A checked definition in its one stored form, and the rows that keep it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import (
    ChainLevel,
    Location,
    Process,
    ProcessVersion,
    Step,
    StepWording,
    new_id,
)
from webapp.rules.later import OF_LIMIT
from webapp.rules.proof_gate import requirement_to_json
from webapp.services import record
from webapp.services.definitions import later, wordings
from webapp.services.definitions.cadences import normal_rule
from webapp.services.definitions.draft import (
    DEFAULT_WAITS,
    DraftCondition,
    DraftLevel,
    DraftPicture,
    DraftStep,
    ProcessDraft,
)


def settled(
    draft: ProcessDraft, places: Mapping[str, Location], before: ProcessDraft | None
) -> ProcessDraft:
    """The draft in its one stored form, so that equal definitions are equal values."""
    here = wordings.ids_of(places.values())
    steps = _keyed_steps(draft.steps, before.steps if before else ())
    return replace(
        draft,
        name=" ".join(draft.name.split()),
        locations=tuple(sorted(set(here.values()))),
        rrule=normal_rule(draft.rrule),
        chain=settled_chain(draft),
        steps=tuple(wordings.settled(draft, step, here) for step in steps),
    )


def settled_chain(draft: ProcessDraft) -> tuple[DraftLevel, ...]:
    """Responsible, backup after the grace, fallback if any, and always the owner last."""
    named = {level.role: level for level in draft.chain}
    owner = named.get("owner", DraftLevel("owner", None, DEFAULT_WAITS["owner"]))
    levels = [
        replace(named["assignee"], wait_minutes=0),
        replace(named["backup"], wait_minutes=draft.grace_minutes),
        *(level for role, level in named.items() if role == "fallback" and level.person_id),
        replace(owner, person_id=None),
    ]
    return tuple(levels)


def _keyed_steps(
    steps: tuple[DraftStep, ...], before: tuple[DraftStep, ...]
) -> tuple[DraftStep, ...]:
    """Give each step its identity: by its key, else by an equal title, else a new one."""
    free = {step.key: step.title for step in before}
    kept = [free.pop(step.key, None) is not None for step in steps]
    keyed = []
    for step, has_key in zip(steps, kept, strict=True):
        title = step.title.strip()
        key = step.key if has_key else next((k for k, t in free.items() if t == title), None)
        free.pop(key, None)
        keyed.append(_settled_step(step, title, key or new_id()))
    return tuple(keyed)


def _settled_step(step: DraftStep, title: str, key: str) -> DraftStep:
    wanted = step.requirement
    requirement = replace(
        wanted,
        unit=_text_or_none(wanted.unit),
        if_outside=_text_or_none(wanted.if_outside),
        scan_code=_text_or_none(wanted.scan_code),
    )
    return replace(
        step,
        title=title,
        instructions=step.instructions.strip(),
        requirement=requirement,
        key=key,
        picture=_settled_picture(step.picture),
        only_if=_settled_condition(step.only_if),
    )


def _settled_condition(asked: DraftCondition | None) -> DraftCondition | None:
    """Only above and below have a limit of their own."""
    return asked if asked is None or asked.becomes in OF_LIMIT else replace(asked, value=None)


def _settled_picture(picture: DraftPicture | None) -> DraftPicture | None:
    return replace(picture, alt=" ".join(picture.alt.split())) if picture else None


def _text_or_none(text: str | None) -> str | None:
    return (text or "").strip() or None


def add_version(
    session: Session,
    process: Process,
    draft: ProcessDraft,
    start: date,
    actor_id: str,
    now: datetime,
) -> None:
    """Write the settled draft as the version that the process counts now."""
    version = ProcessVersion(
        process=process,
        number=process.version_number,
        name=draft.name,
        rrule=draft.rrule,
        starts_on=start,
        opens=draft.opens,
        opens_days_before=draft.opens_days_before,
        deadline=draft.deadline,
        grace_minutes=draft.grace_minutes,
        review=draft.review,
        remind_minutes=draft.remind_minutes,
        reached_within_minutes=draft.reached_within_minutes,
        wording=draft.wording,
        created_at=now,
        created_by_id=None if actor_id == record.SYSTEM else actor_id,
        steps=_steps(draft.steps),
        chain=[_level(number, level) for number, level in enumerate(draft.chain)],
        locations=list(session.scalars(select(Location).where(Location.id.in_(draft.locations)))),
    )
    session.add(version)
    session.flush()


def _steps(steps: tuple[DraftStep, ...]) -> list[Step]:
    keys = [str(step.key) for step in steps]
    return [_step(position, step, keys) for position, step in enumerate(steps, start=1)]


def _step(position: int, step: DraftStep, keys: list[str]) -> Step:
    return Step(
        key=step.key,
        position=position,
        title=step.title,
        instructions=step.instructions,
        proof_kind=step.requirement.kind,
        requirement=requirement_to_json(step.requirement),
        may_skip=step.may_skip,
        picture_sha256=step.picture.sha256 if step.picture else None,
        picture_alt=step.picture.alt if step.picture else None,
        wording=step.wording,
        wordings=[
            StepWording(location_id=each.location, title=each.title, instructions=each.instructions)
            for each in step.wordings
        ],
        **later.to_json(step, keys),
    )


def _level(number: int, level: DraftLevel) -> ChainLevel:
    return ChainLevel(
        level=number,
        role=level.role,
        person_id=level.person_id,
        wait_minutes=level.wait_minutes,
    )
