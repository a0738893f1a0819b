"""Verifying turns: counted and kept, then hashed outside any transaction, then settled."""

from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError

from webapp.context import now, session, settings
from webapp.models import Kiosk, Turn
from webapp.problems import Problem
from webapp.sealing import load_or_create_key
from webapp.services import turns
from webapp.views.schemas_kiosk import TurnIn


def verified(kiosk: Kiosk, told: TurnIn) -> Turn:
    """Return the turn with what is known of its PIN, for good. Raises what `turns.begin` does."""
    try:
        return _verified(kiosk, told)
    except IntegrityError:
        # The same turn came twice at once and the other was first: now it is known.
        session().rollback()
        return _verified(kiosk, told)


def settled(kiosk: Kiosk, raw: object) -> dict[str, Any]:
    """Say what is known of a turn that came with its work; "unknown" if it cannot be taken in."""
    try:
        told = TurnIn.model_validate(raw)
    except ValidationError:
        return _unknown(raw, "turn_unreadable")
    try:
        turn = verified(kiosk, told)
    except Problem as problem:
        session().rollback()
        return _unknown(raw, "turn_unknown" if problem.code == "not_found" else problem.code)
    status = "verified" if turn.verified_at else "refused"
    return {"turn": turn.id, "status": status, "code": turn.refused_because}


def named_by(raw: object) -> str | None:
    """Return the id of the turn that a command names, if it is one that could be known."""
    named = raw.get("turn") if isinstance(raw, dict) else None
    is_id = isinstance(named, str) and len(named) <= 64 and "\0" not in named
    return str(named) if is_id else None


def _unknown(raw: object, code: str) -> dict[str, Any]:
    named = raw.get("turn") if isinstance(raw, dict) else None
    return {"turn": str(named or "")[:64], "status": "unknown", "code": code}


def _verified(kiosk: Kiosk, told: TurnIn) -> Turn:
    brought = turns.Brought(told.turn, told.person, told.started_at, told.sealed)
    turn = turns.begin(session(), kiosk, brought, now())
    is_settled, claim = turn.is_settled, turns.claim_of(turn)
    session().commit()
    if is_settled:
        return turn
    is_borne_out = _is_borne_out(claim, told.sealed)
    done = turns.settle(session(), kiosk, claim.turn_id, is_borne_out, now())
    session().commit()
    return done


def _is_borne_out(claim: turns.Claim, sealed: str) -> bool:
    """Slow, so outside any transaction; a seal that is none takes as long as a wrong PIN."""
    opened = load_or_create_key(settings().data_dir).open(sealed)
    if opened is None:
        return claim.is_borne_out("", "", "")
    return claim.is_borne_out(opened.person, opened.turn, opened.pin)
