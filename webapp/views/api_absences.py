"""Absences over the API: who is away, sick today, and back."""

from typing import Any

from apiflask import APIBlueprint

from webapp.context import now, session
from webapp.models import Absence, Person
from webapp.services import absences, people
from webapp.views.chain_json import who
from webapp.views.identity import somebody
from webapp.views.policy import SIGNED_IN, policy
from webapp.views.schemas_people import AbsenceIn, AbsenceOut, AbsencesOut, EndedOut, SickIn

blueprint = APIBlueprint("api_absences", __name__, url_prefix="/api/v1", tag="People and locations")


@blueprint.get("/absences", endpoint="absences")
@policy(SIGNED_IN)
@blueprint.output(AbsencesOut)
def ahead() -> dict[str, Any]:
    """Absences of today and later: my own, and of those whom I look after."""
    found = absences.ahead(session(), somebody(), now())
    return {"absences": [_absence_json(absence) for absence in found]}


@blueprint.post("/absences")
@policy(SIGNED_IN)
@blueprint.input(AbsenceIn, arg_name="asked")
@blueprint.output(AbsenceOut, status_code=201)
def declare(asked: AbsenceIn) -> dict[str, Any]:
    """Note days on which somebody is away; their work goes to the next in each chain."""
    person = _person(asked.person)
    absence = absences.declare(
        session(), somebody(), person, asked.first_day, asked.last_day, asked.reason, now()
    )
    session().commit()
    return _absence_json(absence)


@blueprint.post("/absences/sick-today")
@policy(SIGNED_IN)
@blueprint.input(SickIn, arg_name="asked")
@blueprint.output(AbsenceOut, status_code=201)
def sick_today(asked: SickIn) -> dict[str, Any]:
    """Note that somebody is away today; saying it twice changes nothing."""
    absence = absences.sick_today(session(), somebody(), _person(asked.person), now())
    session().commit()
    return _absence_json(absence)


@blueprint.delete("/absences/<absence_id>")
@policy(SIGNED_IN)
@blueprint.output(EndedOut)
def end(absence_id: str) -> dict[str, Any]:
    """End an absence, or take back one that lies ahead; what was not missed comes back."""
    absence = absences.of(session(), somebody(), absence_id)
    came_back = absences.end(session(), somebody(), absence, now())
    session().commit()
    stay = absences.of_person(session(), absence.person, now())
    return {"came_back": came_back, "stay": [_absence_json(each) for each in stay]}


def _person(person_id: str | None) -> Person:
    asking = somebody()
    return asking if person_id is None else people.of(session(), asking.org_id, person_id)


def _absence_json(absence: Absence) -> dict[str, Any]:
    return {
        "id": absence.id,
        "person": who(absence.person),
        "first_day": absence.first_day,
        "last_day": absence.last_day,
        "reason": absence.reason,
        "entered_by": who(absence.created_by),
    }
