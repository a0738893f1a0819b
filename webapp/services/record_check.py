"""Checking a record: its chain, what was taken out of it, and heads that left the building."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.rules.record import Broken, Verified
from webapp.services import erasure, record_anchors, record_segments


def check(
    session: Session, org_id: str, anchors: Sequence[tuple[int, str]] = ()
) -> Verified | list[Broken]:
    """Return that the whole record of the organisation stands, or everything that does not.

    `anchors` are heads that are known from elsewhere: sequence number and hash.
    """
    verdict = record_segments.verify(session, org_id)
    faults = [verdict] if isinstance(verdict, Broken) else []
    seq = erasure.unsaid(session, org_id)
    if seq is not None:
        faults.append(Broken(seq, f"Event {seq} is empty, and no event tells of an erasing."))
    faults += record_anchors.broken(session, org_id, anchors)
    return verdict if isinstance(verdict, Verified) and not faults else faults
