"""Bytes on their way in: announced by hash, resumed at their offset, checked when complete."""

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import Blob, Proof, StepRun
from webapp.problems import Problem
from webapp.rules.sentences import N_
from webapp.services import likeness, pictures, record

LARGEST = 15 * 1024 * 1024
# The event that names the hash of what is kept; its subject is the hash of what was sent.
KEPT = "upload.kept"
_INSERT: dict[str, type[postgresql.Insert] | type[sqlite.Insert]] = {
    "postgresql": postgresql.Insert,
    "sqlite": sqlite.Insert,
}
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Controls, line ends, and what turns the direction of reading (which makes a name look another).
_NOT_IN_A_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class Upload:
    """What is known of a blob, apart from the database: file work happens outside transactions."""

    org_id: str
    sha256: str
    length: int
    received: int
    is_complete: bool


def upload_of(blob: Blob) -> Upload:
    """Return the blob's facts as they are now."""
    return Upload(
        blob.org_id, blob.sha256, blob.length, blob.received, blob.completed_at is not None
    )


def is_hash(text: str) -> bool:
    """Whether the text is a SHA-256 in lower-case hex."""
    return _SHA256.fullmatch(text) is not None


def plain_name(name: str) -> str:
    """Return a file's name without what no name shows: a header cannot carry a line end."""
    return _NOT_IN_A_NAME.sub("", name).strip()


def check_hash(sha256: str) -> str:
    """Return the hash, or raise hash_not_valid."""
    if not is_hash(sha256):
        raise Problem("hash_not_valid")
    return sha256


def expect(session: Session, org_id: str, sha256: str, length: int, now: datetime) -> Blob:
    """Return the blob of that hash, announced now if it is new here."""
    check_hash(sha256)
    if length <= 0:
        raise Problem("bad_request", N_("Say how long the file is, in bytes; it cannot be empty."))
    if length > LARGEST:
        raise Problem("blob_too_large")
    known = session.get(Blob, (org_id, sha256), with_for_update=True)
    if known is not None and known.erased_at is not None:
        _take_anew(known)
    return known or _announce(session, org_id, sha256, length, now)


def _take_anew(blob: Blob) -> None:
    """Bytes that were erased are given again: all of them are needed, once the old ones are gone.

    The blob stays erased until they are here.
    """
    if blob.removed_at is None:
        raise Problem("unavailable")
    if blob.completed_at is not None:
        blob.completed_at, blob.received = None, 0


def _announce(session: Session, org_id: str, sha256: str, length: int, now: datetime) -> Blob:
    """Insert the blob unless another request is just doing so; return the one that is there."""
    insert = _INSERT[session.get_bind().dialect.name]
    fresh = {"org_id": org_id, "sha256": sha256, "length": length, "created_at": now, "received": 0}
    session.execute(insert(Blob).values(fresh).on_conflict_do_nothing())
    return session.get_one(Blob, (org_id, sha256), with_for_update=True)


def find(session: Session, org_id: str, sha256: str) -> Blob | None:
    """Return what is known of a blob, or None."""
    return session.get(Blob, (org_id, check_hash(sha256)))


def check_part(blob: Upload, offset: int, length: int, size: int) -> None:
    """Raise offset_conflict, with the offset to go on at, unless the part belongs there.

    A first part may always tell another length than the one known: whoever told that one first may
    have been wrong, and only the whole, by its hash, shows who was right.
    """
    is_same = length == blob.length
    restarts = offset == 0 and not is_same
    if offset + size > length or not (restarts or (is_same and offset == blob.received)):
        go_on_at = blob.received if is_same else 0
        raise Problem("offset_conflict", offset=go_on_at, length=blob.length)


def write_part(directory: Path, blob: Upload, offset: int, part: bytes) -> None:
    """Write durably: the offset that the database remembers must never lie beyond the bytes.

    A disk that fails or is full rises as OSError; what was written before it stays.
    """
    path = part_path(directory, blob)
    pictures.make_directory(path.parent)
    descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        written = 0
        while written < len(part):  # a disk that is nearly full takes less than it is given
            written += os.pwrite(descriptor, part[written:], offset + written)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    if offset == 0:
        pictures.sync_directory(path.parent)


def finish(directory: Path, blob: Upload, length: int) -> pictures.Kept:
    """Keep all parts as one, as `keep_whole` does. They stay in any case, until `forget_part`."""
    with part_path(directory, blob).open("rb") as file:
        return keep_whole(directory, blob, file.read(length))


def keep_whole(directory: Path, blob: Upload, content: bytes) -> pictures.Kept:
    """Check the hash and keep the content; `problem` is hash_mismatch when it is wrong.

    Slow (it decodes a picture), so it runs outside any transaction. What is no fault of the bytes
    rises as OSError or MemoryError. Content that came at once needs no part on the disk before: its
    offset is told only when the whole lies there for good.
    """
    if hashlib.sha256(content).hexdigest() != blob.sha256:
        return pictures.Kept(problem="hash_mismatch")
    return pictures.keep(content, stored_path(directory, blob))


def forget_part(directory: Path, blob: Upload) -> None:
    """Drop the bytes that arrived; only once the database holds for good what became of them.

    A part that cannot be removed does no harm beyond its room on the disk.
    """
    with suppress(OSError):
        part_path(directory, blob).unlink(missing_ok=True)


def note_part(
    blob: Blob, length: int, received: int, kept: pictures.Kept | None, now: datetime
) -> None:
    """Remember how far the blob has come; after a wrong hash it starts again at nothing."""
    if blob.completed_at is not None:
        return
    blob.length, blob.received = length, received
    blob.problem = kept.problem if kept else None
    if kept is None:
        return
    if kept.problem == "hash_mismatch":
        blob.received = 0
        return
    blob.width, blob.height = kept.width, kept.height
    blob.taken_at, blob.stored_sha256 = kept.taken_at, kept.sha256
    blob.completed_at = now
    blob.erased_at = blob.erased_months = blob.removed_at = None
    session = Session.object_session(blob)
    assert session is not None, "a blob that comes whole was read in a session"
    note_kept(session, blob, now)
    if kept.likeness is not None:
        likeness.keep(blob, kept.likeness)


def note_kept(session: Session, blob: Blob, now: datetime) -> None:
    """Bind in the record what is kept to what was sent: the two differ by the re-encoding."""
    facts = {"stored": blob.stored_sha256, "length": blob.length, "picture": bool(blob.width)}
    record.note(session, blob.org_id, now, KEPT, record.SYSTEM, blob.sha256, facts)
    record.on_disk_first(session)  # a device that asks, and reads so, forgets its own copy


def work_out_likeness(session: Session, directory: Path, at_most: int) -> int:
    """Let photos be compared that were taken in before anybody did; return how many.

    The newest come first. Nothing else waits for it: a photo not yet known is only not found.
    """
    unknown = (
        select(Blob)
        .where(Blob.completed_at.is_not(None), Blob.width.is_not(None), Blob.likeness.is_(None))
        .where(Blob.erased_at.is_(None))
    )
    found = session.scalars(unknown.order_by(Blob.created_at.desc()).limit(at_most)).all()
    for blob in found:
        likeness.keep(blob, pictures.likeness_of(stored_path(directory, blob)))
    return len(found)


def still_missing(session: Session, org_id: str, hashes: list[str]) -> list[str]:
    """Return which of these blobs are still not complete, in the order given."""
    complete = set(
        session.scalars(
            select(Blob.sha256).where(
                Blob.org_id == org_id, Blob.sha256.in_(hashes), Blob.completed_at.is_not(None)
            )
        )
    )
    return [sha256 for sha256 in dict.fromkeys(hashes) if sha256 not in complete]


def step_runs_shown_with(session: Session, blob: Blob) -> list[StepRun]:
    """Return the step runs that this blob is a proof of: who may see one may see the blob."""
    query = (
        select(StepRun)
        .join(Proof, Proof.step_run_id == StepRun.id)
        .where(Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256)
    )
    return list(session.scalars(query).unique())


def file_name(session: Session, blob: Blob) -> str | None:
    """Return what a file that proves a step is called; None for pictures and unknown bytes."""
    query = select(Proof).where(
        Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256, Proof.kind == "file"
    )
    proof = session.scalars(query.order_by(Proof.received_at, Proof.id).limit(1)).first()
    is_file = proof is not None and blob.completed_at is not None and blob.width is None
    if proof is None or not is_file:
        return None
    return plain_name(str(proof.content.get("name") or "")) or "file"


def part_path(directory: Path, blob: Upload) -> Path:
    """Where the bytes lie while they arrive."""
    return directory / "parts" / blob.org_id / blob.sha256


def stored_path(directory: Path, blob: Blob | Upload) -> Path:
    """Where the kept bytes lie; sizes of a picture are beside it (`pictures.sized`)."""
    return directory / blob.org_id / blob.sha256[:2] / blob.sha256
