"""Verifying turns: counted and kept, then hashed outside any transaction, then settled."""

from sqlalchemy.exc import IntegrityError

from webapp.context import now, session, settings
from webapp.models import Turn
from webapp.sealing import load_or_create_key
from webapp.services import turns
from webapp.views.kiosk_identity import this_kiosk
from webapp.views.schemas_kiosk import TurnIn


def verified(told: TurnIn) -> Turn:
    """Return the turn with what is known of its PIN, for good. Raises what `turns.begin` does."""
    try:
        return _verified(told)
    except IntegrityError:
        # The same turn came twice at once and the other was first: now it is known.
        session().rollback()
        return _verified(told)


def _verified(told: TurnIn) -> Turn:
    brought = turns.Brought(told.turn, told.person, told.started_at, told.sealed)
    turn = turns.begin(session(), this_kiosk(), brought, now())
    is_settled, claim = turn.is_settled, turns.claim_of(turn)
    session().commit()
    if is_settled:
        return turn
    is_borne_out = _is_borne_out(claim, told.sealed)
    settled = turns.settle(session(), this_kiosk(), claim.turn_id, is_borne_out, now())
    session().commit()
    return settled


def _is_borne_out(claim: turns.Claim, sealed: str) -> bool:
    """Slow, so outside any transaction; a seal that is none takes as long as a wrong PIN."""
    opened = load_or_create_key(settings().data_dir).open(sealed)
    if opened is None:
        return claim.is_borne_out("", "", "")
    return claim.is_borne_out(opened.person, opened.turn, opened.pin)
