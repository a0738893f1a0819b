"""The versions of a process over the API, and the words of a location, which make one."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.services import definitions, reach
from webapp.services.definitions import place_wording
from webapp.views.identity import somebody
from webapp.views.policy import MANAGERS, policy
from webapp.views.process_effects import effect_json
from webapp.views.schemas_definitions import PlaceWordsIn
from webapp.views.schemas_processes import ProcessEffectOut, VersionsOut
from webapp.words import spoken

blueprint = APIBlueprint("api_versions", __name__, url_prefix="/api/v1", tag="Processes")


@blueprint.get("/processes/<process_id>/versions")
@policy(MANAGERS)
@blueprint.output(VersionsOut)
def versions(process_id: str) -> dict[str, Any]:
    """The versions of a process, the newest first, with what each changed in words."""
    process = definitions.find(session(), somebody().org_id, process_id)
    made = definitions.history(session(), process)
    return {
        "versions": [
            {
                "number": each.number,
                "saved_at": each.at,
                "saved_by": each.by,
                "differences": [spoken(one) for one in each.differences],
            }
            for each in made
        ]
    }


@blueprint.post("/processes/<process_id>/versions/<int:number>/restore")
@policy(MANAGERS)
@blueprint.output(ProcessEffectOut)
def restore(process_id: str, number: int) -> dict[str, Any]:
    """Make a new version that is as this one was; a retired process is taken up again."""
    process = definitions.find(session(), somebody().org_id, process_id)
    _same, effect = definitions.restore(session(), somebody().id, process, number, now())
    session().commit()
    return effect_json(effect)


@blueprint.put("/processes/<process_id>/wordings/<location_id>")
@policy(MANAGERS)
@blueprint.input(PlaceWordsIn, arg_name="asked")
@blueprint.output(ProcessEffectOut)
def word(process_id: str, location_id: str, asked: PlaceWordsIn) -> dict[str, Any]:
    """Word the open steps in a location's own way; a step that is left out is as everywhere."""
    process = definitions.find(session(), somebody().org_id, process_id)
    place = place_wording.place_of(process, location_id)
    reach.check(somebody(), [place])
    wished = {each.key: (each.title, each.instructions) for each in asked.steps}
    _same, effect = place_wording.word(session(), somebody().id, process, place, wished, now())
    session().commit()
    return effect_json(effect)
