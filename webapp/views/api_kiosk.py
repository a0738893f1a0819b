"""What a paired tablet asks: its location's day, and whether it is this person's PIN."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, after_this_request

from webapp.context import now, session
from webapp.extensions import limiter
from webapp.models import Turn
from webapp.problems import Problem
from webapp.services import absences, pin_tries, stand_ins, turns
from webapp.views import kiosk_turns
from webapp.views.kiosk_identity import renew_token, this_kiosk
from webapp.views.kiosk_json import board_json
from webapp.views.policy import KIOSKS, policy
from webapp.views.schemas_kiosk import AwayIn, AwayOut, BoardOut, TurnIn, TurnOut

blueprint = APIBlueprint("api_kiosk", __name__, url_prefix="/api/v1/kiosk", tag="Kiosks")


@blueprint.get("")
@policy(KIOSKS)
@blueprint.output(BoardOut)
def board() -> dict[str, Any]:
    """The day at my location, the people there, and the key that their PINs are sealed to."""
    shown = board_json(this_kiosk(), now())
    after_this_request(_renew)
    return shown


def _renew(response: Response) -> Response:
    return renew_token(response) if response.status_code == 200 else response


@blueprint.post("/turns")
@policy(KIOSKS)
@limiter.limit("60 per minute", key_func=lambda: this_kiosk().id)
@blueprint.input(TurnIn)
@blueprint.output(TurnOut)
@blueprint.doc(
    summary="Begin a turn with a PIN",
    description="Each try is a turn of its own, with an id that was not used before. 401 pin_wrong "
    "carries tries_left, 429 pin_locked carries until; 429 kiosk_locked waits for an owner; 409 "
    "pin_missing; 404 for somebody whose name is not shown here.",
)
def begin_turn(json_data: TurnIn) -> dict[str, Any]:
    """Verify the PIN of a turn; what was answered once is answered again."""
    turns.check(session(), this_kiosk(), json_data.turn, json_data.person, now())
    turn = kiosk_turns.verified(this_kiosk(), json_data)
    if turn.refused_because:
        raise _refusal(turn)
    return {"turn": turn.id, "person": {"id": turn.person.id, "name": turn.person.name}}


@blueprint.put("/away")
@policy(KIOSKS)
@blueprint.input(AwayIn, arg_name="said")
@blueprint.output(AwayOut)
@blueprint.doc(
    summary="Say in a turn that I am away today, or back",
    description="Saying it twice changes nothing. What was not missed comes back. 409 turn_over "
    "for a turn whose PIN was never found right, or that ended over 15 minutes ago.",
)
def away(said: AwayIn) -> dict[str, Any]:
    """Note that the person of this turn is away today, wherever they work, or back."""
    turn = turns.going_on(session(), this_kiosk(), said.turn, said.at)
    person, came_back = turn.person, 0
    if said.away:
        absences.sick_today(session(), person, person, now(), turn.id)
    else:
        came_back = stand_ins.come_back(session(), person, person, now(), turn.id)
    session().commit()
    return {"away": said.away, "came_back": came_back}


def _refusal(turn: Turn) -> Problem:
    standing = pin_tries.standing(session(), this_kiosk(), turn.person, now())
    until = standing.until.isoformat() if standing.until else None
    left = pin_tries.left(session(), this_kiosk(), turn.person)
    return Problem("pin_wrong", tries_left=left, until=until)
