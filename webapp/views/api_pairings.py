"""How a tablet becomes a kiosk: it shows a code, and asks until somebody has confirmed it."""

from typing import Any

from apiflask import APIBlueprint
from flask import Response, jsonify

from webapp.context import now, session, settings
from webapp.extensions import limiter
from webapp.models import Kiosk, Organisation
from webapp.services import pairings
from webapp.views.kiosk_identity import give_token
from webapp.views.kiosk_json import place_json
from webapp.views.policy import PUBLIC, policy
from webapp.views.qr import qr
from webapp.views.schemas_kiosk import PairingIn, PairingOut, PollIn, PollOut

blueprint = APIBlueprint("api_pairings", __name__, url_prefix="/api/v1/kiosk", tag="Kiosks")


@blueprint.post("/pairings")
@policy(PUBLIC)
@limiter.limit("10 per minute;60 per hour")
@blueprint.input(PairingIn)
@blueprint.output(PairingOut, 201)
def begin(json_data: PairingIn) -> dict[str, Any]:
    """Begin to pair this browser; the code is for people, `poll` is for the browser alone."""
    begun = pairings.begin(session(), json_data.device, now())
    session().commit()
    url = f"{settings().public_url}/kiosks/pair#{begun.code}"
    drawn = qr(url)
    return {
        "code": begun.code,
        "url": url,
        "qr": {"size": drawn.size, "path": drawn.path},
        "poll": begun.poll,
        "expires_at": begun.expires_at,
    }


@blueprint.post("/pairings/poll")
@policy(PUBLIC)
@limiter.limit("240 per minute")
@blueprint.input(PollIn)
@blueprint.output(PollOut)
@blueprint.doc(
    summary="Ask whether somebody has confirmed the code",
    description="202 {status: pending} until then; once 200 {status: paired}, with the cookie of "
    "the kiosk; then, and after ten minutes, 410 pairing_over. Every three seconds is enough.",
)
def poll(json_data: PollIn) -> Any:
    """Hand the kiosk's cookie over, for the only time."""
    paired = pairings.ask(session(), json_data.poll, now())
    if paired is None:
        return {"status": "pending"}, 202
    body = jsonify({"status": "paired"} | _whose(paired.kiosk))
    session().commit()
    answer: Response = give_token(body, paired.token)
    return answer


def _whose(kiosk: Kiosk) -> dict[str, Any]:
    organisation = session().get_one(Organisation, kiosk.org_id)
    return {
        "kiosk": {"id": kiosk.id, "name": kiosk.name},
        "organisation": {"id": organisation.id, "name": organisation.name},
        "location": place_json(kiosk.location),
    }
