"""Erasing over the API: a person on request, how long photos are kept, and what was erased."""

from dataclasses import asdict
from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session, settings
from webapp.models import Organisation
from webapp.services import erasure, keeping, people
from webapp.views.identity import somebody
from webapp.views.policy import OWNERS, policy
from webapp.views.schemas_erasing import (
    ErasedOut,
    EraseIn,
    ErasuresOut,
    ForeseenOut,
    KeepingIn,
    KeepingOut,
)
from webapp.words import translated

blueprint = APIBlueprint("api_erasing", __name__, url_prefix="/api/v1", tag="Erasing")


@blueprint.get("/people/<person_id>/erasure", endpoint="foreseen")
@policy(OWNERS)
@blueprint.output(ForeseenOut)
@blueprint.doc(
    summary="What erasing this person would take.",
    description="409 person_not_erasable names the command to use instead where the record is "
    "too long to be read while somebody waits.",
)
def foresee(person_id: str) -> dict[str, Any]:
    """What erasing this person would take."""
    person = people.of(session(), somebody().org_id, person_id)
    erasure.check_length(session(), person)
    seen = erasure.foresee(session(), person)
    return asdict(seen) | {"obstacles": [translated(each) for each in seen.obstacles]}


@blueprint.delete("/people/<person_id>")
@policy(OWNERS)
@blueprint.input(EraseIn, arg_name="asked")
@blueprint.output(ErasedOut)
@blueprint.doc(
    summary="Erase a person who left, for good",
    description="409 person_not_erasable says in `reasons` what must be settled first, or the "
    "command to use for a record that is too long. Doing it again takes what came in since.",
)
def erase(person_id: str, asked: EraseIn) -> dict[str, Any]:
    """Erase somebody who left: their name, their words, and what the record says of them."""
    person = people.of(session(), somebody().org_id, person_id)
    erasure.check_length(session(), person)
    events = erasure.erase_person(
        session(), somebody(), person, asked.name, now(), with_photos=asked.photos
    )
    session().commit()
    erasure.finish_removing(session(), settings().blob_dir, now())
    return {"events": events}


@blueprint.get("/keeping", endpoint="keeping")
@policy(OWNERS)
@blueprint.output(KeepingOut)
def kept_for() -> dict[str, Any]:
    """For how long photos are kept."""
    return _keeping(somebody().organisation)


@blueprint.put("/keeping")
@policy(OWNERS)
@blueprint.input(KeepingIn, arg_name="asked")
@blueprint.output(KeepingOut)
def keep_for(asked: KeepingIn) -> dict[str, Any]:
    """Keep photos for so many months, or for ever; there is a day to think again."""
    keeping.choose(session(), somebody(), asked.photo_months, now())
    session().commit()
    return _keeping(somebody().organisation)


@blueprint.get("/record/erasures", endpoint="erasures")
@policy(OWNERS)
@blueprint.output(ErasuresOut)
def every_erasure() -> dict[str, Any]:
    """What was erased from the record, when and why."""
    found = erasure.erasures(session(), somebody().org_id)
    return {"erasures": [asdict(each) | {"events": each.ranges} for each in found]}


def _keeping(organisation: Organisation) -> dict[str, Any]:
    return {
        "photo_months": organisation.photo_months,
        "begins_at": keeping.begins_at(organisation),
    }
