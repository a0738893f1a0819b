"""Uploads that began and did not end: how much room they may take, and when it is given back."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from webapp.models import Blob, Proof, StepRun
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import blobs, record

# What an organisation's unfinished uploads may take on the disk: some seventy of the largest.
MOST_UNFINISHED = 1024 * 1024 * 1024
# An upload that nobody went on with for so long is given up; the owner hears of it before.
GIVEN_UP_AFTER = timedelta(days=30)
NAMED_AFTER = timedelta(days=23)


@dataclass(frozen=True, slots=True)
class Lingering:
    """An upload that nobody finished, with the claims that wait for it."""

    blob: Blob
    claims: tuple[tuple[Proof, StepRun], ...]

    @property
    def given_up_at(self) -> datetime:
        """When what has come of it may be cleared away."""
        return self.blob.created_at + GIVEN_UP_AFTER


def check_room(
    session: Session, arriving: blobs.Upload, size: int, directory: Path, reserve: int
) -> None:
    """Raise no_room before a part would take the disk's reserve, or begin one upload too many."""
    if free_bytes(directory) - size < reserve:
        raise Problem("no_room")
    if arriving.received == 0 and _taken(session, arriving.org_id) > MOST_UNFINISHED:
        words = say(
            "Too many uploads of your organisation have begun and not ended. This one stays safe "
            "on this device and is sent again by itself."
        )
        raise Problem("no_room", words)


def free_bytes(directory: Path) -> int:
    """Return the room on the disk under the directory, which need not be there yet."""
    there = next(each for each in (directory, *directory.parents) if each.is_dir())
    return shutil.disk_usage(there).free


def lingering(
    session: Session, now: datetime, org_id: str | None = None, after: timedelta = NAMED_AFTER
) -> list[Lingering]:
    """Return the uploads begun before that time and not finished, oldest first."""
    query = _unfinished().where(Blob.created_at <= now - after).order_by(Blob.created_at)
    if org_id is not None:
        query = query.where(Blob.org_id == org_id)
    return [Lingering(blob, _claims(session, blob)) for blob in session.scalars(query)]


def give_up(session: Session, directory: Path, org_id: str, sha256: str, now: datetime) -> bool:
    """Begin the upload anew at nothing, if nobody went on with it for long; whether that was so.

    The claim stays: a device that comes back sends all of it. The caller commits, and only then
    removes the bytes (`blobs.forget_part`).
    """
    blob = session.get(Blob, (org_id, sha256), with_for_update=True, populate_existing=True)
    if blob is None or blob.completed_at is not None or _is_in_use(blob, directory, now):
        return False
    payload = {
        "received": blob.received,
        "length": blob.length,
        "steps": [step_run.id for _, step_run in _claims(session, blob)],
    }
    record.note(session, org_id, now, "upload.given_up", record.SYSTEM, sha256, payload)
    blob.received = 0
    return True


@dataclass(frozen=True, slots=True)
class Swept:
    """How much was cleared away, or would be."""

    uploads: int
    strays: int


def sweep(session: Session, directory: Path, now: datetime, *, dry_run: bool = False) -> Swept:
    """Clear away what nobody went on with for long, each upload in a transaction of its own.

    A claim stays, and a device that comes back sends the whole again. Ends the transaction: bytes
    go only after the row says so.
    """
    old = [blobs.upload_of(each.blob) for each in lingering(session, now, after=GIVEN_UP_AFTER)]
    done = sum(_swept(session, directory, arriving, now, dry_run) for arriving in old)
    paths = list(strays(session, directory, now))
    session.rollback()
    for path in () if dry_run else paths:
        path.unlink(missing_ok=True)
    return Swept(done, len(paths))


def _swept(
    session: Session, directory: Path, arriving: blobs.Upload, now: datetime, dry_run: bool
) -> bool:
    given_up = give_up(session, directory, arriving.org_id, arriving.sha256, now)
    if dry_run or not given_up:
        session.rollback()
        return given_up
    session.commit()
    blobs.forget_part(directory, arriving)
    return True


def strays(session: Session, directory: Path, now: datetime) -> Iterator[Path]:
    """Yield the parts that lie on the disk for long and that no upload knows of."""
    for path in sorted((directory / "parts").glob("*/*")):
        known = session.get(Blob, (path.parent.name, path.name))
        is_awaited = known is not None and known.completed_at is None and known.received > 0
        if not is_awaited and now.timestamp() - path.stat().st_mtime > _long():
            yield path


def _is_in_use(blob: Blob, directory: Path, now: datetime) -> bool:
    path = blobs.part_path(directory, blobs.upload_of(blob))
    return path.exists() and now.timestamp() - path.stat().st_mtime < _long()


def _long() -> float:
    return GIVEN_UP_AFTER.total_seconds()


def _taken(session: Session, org_id: str) -> int:
    query = select(func.coalesce(func.sum(Blob.received), 0)).where(
        Blob.org_id == org_id, Blob.completed_at.is_(None)
    )
    return session.scalar(query) or 0


def _unfinished() -> Select[Blob]:
    return select(Blob).where(Blob.completed_at.is_(None), Blob.received > 0)


def _claims(session: Session, blob: Blob) -> tuple[tuple[Proof, StepRun], ...]:
    query = (
        select(Proof, StepRun)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .where(Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256)
        .order_by(Proof.id)
    )
    return tuple((proof, step_run) for proof, step_run in session.execute(query).unique())
