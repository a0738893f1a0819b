"""Proofs: a closed step has one, and its bytes are still those that were taken in."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Select, and_, select

from webapp.models import Blob, Location, Organisation, Process, Proof, Run, StepRun
from webapp.rules.sentences import N_, say
from webapp.services import blobs, pictures
from webapp.services.audit.finding import Finding
from webapp.services.audit.look import MOST, Look
from webapp.services.audit.steps import found
from webapp.services.audit.subjects import Subject, step_words

# So many files are read in one audit of a long-lived process; the next go on from there.
READ_AT_ONCE = 20
_CHUNK = 1 << 20
_SAYS = {
    "proof_missing": N_("The file of %(step)s is missing."),
    "proof_changed": N_("The file of %(step)s is not the one that was sent."),
}


def check_step(subject: Subject) -> Iterator[Finding]:
    """Find a step that is closed without what closes it."""
    row = subject.row
    if row.state in ("done", "in_review") and row.proof_id is None:
        says = N_("%(step)s is closed without a proof.")
        yield found(subject, "closed_without_proof", says)


def check(look: Look) -> Iterator[Finding]:
    """Find proofs of closed steps whose bytes are missing or changed."""
    proofs = look.session.execute(_with_bytes(look)).all()
    turn = _whose_turn(look, proofs)
    at_fault = 0
    for proof in proofs:
        code = _fault(look, proof, read=proof.id in turn)
        if code is not None and at_fault < MOST:
            at_fault += 1
            sentence = say(_SAYS[code], step=step_words(proof))
            yield Finding(code, proof.step_run_id, proof.org_id, sentence)


def _with_bytes(look: Look) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Proof.id,
            Proof.step_run_id,
            Proof.org_id,
            Proof.blob_sha256,
            Blob.completed_at,
            Blob.stored_sha256,
            Blob.width,
            Blob.erased_at,
            StepRun.title,
            Process.name.label("process"),
            Location.name.label("location"),
        )
        .select_from(Run)
        .join(StepRun, StepRun.run_id == Run.id)
        .join(Proof, Proof.id == StepRun.proof_id)
        .outerjoin(Blob, and_(Blob.org_id == Proof.org_id, Blob.sha256 == Proof.blob_sha256))
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
        .where(Run.org_id.in_(select(Organisation.id)), Proof.blob_sha256.is_not(None))
    )
    if look.memory is not None:
        query = query.where(Run.deadline_at >= look.since)
    return query.order_by(Proof.id)


def _whose_turn(look: Look, proofs: Any) -> set[str]:
    """Whose bytes are read: all in a whole audit, else the next few."""
    ids = [proof.id for proof in proofs]
    if look.memory is None:
        return set(ids)
    after = look.memory.proof_after
    turn = ([each for each in ids if each > after] or ids)[:READ_AT_ONCE]
    look.memory.proof_after = turn[-1] if turn else ""
    return set(turn)


def _fault(look: Look, proof: Any, *, read: bool) -> str | None:
    if proof.erased_at is not None:
        return None
    if proof.completed_at is None:
        return "proof_missing"
    kept = blobs.Upload(proof.org_id, proof.blob_sha256, 0, 0, is_complete=True)
    path = blobs.stored_path(look.blob_dir, kept)
    path = pictures.sized(path, "page") if proof.width is not None else path
    if not path.is_file():
        return "proof_missing"
    if read and proof.stored_sha256 and _hash_of(path) != proof.stored_sha256:
        return "proof_changed"
    return None


def _hash_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            digest.update(part)
    return digest.hexdigest()
