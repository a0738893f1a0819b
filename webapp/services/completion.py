"""Completing a step: the proof gate says whether it closes, the conflict table what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session, lazyload

from webapp.models import Blob, Person, Proof, StepRun
from webapp.problems import Problem
from webapp.rules import completion as table
from webapp.rules import proof_gate
from webapp.rules.escalation import pause_for_claim
from webapp.rules.sentences import say
from webapp.services import (
    evidence,
    later,
    leaving,
    likeness,
    locked,
    messages,
    proofs,
    risk,
    step_runs,
)
from webapp.services.reference_likeness import is_of_reference


@dataclass(frozen=True, slots=True)
class Outcome:
    """The receipt: a status of the conflict table, a stable code, a sentence."""

    status: str
    code: str
    message: str


# Remembers with a locked blob what came of its bytes.
Note = Callable[[Blob], None]


def complete(session: Session, step_run: StepRun, given: proofs.Given, now: datetime) -> Outcome:
    """Judge a completion of a locked step run and carry out what becomes of it.

    Raises `Problem` (proof_refused) when the proof is not enough; nothing has changed then.
    """
    if step_run.state == "waiting":
        later.follow(session, step_run.run, now)
    decision = table.decide(proofs.step_facts(step_run), proofs.completion_facts(given))
    blob = evidence.announce(session, step_run.org_id, given.content, now)
    verdict = judge(session, step_run, given.content, blob)
    if verdict.outcome == "refused":
        raise Problem("proof_refused", verdict.message, reason=verdict.code)
    if decision.status != "applied":
        return _keep_beside(session, step_run, given, decision, now)
    if step_run.run.state == "planned":
        step_runs.open_run(session, step_run.run, now)
    if verdict.outcome == "claims":
        return _claim(session, step_run, given, verdict, now)
    proof = proofs.add(session, step_run, given, "current", (), now)
    verdict = risk.weighed(session, step_run, proof, verdict)
    proofs.keep_verdict(proof, verdict)
    return close(session, step_run, proof, decision, verdict.review, now)


def bytes_arrived(
    session: Session, org_id: str, sha256: str, now: datetime, note: Note | None = None
) -> list[StepRun]:
    """Take up every claim that waited for this blob, once it is whole; return the step runs.

    `note` is done under the blob's lock before: it remembers what has just come of it.

    Each is decided anew, by the time of its capture: the world may have moved on meanwhile. The
    step runs are locked before the blob, as everywhere; a claim that came in between is seen
    under the blob's lock, and all is tried again with it.
    """
    claims_on = _claims_on(org_id, sha256)
    while True:
        waiting = set(session.scalars(claims_on.with_only_columns(Proof.step_run_id)))
        step_run_of = locked.at_once(session, org_id, waiting)
        blob = session.get_one(
            Blob, (org_id, sha256), populate_existing=True, with_for_update={"key_share": True}
        )
        claims = session.scalars(claims_on.execution_options(populate_existing=True)).all()
        if {each.step_run_id for each in claims} == waiting:
            break
        session.rollback()
    if note is not None:
        note(blob)
    if blob.completed_at is None:
        return []
    for proof in claims:
        _take_up(session, step_run_of[proof.step_run_id], proof, blob, now)
    return list(step_run_of.values())


def _claims_on(org_id: str, sha256: str) -> Select[Proof]:
    return (
        select(Proof)
        .where(Proof.org_id == org_id, Proof.blob_sha256 == sha256, Proof.state == "awaiting")
        .order_by(Proof.received_at, Proof.id)
        .options(lazyload(Proof.person))  # most often who brings the bytes, and so known
    )


def _take_up(session: Session, step_run: StepRun, proof: Proof, blob: Blob, now: datetime) -> None:
    verdict = judge(session, step_run, proof.content, blob, proof)
    if verdict.outcome == "refused":
        _refuse_claim(session, step_run, proof, verdict, now)
        return
    decision = table.decide(proofs.step_facts(step_run), proofs.facts_of_proof(proof))
    if decision.status == "applied":
        verdict = risk.weighed(session, step_run, proof, verdict)
    proofs.keep_verdict(proof, verdict)
    if decision.status == "applied":
        proof.state = "current"
        close(session, step_run, proof, decision, verdict.review, now)
        return
    proof.state = "attached" if decision.effect == "attach" else "held"
    _explain_miss(step_run, decision, now)
    proofs.note(session, step_run, proof, "proof.kept", now, code=decision.code)


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
        leaving.let_go_again(session, step_run, now)
    proofs.note(session, step_run, proof, "proof.refused", now, code=verdict.code)


def _claim(
    session: Session,
    step_run: StepRun,
    given: proofs.Given,
    verdict: proof_gate.Verdict,
    now: datetime,
) -> Outcome:
    """The words are here, the bytes are not: hold the chain once, close nothing."""
    proof = proofs.add(session, step_run, given, "awaiting", (), now)
    paused = step_run.claim_paused
    step_run.escalate_at = pause_for_claim(step_run.escalate_at, now, paused)
    step_run.moves_at = pause_for_claim(step_run.moves_at, now, paused)
    step_run.claim_paused = True
    step_run.state, step_run.claimed_at = "claimed", now
    proofs.note(session, step_run, proof, "step.claimed", now)
    return Outcome("applied", verdict.code or "claimed", verdict.message or "")


def close(
    session: Session,
    step_run: StepRun,
    proof: Proof,
    decision: table.Decision,
    review: bool,
    now: datetime,
) -> Outcome:
    """Close the step run with its proof, into review where that is asked for."""
    doer = proof.person  # read before the step run is between two states, as a read writes first
    step_run.proof = proof
    step_run.escalate_at = step_run.opens_at = None
    step_run.closed_by = doer
    step_run.closed_at = None if review else now
    step_run.state = "in_review" if review else "done"
    _explain_miss(step_run, decision, now)
    if messages.was_asked(step_run):
        messages.withdraw(session, step_run, ("handoff", "sent_back"), now)
    if decision.overtakes_handoffs:
        _overtake(session, step_run, doer, now)
    kind = "step.in_review" if review else "step.done"
    proofs.note(session, step_run, proof, kind, now, code=decision.code)
    later.follow(session, step_run.run, now)
    if review:
        messages.tell_review(session, step_run, proof, now)
        return Outcome("applied", "in_review", say("Received. It waits for approval."))
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
    session: Session,
    step_run: StepRun,
    given: proofs.Given,
    decision: table.Decision,
    now: datetime,
) -> Outcome:
    state = "attached" if decision.effect == "attach" else "held"
    proof = proofs.add(session, step_run, given, state, (), now)
    _explain_miss(step_run, decision, now)
    proofs.note(session, step_run, proof, "proof.kept", now, code=decision.code)
    return Outcome(decision.status, decision.code, decision.message)


def judge(
    session: Session,
    step_run: StepRun,
    content: dict[str, Any],
    blob: Blob | None,
    own: Proof | None = None,
) -> proof_gate.Verdict:
    """Return what the proof gate says of a proof of this step run; `own` if there is one already.

    What it looks like is kept with `proofs.keep_verdict`, once it is decided what becomes of it.
    """
    judged = evidence.as_evidence(
        content,
        blob,
        like=likeness.find(session, step_run, blob, own) if blob is not None else None,
        of_reference=blob is not None and is_of_reference(session, step_run, blob),
        was_sent_back=blob is not None
        and step_run.attempt > 1
        and proofs.was_sent_back(session, step_run, blob),
    )
    return proof_gate.judge(
        proof_gate.requirement_from_json(step_run.requirement),
        judged,
        step_run.review,  # type: ignore[arg-type]
    )
