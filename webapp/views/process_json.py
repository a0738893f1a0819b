"""Processes as the API shows them."""

from collections.abc import Sequence
from typing import Any

from webapp.context import session
from webapp.models import ChainLevel, Person, Process, ProcessVersion, Step
from webapp.services import definitions, organisations, reachability
from webapp.views import later_json
from webapp.views.chain_json import who
from webapp.views.identity import somebody
from webapp.views.picture_json import picture_json
from webapp.views.reach_words import reach_json


def process_json(process: Process) -> dict[str, Any]:
    """Return one process with its current version."""
    return processes_json([process])[0]


def processes_json(processes: list[Process]) -> list[dict[str, Any]]:
    """Return processes, each with its current version."""
    versions = definitions.current_versions(session(), processes)
    owner = organisations.owner_of(session(), somebody().org_id)
    hows = reachability.of_versions(session(), versions, owner)
    reached = {person: reach_json(how) for person, how in hows.items()}
    return [_version_json(version, reached, owner) for version in versions]


def _version_json(
    version: ProcessVersion, reached: dict[str, dict[str, Any]], owner: Person
) -> dict[str, Any]:
    process = version.process
    return {
        "id": process.id,
        "name": version.name,
        "version": version.number,
        "saved_at": version.created_at,
        "retired_at": process.retired_at,
        "locations": [{"id": place.id, "name": place.name} for place in version.locations],
        "cadence": {
            "rrule": version.rrule,
            "words": definitions.words_of_rule(version.rrule),
            "starts_on": version.starts_on.isoformat(),
        },
        "starts_on": definitions.draft_of(version).starts_on,
        "deadline": version.deadline,
        "opens": version.opens,
        "opens_days_before": version.opens_days_before,
        "grace_minutes": version.grace_minutes,
        "remind_minutes": version.remind_minutes,
        "reached_within_minutes": version.reached_within_minutes,
        "review": version.review,
        "wording": version.wording,
        "chain": [
            _station_json(level) | {"reachable": reached[level.person_id or owner.id]}
            for level in version.chain
        ],
        "steps": [_step_json(step, version.steps) for step in version.steps],
        "notes": definitions.works_elsewhere(version),
    }


def _station_json(level: ChainLevel) -> dict[str, Any]:
    return {
        "role": level.role,
        "person": who(level.person),
        "wait_minutes": level.wait_minutes,
    }


def _step_json(step: Step, steps: Sequence[Step]) -> dict[str, Any]:
    return {
        "key": step.key,
        "position": step.position,
        "title": step.title,
        "instructions": step.instructions,
        "proof": step.requirement,
        "may_skip": step.may_skip,
        "picture": picture_json(step),
        "wording": step.wording,
        "wordings": [
            {
                "location": each.location_id,
                "title": each.title,
                "instructions": each.instructions,
            }
            for each in step.wordings
        ],
        **later_json.defined(step, steps),
    }
