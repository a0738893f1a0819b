"""The kept photos and files, compared with the hashes that the record names."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Blob, Event
from webapp.rules.record import Broken
from webapp.services import blobs, erasure, pictures

AT_ONCE = 500


def broken(session: Session, org_id: str, directory: Path) -> list[Broken]:
    """Return each event that names a photo or file which is not here as it was kept."""
    return list(_broken(session, org_id, directory))


def _broken(session: Session, org_id: str, directory: Path) -> Iterator[Broken]:
    erased = _erased(session, org_id)
    query = (
        select(Event.seq, Event.subject, Event.payload, Blob)
        .outerjoin(Blob, (Blob.org_id == Event.org_id) & (Blob.sha256 == Event.subject))
        .where(Event.org_id == org_id, Event.kind == blobs.KEPT)
        .order_by(Event.seq)
    )
    rows = session.execute(query.execution_options(yield_per=AT_ONCE))
    for seq, sent, payload, blob in rows:
        if seq < erased.get(sent, 0):
            continue  # given once more since, it has an event of its own
        if reason := _fault(seq, (payload or {}).get("stored"), blob, directory):
            yield Broken(seq, reason)


def _erased(session: Session, org_id: str) -> dict[str, int]:
    """The last event that tells of each photo that it was erased, by the hash of what was sent."""
    told = erasure.erasures(session, org_id)
    return {photo: each.seq for each in told for photo in each.photos}


def _fault(seq: int, stored: object, blob: Blob | None, directory: Path) -> str | None:
    if blob is not None and blob.erased_at is not None:
        return f"Event {seq} names a photo that was erased, and the record does not tell of it."
    path = _path(blob, directory) if blob is not None else None
    if path is None or not path.is_file():
        return f"Event {seq} names a photo that is missing."
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != stored:
            return f"Event {seq} names another photo than the one that is kept."
    return None


def _path(blob: Blob, directory: Path) -> Path:
    whole = blobs.stored_path(directory, blob)
    return whole if blob.width is None else pictures.sized(whole, "page")
