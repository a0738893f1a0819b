"""Completing a step: the proof gate says whether it closes, the conflict table what it means."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import Blob, Person, Proof, StepRun
from webapp.problems import Problem
from webapp.rules import completion as table
from webapp.rules import proof_gate
from webapp.rules.capture_time import CaptureTime
from webapp.rules.escalation import pause_for_claim
from webapp.services import evidence, messages, record, step_runs


@dataclass(frozen=True, slots=True)
class Given:
    """A proof as it was given: by whom, from which device, for which attempt, captured when."""

    person: Person
    device_id: str | None
    command_id: str
    attempt: int
    content: dict[str, Any]
    capture: CaptureTime
    refused_because: table.Authorisation | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The receipt: a status of the conflict table, a stable code, a sentence."""

    status: str
    code: str
    message: str


def complete(session: Session, step_run: StepRun, given: Given, now: datetime) -> Outcome:
    """Judge a completion of a locked step run and carry out what becomes of it.

    Raises `Problem` (proof_refused) when the proof is not enough; nothing has changed then.
    """
    decision = table.decide(_step_facts(step_run), _completion_facts(given))
    blob = evidence.announce(session, step_run.org_id, given.content, now)
    verdict = _judge(session, step_run, given.content, blob)
    if verdict.outcome == "refused":
        raise Problem("proof_refused", verdict.message, reason=verdict.code)
    if decision.status != "applied":
        return _keep_beside(session, step_run, given, decision, now)
    if step_run.run.state == "planned":
        step_runs.open_run(session, step_run.run, now)
    if verdict.outcome == "claims":
        return _claim(session, step_run, given, verdict, now)
    proof = _add_proof(session, step_run, given, "current", verdict.notes, now)
    return _close(session, step_run, proof, decision, verdict.review, now)


def bytes_arrived(session: Session, blob: Blob, now: datetime) -> list[StepRun]:
    """Take up every claim that waited for this blob; return the step runs concerned.

    Each is decided anew, by the time of its capture: the world may have moved on meanwhile.
    """
    query = select(Proof).where(
        Proof.org_id == blob.org_id, Proof.blob_sha256 == blob.sha256, Proof.state == "awaiting"
    )
    concerned = []
    for proof in session.scalars(query.order_by(Proof.received_at)).all():
        step_run = step_runs.get(session, blob.org_id, proof.step_run_id, lock=True)
        session.refresh(proof)
        if proof.state != "awaiting":
            continue
        _take_up(session, step_run, proof, blob, now)
        concerned.append(step_run)
    return concerned


def _take_up(session: Session, step_run: StepRun, proof: Proof, blob: Blob, now: datetime) -> None:
    verdict = _judge(session, step_run, proof.content, blob)
    if verdict.outcome == "refused":
        _refuse_claim(session, step_run, proof, verdict, now)
        return
    decision = table.decide(_step_facts(step_run), _facts_of_proof(proof))
    proof.notes = list(verdict.notes)
    if decision.status == "applied":
        proof.state = "current"
        _close(session, step_run, proof, decision, verdict.review, now)
        return
    proof.state = "attached" if decision.effect == "attach" else "held"
    _explain_miss(step_run, decision, now)
    _note_proof(session, step_run, proof, "proof.kept", now, code=decision.code)


def _refuse_claim(
    session: Session, step_run: StepRun, proof: Proof, verdict: proof_gate.Verdict, now: datetime
) -> None:
    """The bytes are no proof: the step is open again, and the chain goes on where it was."""
    proof.state = "refused"
    others = exists().where(
        Proof.step_run_id == step_run.id, Proof.state == "awaiting", Proof.id != proof.id
    )
    if step_run.state == "claimed" and not session.scalar(select(others)):
        step_run.state, step_run.claimed_at = "open", None
    _note_proof(session, step_run, proof, "proof.refused", now, code=verdict.code)


def _claim(
    session: Session,
    step_run: StepRun,
    given: Given,
    verdict: proof_gate.Verdict,
    now: datetime,
) -> Outcome:
    """The words are here, the bytes are not: hold the chain once, close nothing."""
    proof = _add_proof(session, step_run, given, "awaiting", (), now)
    step_run.escalate_at = pause_for_claim(step_run.escalate_at, now, step_run.claim_paused)
    step_run.claim_paused = True
    step_run.state, step_run.claimed_at = "claimed", now
    _note_proof(session, step_run, proof, "step.claimed", now)
    return Outcome("applied", verdict.code or "claimed", verdict.message or "")


def _close(
    session: Session,
    step_run: StepRun,
    proof: Proof,
    decision: table.Decision,
    review: bool,
    now: datetime,
) -> Outcome:
    session.flush()
    step_run.proof = proof
    step_run.escalate_at = None
    step_run.closed_by = proof.person
    step_run.closed_at = None if review else now
    step_run.state = "in_review" if review else "done"
    _explain_miss(step_run, decision, now)
    messages.withdraw(session, step_run, ("handoff", "sent_back"), now)
    if decision.overtakes_handoffs:
        _overtake(session, step_run, proof.person, now)
    session.flush()
    kind = "step.in_review" if review else "step.done"
    _note_proof(session, step_run, proof, kind, now, code=decision.code)
    if review:
        messages.tell_review(session, step_run, proof, now)
        return Outcome("applied", "in_review", "Received. It waits for approval.")
    step_runs.close_run_if_done(session, step_run.run, now)
    return Outcome("applied", decision.code, decision.message)


def _overtake(session: Session, step_run: StepRun, doer: Person, now: datetime) -> None:
    """Who took the step over is told that it was done in time after all."""
    for handoff in step_run.handoffs:
        handoff.overtaken_at = now
    if step_run.holder_id and step_run.holder_id != doer.id:
        messages.tell_not_needed(session, step_run, step_run.holder_id, doer.name, now)


def _explain_miss(step_run: StepRun, decision: table.Decision, now: datetime) -> None:
    if decision.explains_miss and step_run.miss_explained_at is None:
        step_run.miss_explained_at = now


def _keep_beside(
    session: Session, step_run: StepRun, given: Given, decision: table.Decision, now: datetime
) -> Outcome:
    state = "attached" if decision.effect == "attach" else "held"
    proof = _add_proof(session, step_run, given, state, (), now)
    _explain_miss(step_run, decision, now)
    _note_proof(session, step_run, proof, "proof.kept", now, code=decision.code)
    return Outcome(decision.status, decision.code, decision.message)


def _judge(
    session: Session, step_run: StepRun, content: dict[str, Any], blob: Blob | None
) -> proof_gate.Verdict:
    used = blob is not None and _used_elsewhere(session, step_run, blob)
    return proof_gate.judge(
        proof_gate.requirement_from_json(step_run.requirement),
        evidence.as_evidence(content, blob, used),
        step_run.review,  # type: ignore[arg-type]
    )


def _used_elsewhere(session: Session, step_run: StepRun, blob: Blob) -> bool:
    """Whether the same bytes were given before, for another step run or another attempt."""
    query = exists().where(
        Proof.org_id == blob.org_id,
        Proof.blob_sha256 == blob.sha256,
        or_(Proof.step_run_id != step_run.id, Proof.attempt != step_run.attempt),
        Proof.state != "refused",
    )
    return bool(session.scalar(select(query)))


def _step_facts(step_run: StepRun) -> table.StepFacts:
    first = step_runs.first_handoff(step_run)
    return table.StepFacts(
        state=step_run.state,  # type: ignore[arg-type]
        level=step_run.level,
        people=step_runs.people_so_far(step_run),
        attempt=step_run.attempt,
        handed_over_at=first.due_at if first else None,
        missed_at=step_run.missed_at,
        closed_by=step_run.closed_by_id,
        closed_captured_at=step_run.proof.captured_at if step_run.proof else None,
    )


def _completion_facts(given: Given) -> table.CompletionFacts:
    return table.CompletionFacts(
        person=given.person.id,
        captured_at=given.capture.estimated,
        trust=given.capture.trust,
        attempt=given.attempt,
        authorisation=given.refused_because,
    )


def _facts_of_proof(proof: Proof) -> table.CompletionFacts:
    return table.CompletionFacts(
        person=proof.person_id,
        captured_at=proof.captured_at,
        trust=proof.trust,  # type: ignore[arg-type]
        attempt=proof.attempt,
    )


def _add_proof(
    session: Session,
    step_run: StepRun,
    given: Given,
    state: str,
    notes: tuple[str, ...],
    now: datetime,
) -> Proof:
    content = evidence.kept_form(given.content)
    proof = Proof(
        org_id=step_run.org_id,
        step_run_id=step_run.id,
        attempt=given.attempt,
        kind=content["kind"],
        state=state,
        content=content,
        evidence_sha256=proof_gate.evidence_sha256(content),
        blob_sha256=content.get("sha256"),
        notes=list(notes),
        person=given.person,
        device_id=given.device_id,
        command_id=given.command_id,
        device_at=given.capture.device,
        captured_at=given.capture.estimated,
        received_at=now,
        trust=given.capture.trust,
    )
    session.add(proof)
    session.flush()
    return proof


def _note_proof(
    session: Session,
    step_run: StepRun,
    proof: Proof,
    kind: str,
    now: datetime,
    *,
    code: str | None = None,
) -> None:
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
    }
    record.note(session, step_run.org_id, now, kind, proof.person.id, step_run.id, payload)
