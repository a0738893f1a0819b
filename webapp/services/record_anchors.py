"""Heads that left the building, compared with the record as it is now."""

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Event
from webapp.problems import Problem
from webapp.rules.record import Broken
from webapp.rules.sentences import N_

_WRITTEN = re.compile(r"\s*([1-9][0-9.,\u00a0\u202f]{0,15})\s*[:·\s]\s*([0-9a-fA-F]{64})\s*")


def read(written: str) -> tuple[int, str]:
    """Return number and hash of a head as somebody kept it (51234:ab12…), or raise."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise Problem(
            "not_valid", N_("Write a head as its number, a colon and its 64 letters and digits.")
        )
    return int(re.sub(r"\D", "", found[1])), found[2].lower()


def broken(session: Session, org_id: str, anchors: Iterable[tuple[int, str]]) -> list[Broken]:
    """Return each head that the record does not have: it was written anew up to there, or cut."""
    return [
        Broken(seq, _reason(seq, own))
        for seq, known in anchors
        if (own := _hash(session, org_id, seq)) != known
    ]


def _hash(session: Session, org_id: str, seq: int) -> str | None:
    query = select(Event.hash).where(Event.org_id == org_id, Event.seq == seq)
    return session.scalar(query)


def _reason(seq: int, own: str | None) -> str:
    if own is None:
        return f"Event {seq} is missing: the head names it."
    return f"Event {seq} is not the one that the head names: the record was written anew."
