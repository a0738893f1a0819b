"""The evidence of a process as the signals take it: what counted, and when it was captured."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from webapp.models import Proof, Run, StepRun, Turn
from webapp.rules import signals as rules
from webapp.rules.proof_gate import ProofError, parse_number
from webapp.rules.signals import Found, Piece
from webapp.rules.signals import Turn as AtKiosk
from webapp.services.signals import HISTORY, RECENT


def found(session: Session, process_id: str, now: datetime) -> list[Found]:
    """Return what stands out in a process now; reads only, however much there is."""
    session.connection(execution_options={"only_reads": True})
    given = pieces(session, process_id, now - HISTORY)
    at_kiosks = turns(session, given)
    session.rollback()
    return rules.found(given, at_kiosks, now - RECENT)


def pieces(session: Session, process_id: str, since: datetime) -> list[Piece]:
    """Return what proved the steps of a process since then, in order of time.

    Captured, not received: what was done in the dark counts as of when it was done. What cannot
    prove its time is left out, since its pace says nothing; so is what was sent back.
    """
    last: dict[tuple[str, str], Decimal] = {}
    given = []
    for row in session.execute(_query(process_id, since)):
        value = _value(row.content) if row.kind == "number" else None
        given.append(_piece(row, value, last.get((row.location_id, row.step_key))))
        if value is not None:
            last[row.location_id, row.step_key] = value
    return given


def turns(session: Session, of: Iterable[Piece]) -> list[AtKiosk]:
    """Return the turns at the kiosks at which these were given, others' between them too."""
    given = {piece.turn for piece in of if piece.turn}
    if not given:
        return []
    first = min(piece.at for piece in of if piece.turn)
    kiosks = select(Turn.kiosk_id).where(Turn.id.in_(_some(given))).distinct()
    found = session.execute(
        select(Turn.id, Turn.kiosk_id, Turn.person_id, Turn.started_at, Turn.last_at).where(
            Turn.kiosk_id.in_(kiosks), Turn.verified_at.is_not(None), Turn.started_at >= first
        )
    )
    return [AtKiosk(*row) for row in found]


def _some(given: set[str]) -> list[str]:
    """Enough of the turns to name their kiosks: a database takes no more values at once."""
    return sorted(given, reverse=True)[:500]


def _query(process_id: str, since: datetime) -> Select[Any]:
    return (
        select(
            Proof.person_id,
            Proof.kind,
            Proof.content,
            Proof.captured_at,
            Proof.turn_id,
            StepRun.step_key,
            StepRun.deadline_at,
            StepRun.opened_at,
            StepRun.requirement,
            Run.id.label("run_id"),
            Run.location_id,
            Run.opens_at,
        )
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .where(
            Run.process_id == process_id,
            Run.deadline_at > since,
            Proof.state == "current",
            Proof.trust != "unproven",
            Proof.captured_at > since,
        )
        .order_by(Proof.captured_at, Proof.id)
    )


def _piece(row: Row[Any], value: Decimal | None, last: Decimal | None) -> Piece:
    return Piece(
        run=row.run_id,
        place=row.location_id,
        step=row.step_key,
        person=row.person_id,
        kind=row.kind,
        at=row.captured_at,
        opens_at=row.opened_at or row.opens_at,
        due_at=row.deadline_at,
        value=value,
        last=last,
        unit=row.requirement.get("unit"),
        turn=row.turn_id,
    )


def _value(content: dict[str, Any] | None) -> Decimal | None:
    try:
        return parse_number(str((content or {}).get("value", "")))
    except ProofError:
        return None
