"""The files of an export: kept of what was sent or erased since, and made for its readers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Blob, Event
from webapp.services import blobs, pictures
from webapp.services.record_export.asked import Part
from webapp.services.record_export.chosen import blobs_of


@dataclass(frozen=True, slots=True)
class Bytes:
    """What is kept under the hash of what was sent; `path` is None once it was erased."""

    sent: str
    stored: str
    name: str
    path: Path | None
    size: int
    erased_at: str | None


def of(session: Session, directory: Path, part: Part) -> Iterator[Bytes]:
    """Yield what is kept, or was erased, of the proofs of the part, in the order of the hashes."""
    query = select(Blob).where(Blob.org_id == part.org_id, Blob.completed_at.is_not(None))
    if not part.is_all:
        query = query.where(Blob.sha256.in_(blobs_of(part)))
    for blob in session.scalars(query.order_by(Blob.sha256)):
        yield _bytes(directory, blob)


def since(session: Session, directory: Path, org_id: str, seq: int) -> Iterator[Bytes]:
    """Yield what the events after that one name as kept."""
    named = select(Event.subject).where(
        Event.org_id == org_id, Event.seq > seq, Event.kind == blobs.KEPT
    )
    query = select(Blob).where(Blob.org_id == org_id, Blob.sha256.in_(named))
    for blob in session.scalars(query.order_by(Blob.sha256)):
        yield _bytes(directory, blob)


def made(directory: Path) -> Iterator[tuple[str, Path]]:
    """Yield what was made for an export, each file with its name in it, in the order of names."""
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            yield path.relative_to(directory).as_posix(), path


def _bytes(directory: Path, blob: Blob) -> Bytes:
    whole = blobs.stored_path(directory, blob)
    is_picture = blob.width is not None
    path = pictures.sized(whole, "page") if is_picture else whole
    name = f"photos/{blob.sha256}.jpg" if is_picture else f"files/{blob.sha256}"
    is_here = blob.erased_at is None and path.is_file()
    erased_at = blob.erased_at.isoformat() if blob.erased_at else None
    size = path.stat().st_size if is_here else 0
    kept = path if is_here else None
    return Bytes(blob.sha256, blob.stored_sha256 or "", name, kept, size, erased_at)
