"""One location's own words for the steps of a process that are open to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Location, Process
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services.definitions import wordings
from webapp.services.definitions.draft import (
    DraftStep,
    DraftWording,
    ProcessDraft,
    draft_of,
    is_open,
)
from webapp.services.definitions.effects import Effect
from webapp.services.definitions.finding import current_version
from webapp.services.definitions.saving import save_telling

Words = tuple[str, str]  # a title and instructions; "" is as the step itself has it


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that the location may word: what it says everywhere, and what it says there."""

    key: str
    title: str
    instructions: str
    own: Words


def place_of(process: Process, location_id: str) -> Location:
    """Return the location of the process, or raise "not_found"."""
    places = current_version(process).locations
    found = next((place for place in places if place.id == location_id), None)
    if found is None:
        raise Problem("not_found")
    return found


def open_steps(process: Process, location: Location) -> list[OpenStep]:
    """Return the steps that the location may word, in their order."""
    draft = draft_of(current_version(process))
    return [
        OpenStep(str(step.key), step.title, step.instructions, _own(step, location.id))
        for step in draft.steps
        if is_open(draft, step)
    ]


def word(
    session: Session,
    actor_id: str,
    process: Process,
    location: Location,
    wished: Mapping[str, Words],
    now: datetime,
) -> tuple[Process, Effect]:
    """Make a version in which the location words its steps as `wished`, by their keys.

    An open step that is not named is worded there as everywhere. Raises what `save` raises, and
    "process_not_valid" by key and part for a step that is locked or not there, and for a title
    that is too long.
    """
    draft = draft_of(current_version(process))
    if wrong := _faults(draft, wished):
        raise Problem("process_not_valid", fields=wrong)
    steps = tuple(_worded(draft, step, location.id, wished) for step in draft.steps)
    draft = replace(draft, steps=steps)
    return save_telling(session, actor_id, process.org_id, draft, now, process)


def _own(step: DraftStep, location_id: str) -> Words:
    own = next((each for each in step.wordings if each.location == location_id), None)
    return (own.title or "", own.instructions or "") if own else ("", "")


def _faults(draft: ProcessDraft, wished: Mapping[str, Words]) -> dict[str, str]:
    known = {step.key: step for step in draft.steps}
    wrong: dict[str, str] = {}
    for key, (title, _instructions) in wished.items():
        if key not in known:
            wrong[key] = say("This step is not in the process any more.")
        elif not is_open(draft, known[key]):
            wrong[key] = say("The wording of this step is locked. An owner can open it.")
        elif len(title.strip()) > wordings.LONGEST_TITLE:
            wrong[f"{key}-title"] = wordings.too_long()
    return wrong


def _worded(
    draft: ProcessDraft, step: DraftStep, location_id: str, wished: Mapping[str, Words]
) -> DraftStep:
    if not is_open(draft, step):
        return step
    others = tuple(each for each in step.wordings if each.location != location_id)
    own = DraftWording(location_id, *wished.get(str(step.key), ("", "")))
    return replace(step, wordings=(*others, own))
