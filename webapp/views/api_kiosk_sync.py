"""Where a kiosk brings what was done at it: turns first, then each command as its person's."""

from datetime import datetime
from typing import Any

from apiflask import APIBlueprint
from flask import request
from sqlalchemy.exc import IntegrityError

from webapp.context import now, session
from webapp.models import Kiosk, Turn
from webapp.services import blobs, device_naming, devices, kiosk_blobs, kiosk_work, pairings, turns
from webapp.views import api_sync, kiosk_turns, singly
from webapp.views.kiosk_identity import this_kiosk
from webapp.views.policy import KIOSKS, policy
from webapp.views.schemas_kiosk import KioskSyncIn, KioskSyncOut

blueprint = APIBlueprint("api_kiosk_sync", __name__, url_prefix="/api/v1/kiosk", tag="Kiosks")


@blueprint.post("/sync")
@policy(KIOSKS)
@blueprint.input(KioskSyncIn)
@blueprint.output(KioskSyncOut)
@blueprint.doc(
    summary="Bring what was done at a kiosk",
    description="As /api/v1/sync; each command also names its turn. A command whose turn is not "
    "known here gets no receipt and stays on the tablet. Work of a turn whose PIN was wrong, or of "
    "another location, is held.",
)
def sync(json_data: KioskSyncIn) -> dict[str, Any]:
    """Verify the turns that are new, then carry out each command in its own transaction."""
    kiosk, moment = this_kiosk(), now()
    told = [kiosk_turns.settled(kiosk, raw) for raw in json_data.turns]
    results = [_result(kiosk, json_data, raw, moment) for raw in json_data.commands]
    _heard_from(kiosk, json_data, moment)
    return {
        "batch": json_data.batch,
        "server_time": moment,
        "results": singly.put_into_words([each for each in results if each is not None]),
        "missing_blobs": _missing(kiosk, json_data),
        "signed_off": False,
        "cursor": moment.isoformat(),
        "turns": told,
    }


def _result(
    kiosk: Kiosk, batch: KioskSyncIn, raw: object, moment: datetime
) -> dict[str, Any] | None:
    turn = _turn_of(kiosk, raw)
    if turn is None:
        return None
    turn_id = turn.id
    sender = singly.Sender(
        person=turn.person,
        device=lambda: pairings.device_of(session(), kiosk, moment),
        completed=lambda command: kiosk_work.in_turn(session(), kiosk, turn_id, command),
    )
    return singly.result(sender, raw, batch.sent_at, moment)


def _turn_of(kiosk: Kiosk, raw: object) -> Turn | None:
    named = kiosk_turns.named_by(raw)
    return turns.find(session(), kiosk, named) if named is not None else None


def _heard_from(kiosk: Kiosk, batch: KioskSyncIn, moment: datetime) -> None:
    """Keep what the tablet says of itself; the receipts are given already."""
    try:
        _note_device(kiosk, batch, moment)
    except IntegrityError:
        session().rollback()
        _note_device(kiosk, batch, moment)


def _note_device(kiosk: Kiosk, batch: KioskSyncIn, moment: datetime) -> None:
    state, arrived = api_sync.state_of(batch), api_sync.arrived(batch, moment)
    device = devices.kiosk_heard_from(session(), kiosk, state, arrived, moment)
    device_naming.recognise(session(), device, request.user_agent.string)
    session().commit()


def _missing(kiosk: Kiosk, batch: KioskSyncIn) -> list[str]:
    announced = [
        sha256
        for sha256 in map(api_sync.blob_of, batch.commands)
        if sha256 and kiosk_blobs.may_bring(session(), kiosk, sha256)
    ]
    return blobs.still_missing(session(), kiosk.org_id, announced)
