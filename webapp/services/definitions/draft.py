"""The one form in which process text, the builder page and the API hand in a definition."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal

from webapp.models import ProcessVersion, Step
from webapp.rules import later
from webapp.rules.cadence import load_zone
from webapp.rules.proof_gate import Requirement, requirement_from_json
from webapp.rules.recurrence import counts_from_start
from webapp.rules.rrule_text import parse_rule

# Waits in minutes where a definition names none.
DEFAULT_WAITS = {"assignee": 0, "backup": 10, "fallback": 20, "owner": 30}


@dataclass(frozen=True, slots=True)
class DraftLevel:
    """One station of a draft's chain; the owner's names nobody.

    The wait of the backup is the draft's grace, whatever stands here.
    """

    role: str
    person_id: str | None
    wait_minutes: int


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """How a step should look: the SHA-256 of the picture as it was sent, and what it shows."""

    sha256: str
    alt: str


@dataclass(frozen=True, slots=True)
class DraftWording:
    """How a location, by id or name, words a step; None is as the step itself has it."""

    location: str
    title: str | None = None
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class DraftCondition:
    """A step is needed only if the step at that index becomes so; `value` is the limit.

    `step` counts the draft's steps from 0; None when it is not known which is meant.
    """

    step: int | None
    becomes: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DraftFollowUp:
    """A step opens so long after the step at that index is done, and is due so long after."""

    step: int | None
    wait_minutes: int
    due_minutes: int


@dataclass(frozen=True, slots=True)
class DraftStep:
    """One step of a draft. `key` is the step's identity over versions, None when it is new.

    `wording` is "locked" or "open" to the locations, None as the process has it; an open one may
    come with `wordings` of theirs.
    A step with neither `only_if` nor `follow_up` opens with its run.
    """

    title: str
    instructions: str
    requirement: Requirement
    may_skip: bool = False
    key: str | None = None
    picture: DraftPicture | None = None
    wording: str | None = None
    wordings: tuple[DraftWording, ...] = ()
    only_if: DraftCondition | None = None
    follow_up: DraftFollowUp | None = None


@dataclass(frozen=True, slots=True)
class ProcessDraft:
    """A definition as somebody wishes it; nothing in it is checked yet.

    `locations` holds ids or names. `opens` and `deadline` are local wall times. `rrule` is an
    RFC 5545 rule without start or end. `remind_minutes` before the deadline the holder is
    reminded; a holder who is not reached within `reached_within_minutes` loses the step to the
    next: None is by rule, 0 is never. `starts_on` is the local date, at the first location, from
    which the rule counts and before which nothing is due: None is today, or as it was. Of what is
    saved, `counted_from` is that date also where the definition does not say it.
    """

    name: str
    locations: tuple[str, ...]
    rrule: str
    deadline: time | None
    chain: tuple[DraftLevel, ...]
    steps: tuple[DraftStep, ...]
    opens: time | None = None
    opens_days_before: int = 0
    grace_minutes: int = DEFAULT_WAITS["backup"]
    review: str = "none"
    remind_minutes: int | None = None
    reached_within_minutes: int | None = None
    wording: str = "locked"
    starts_on: date | None = None
    counted_from: date | None = field(default=None, compare=False)


def is_open(draft: ProcessDraft, step: DraftStep) -> bool:
    """Whether a location may word the step in its own way."""
    return (step.wording or draft.wording) == "open"


def draft_of(version: ProcessVersion) -> ProcessDraft:
    """The draft that this version was made from, in the form that `save` compares."""
    return ProcessDraft(
        name=version.name,
        locations=tuple(sorted(location.id for location in version.locations)),
        rrule=version.rrule,
        deadline=version.deadline,
        chain=tuple(
            DraftLevel(level.role, level.person_id, level.wait_minutes) for level in version.chain
        ),
        steps=tuple(_draft_step(step, version.steps) for step in version.steps),
        opens=version.opens,
        opens_days_before=version.opens_days_before,
        grace_minutes=version.grace_minutes,
        review=version.review,
        remind_minutes=version.remind_minutes,
        reached_within_minutes=version.reached_within_minutes,
        wording=version.wording,
        starts_on=_said_start(version),
        counted_from=version.starts_on,
    )


def _said_start(version: ProcessVersion) -> date | None:
    """The start where it is of weight: the rule counts from it, or it lay ahead when saved."""
    saved_on = (
        version.created_at.astimezone(load_zone(place.time_zone)).date()
        for place in version.locations
    )
    if counts_from_start(parse_rule(version.rrule)) or version.starts_on > max(saved_on):
        return version.starts_on
    return None


def _draft_step(step: Step, steps: Sequence[Step]) -> DraftStep:
    return DraftStep(
        title=step.title,
        instructions=step.instructions,
        requirement=requirement_from_json(step.requirement),
        may_skip=step.may_skip,
        key=step.key,
        picture=_draft_picture(step),
        wording=step.wording,
        wordings=tuple(
            DraftWording(each.location_id, each.title, each.instructions) for each in step.wordings
        ),
        only_if=_draft_condition(step, steps),
        follow_up=_draft_follow_up(step, steps),
    )


def _draft_condition(step: Step, steps: Sequence[Step]) -> DraftCondition | None:
    asked = later.condition_from_json(step.only_if)
    if asked is None:
        return None
    return DraftCondition(_index(asked.step, steps), asked.becomes, asked.value)


def _draft_follow_up(step: Step, steps: Sequence[Step]) -> DraftFollowUp | None:
    asked, minute = later.follow_up_from_json(step.follow_up), timedelta(minutes=1)
    if asked is None:
        return None
    return DraftFollowUp(_index(asked.step, steps), asked.wait // minute, asked.due // minute)


def _index(key: str, steps: Sequence[Step]) -> int:
    return [step.key for step in steps].index(key)


def _draft_picture(step: Step) -> DraftPicture | None:
    if step.picture_sha256 is None:
        return None
    return DraftPicture(step.picture_sha256, step.picture_alt or "")
