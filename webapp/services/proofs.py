"""Proofs as rows, and the facts about them that the conflict table decides by."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import Blob, Person, Proof, StepRun, Turn, new_id
from webapp.rules import completion as table
from webapp.rules.capture_time import CaptureTime
from webapp.rules.proof_gate import Verdict, evidence_sha256
from webapp.services import evidence, record, step_runs

# Notes that are no judgement of the proof gate's.
HOW_IT_CAME = ("from_rescue_file",)


@dataclass(frozen=True, slots=True)
class Given:
    """A proof as it was given: by whom, from which device, for which attempt, captured when.

    `notes` say how it came here, `turn_id` in which turn at a kiosk.
    """

    person: Person
    device_id: str | None
    command_id: str
    attempt: int
    content: dict[str, Any]
    capture: CaptureTime
    refused_because: table.Authorisation | None = None
    notes: tuple[str, ...] = ()
    turn_id: str | None = None


def step_facts(step_run: StepRun) -> table.StepFacts:
    """Return what the conflict table needs to know of a step run."""
    first = step_run.handoffs[0] if step_run.handoffs else None
    return table.StepFacts(
        state=step_run.state,  # type: ignore[arg-type]
        level=step_run.level,
        people=step_runs.people_so_far(step_run),
        attempt=step_run.attempt,
        handed_over_at=first.due_at if first else None,
        missed_at=step_run.missed_at,
        closed_by=step_run.closed_by_id,
        closed_captured_at=step_run.proof.captured_at if step_run.proof else None,
        is_later=step_run.is_later,
    )


def completion_facts(given: Given) -> table.CompletionFacts:
    """Return what the conflict table needs to know of a proof just given."""
    return table.CompletionFacts(
        person=given.person.id,
        captured_at=given.capture.estimated,
        trust=given.capture.trust,
        attempt=given.attempt,
        authorisation=given.refused_because,
    )


def facts_of_proof(proof: Proof) -> table.CompletionFacts:
    """Return the same of a proof given earlier, whose bytes came only now."""
    return table.CompletionFacts(
        person=proof.person_id,
        captured_at=proof.captured_at,
        trust=proof.trust,  # type: ignore[arg-type]
        attempt=proof.attempt,
    )


def add(
    session: Session,
    step_run: StepRun,
    given: Given,
    state: str,
    notes: tuple[str, ...],
    now: datetime,
) -> Proof:
    """Add the proof as a row in that state; what it says never changes afterwards."""
    content = evidence.kept_form(given.content)
    proof = Proof(
        id=new_id(),
        org_id=step_run.org_id,
        step_run_id=step_run.id,
        attempt=given.attempt,
        kind=content["kind"],
        state=state,
        content=content,
        evidence_sha256=evidence_sha256(content | {"attempt": given.attempt}),
        blob_sha256=content.get("sha256"),
        notes=[*given.notes, *notes],
        person=given.person,
        device_id=given.device_id,
        command_id=given.command_id,
        device_at=given.capture.device,
        captured_at=given.capture.estimated,
        received_at=now,
        trust=given.capture.trust,
        turn_id=given.turn_id,
    )
    session.add(proof)
    return proof


def notes_with(proof: Proof, judged: tuple[str, ...]) -> list[str]:
    """Return what the gate notes now, beside how the proof came here, which stays so."""
    return [each for each in proof.notes if each in HOW_IT_CAME] + list(judged)


def keep_verdict(proof: Proof, verdict: Verdict) -> None:
    """Keep with the proof what the gate noted, and which earlier photo it looks like."""
    proof.notes = notes_with(proof, verdict.notes)
    if verdict.like is not None:
        proof.like_id, proof.like_distance = verdict.like.proof_id, verdict.like.distance
        proof.like_turned = verdict.like.turned


def was_sent_back(session: Session, step_run: StepRun, blob: Blob) -> bool:
    """Whether these bytes were sent back on this step: an old approval must not fit them again."""
    query = exists().where(
        Proof.step_run_id == step_run.id,
        Proof.blob_sha256 == blob.sha256,
        Proof.state == "sent_back",
    )
    return bool(session.scalar(select(query)))


def note(
    session: Session,
    step_run: StepRun,
    proof: Proof,
    kind: str,
    now: datetime,
    *,
    code: str | None = None,
) -> None:
    """Note in the record what became of a proof."""
    payload = {
        "title": step_run.title,
        "attempt": proof.attempt,
        "level": step_run.level,
        "by": {"id": proof.person.id, "name": proof.person.name},
        "proof": {"id": proof.id, "kind": proof.kind, "evidence": proof.evidence_sha256},
        "content": proof.content,
        "notes": proof.notes,
        "device_at": proof.device_at,
        "captured_at": proof.captured_at,
        "trust": proof.trust,
        "code": code,
    } | at_kiosk(session, step_run.org_id, proof.turn_id)
    record.note(session, step_run.org_id, now, kind, proof.person.id, step_run.id, payload)


def at_kiosk(session: Session, org_id: str, turn_id: str | None) -> dict[str, Any]:
    """Return what the record says of the turn at a kiosk; nothing where there was none."""
    if turn_id is None:
        return {}
    turn = session.get_one(Turn, (org_id, turn_id))
    return {"kiosk": {"id": turn.kiosk.id, "name": turn.kiosk.name, "turn": turn.id}}
