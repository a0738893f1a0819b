"""Pictures that show how a step should look: taken in, fit to be used, and shown to whom."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import (
    Blob,
    ChainLevel,
    Person,
    Process,
    ProcessVersion,
    Proof,
    Run,
    Step,
    StepRun,
)
from webapp.problems import Problem
from webapp.rules.sentences import N_, say
from webapp.services import blobs, pictures
from webapp.services.definitions.draft import DraftPicture, ProcessDraft

LONGEST_ALT = 200
NOT_HERE = N_("This picture is not here yet. Upload it first.")


def take_in(session: Session, directory: Path, org_id: str, content: bytes, now: datetime) -> str:
    """Keep the picture, re-encoded as a photo is, and return its SHA-256.

    Raises "blob_too_large", "not_an_image" or "image_too_many_pixels". Slow, for it decodes the
    picture: where others wait for the database, `store` belongs outside the transaction.
    """
    blob = expected(session, org_id, content, now)
    arriving = blobs.upload_of(blob)
    if not arriving.is_complete:
        kept = store(directory, arriving, content)
        blobs.note_part(blob, len(content), len(content), kept, now)
        blobs.forget_part(directory, arriving)
    return checked(blob)


def expected(session: Session, org_id: str, content: bytes, now: datetime) -> Blob:
    """Return the blob of this content, announced now if it is new here."""
    sha256 = hashlib.sha256(content).hexdigest()
    return blobs.expect(session, org_id, sha256, len(content), now)


def store(directory: Path, arriving: blobs.Upload, content: bytes) -> pictures.Kept:
    """Write and decode the content, apart from the database."""
    blobs.write_part(directory, arriving, 0, content)
    return blobs.finish(directory, arriving, len(content))


def checked(blob: Blob) -> str:
    """Return the hash of a blob that can be shown, or raise what is wrong with it."""
    if blob.problem:
        raise Problem(blob.problem)
    return blob.sha256


def faults(session: Session, org_id: str, draft: ProcessDraft) -> dict[str, str]:
    """Return what is wrong with the draft's pictures, by field."""
    return {
        f"steps[{index}].{part}": sentence
        for index, step in enumerate(draft.steps)
        if step.picture
        for part, sentence in _faults(session, org_id, step.picture)
    }


def _faults(session: Session, org_id: str, picture: DraftPicture) -> Iterator[tuple[str, str]]:
    blob = session.get(Blob, (org_id, picture.sha256))
    if blob is None or blob.completed_at is None:
        yield "picture", say(NOT_HERE)
    elif blob.width is None:
        yield "picture", say("This file is not a picture that can be shown. Choose another.")
    elif _is_only_a_proof(session, blob):
        yield "picture", say("This photo is somebody's proof. Choose a picture of its own.")
    words = picture.alt.strip()
    if not words:
        yield "picture.alt", say("Say in a few words what the picture shows.")
    elif len(words) > LONGEST_ALT:
        yield (
            "picture.alt",
            say("Use at most %(most)s characters to say what it shows.", most=LONGEST_ALT),
        )


def _is_only_a_proof(session: Session, blob: Blob) -> bool:
    """Whoever knows the name of a proof must not come to see it by naming it as a picture."""
    is_proof = exists().where(Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256)
    is_picture = _with_picture(blob.org_id, blob.sha256).exists()
    return bool(session.scalar(select(is_proof & ~is_picture)))


def may_see(session: Session, person: Person, sha256: str) -> bool:
    """Whether the person may see a process or a run with a step that shows this picture.

    Owners and managers see every process. Staff see the runs in whose chain they stand, which is
    their version's, and what they hold or have closed.
    """
    processes = _with_picture(person.org_id, sha256)
    if person.role != "staff":
        return bool(session.scalar(select(processes.exists())))
    in_chain = ProcessVersion.chain.any(ChainLevel.person_id == person.id)
    has_run = exists().where(Run.version_id == ProcessVersion.id)
    theirs = exists().where(
        StepRun.org_id == person.org_id,
        StepRun.picture_sha256 == sha256,
        or_(StepRun.holder_id == person.id, StepRun.closed_by_id == person.id),
    )
    return bool(session.scalar(select(processes.where(in_chain, has_run).exists() | theirs)))


def _with_picture(org_id: str, sha256: str) -> Select[str]:
    """Steps of any version of the organisation's processes that show this picture."""
    return (
        select(Step.id)
        .join(ProcessVersion, ProcessVersion.id == Step.version_id)
        .join(Process, Process.id == ProcessVersion.process_id)
        .where(Process.org_id == org_id, Step.picture_sha256 == sha256)
    )
