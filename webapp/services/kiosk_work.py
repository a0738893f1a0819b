"""Work that comes from a kiosk: each command as its turn's person's, if the PIN bears it out."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Kiosk, Turn
from webapp.rules.completion import Authorisation
from webapp.rules.turn import covers
from webapp.services import turns
from webapp.services.step_commands import Asked, AtKiosk


def in_turn(session: Session, kiosk: Kiosk, turn_id: str, asked: Asked) -> Asked:
    """Return the command with what is known of its turn, which lasts on from this work.

    The turn's row is locked first of all, so that batches of one turn wait for each other.
    """
    lock = {"of": Turn, "key_share": True}
    turn = session.get_one(
        Turn, (kiosk.org_id, turn_id), with_for_update=lock, populate_existing=True
    )
    refused = _against(turn, asked.captured_at)
    if refused is None:
        turn.last_at = max(turn.last_at, asked.captured_at)
    return replace(asked, kiosk=AtKiosk(turn.id, kiosk.location_id, refused))


def from_file(
    session: Session, kiosk: Kiosk, turn_id: str | None, person_id: str, asked: Asked
) -> Asked:
    """As `in_turn`, for a command out of the kiosk's rescue file.

    The file names the person: without a turn of theirs that is known here, the owner decides.
    What was done before the browser became a kiosk was done by whoever was signed in on it.
    """
    if turn_id is None and asked.captured_at < kiosk.paired_at:
        return asked
    turn = turns.find(session, kiosk, turn_id) if turn_id else None
    if turn is None or turn.person_id != person_id:
        return replace(asked, kiosk=AtKiosk(None, kiosk.location_id, "pin_unchecked"))
    return in_turn(session, kiosk, turn.id, asked)


def _against(turn: Turn, captured_at: datetime) -> Authorisation | None:
    if turn.verified_at is None:
        return "pin_wrong" if turn.refused_because == "pin_wrong" else "pin_unchecked"
    return None if covers(turn.started_at, turn.last_at, captured_at) else "turn_over"
