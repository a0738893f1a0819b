"""The owner's decision on a proof, bound to the exact evidence that was seen."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, selectinload

from webapp.models import Person, Proof, Review, StepRun
from webapp.problems import Problem
from webapp.rules import chain as chains
from webapp.rules.escalation import after_send_back
from webapp.rules.proof_gate import LIKE_NOTES
from webapp.rules.sentences import N_
from webapp.services import later, leaving, messages, reach, record, step_runs

# For so long a decision may be taken back. Who is sent something back hears of it only then; of an
# approval nobody is told.
MAY_UNDO = {"approve": timedelta(minutes=1), "send_back": timedelta(seconds=10)}
PROOF_WORDS = {
    "photo": N_("photo"),
    "number": N_("reading"),
    "note": N_("note"),
    "signature": N_("signature"),
    "file": N_("file"),
    "scan": N_("scan"),
    "timed": N_("check"),
}
CLOSER_LOOK = {
    "photo_used_before": N_("The same photo came before."),
    "photo_like_before": N_("It looks like an earlier photo."),
    "photo_of_reference": N_("It is the picture of how it should look."),
}


def waiting(session: Session, person: Person) -> list[StepRun]:
    """Return what waits for a decision that this person may take, oldest first."""
    query = (
        select(StepRun)
        .join(StepRun.proof)
        .options(
            contains_eager(StepRun.proof).selectinload(Proof.blob),
            selectinload(StepRun.handoffs),
        )
        .where(StepRun.org_id == person.org_id, StepRun.state == "in_review")
        .order_by(Proof.received_at, StepRun.id)
    )
    return [each for each in session.scalars(query).unique() if may_review(person, each)]


def may_review(person: Person, step_run: StepRun) -> bool:
    """Whether the person may decide: an owner, or a manager of the run's location."""
    return reach.manages(person, step_run.run.location)


def find(session: Session, person: Person, step_run_id: str, *, lock: bool = False) -> StepRun:
    """Return a step run whose proof this person may review, or raise not_found."""
    step_run = step_runs.get(session, person.org_id, step_run_id, lock=lock)
    if not may_review(person, step_run):
        raise Problem("not_found")
    return step_run


def last_decisions(session: Session, step_run_ids: list[str]) -> dict[str, Review]:
    """Return the newest decision on each of these step runs."""
    query = (
        select(Review).where(Review.step_run_id.in_(step_run_ids)).order_by(Review.at, Review.id)
    )
    return {review.step_run_id: review for review in session.scalars(query)}


def sent_back_before(session: Session, step_runs: list[StepRun]) -> dict[str, tuple[Review, Proof]]:
    """Return what was last sent back of each of these, with its proof, by the step run's id."""
    query = (
        select(Review, Proof)
        .join(Proof, Proof.id == Review.proof_id)
        .where(Review.step_run_id.in_([each.id for each in step_runs]))
        .where(Review.decision == "send_back", Proof.state == "sent_back")
        .order_by(Review.at, Review.id)
    )
    return {review.step_run_id: (review, proof) for review, proof in session.execute(query)}


def proofs_of(session: Session, step_run: StepRun) -> list[Proof]:
    """Return everything that was given for a step run, oldest first."""
    query = select(Proof).where(Proof.step_run_id == step_run.id)
    return list(session.scalars(query.order_by(Proof.received_at, Proof.id)))


def looked_like(session: Session, step_runs: list[StepRun]) -> dict[str, tuple[Proof, StepRun]]:
    """Return the earlier photo that each of these proofs is reviewed for, by the proof's id.

    One that looks as the step's photos usually do there is not among them.
    """
    proofs = [each.proof for each in step_runs if each.proof]
    noted = [each for each in proofs if LIKE_NOTES.intersection(each.notes) and each.like_id]
    if not noted:
        return {}
    earlier = (
        select(Proof, StepRun)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .where(Proof.id.in_([each.like_id for each in noted]))
    )
    found = {proof.id: (proof, step_run) for proof, step_run in session.execute(earlier).unique()}
    return {each.id: found[each.like_id] for each in noted if each.like_id in found}


def closer_look(proof: Proof) -> str:
    """Return why a photo is worth a closer look than others; empty when nothing was noted."""
    return next((words for note, words in CLOSER_LOOK.items() if note in proof.notes), "")


def approve(
    session: Session, reviewer: Person, step_run: StepRun, seen: str, now: datetime
) -> Review:
    """Approve the proof that was seen; the step is done."""
    review = _decide(session, reviewer, step_run, seen, "approve", None, now)
    step_run.state, step_run.closed_at = "done", now
    _note(session, reviewer, step_run, review, "review.approved", now)
    step_runs.close_run_if_done(session, step_run.run, now)
    return review


def send_back(
    session: Session, reviewer: Person, step_run: StepRun, seen: str, reason: str, now: datetime
) -> Review:
    """Reopen only this step for a new attempt; the old evidence stays where it is."""
    if not reason.strip():
        raise Problem(
            "reason_missing", fields={"reason": N_("Say what is missing, in a few words.")}
        )
    review = _decide(session, reviewer, step_run, seen, "send_back", reason.strip(), now)
    proof = step_run.proof
    assert proof is not None, "what was decided has a proof"
    proof.state = "sent_back"
    _reopen(step_run, now)
    leaving.let_go_again(session, step_run, now)
    session.flush()
    _note(session, reviewer, step_run, review, "review.sent_back", now)
    later.follow(session, step_run.run, now)
    messages.tell_sent_back(session, step_run, review, now, due_at=now + MAY_UNDO["send_back"])
    return review


def _reopen(step_run: StepRun, now: datetime) -> None:
    chain = chains.from_json(step_run.chain)
    step_run.escalate_at = after_send_back(chain, step_run.level, step_run.deadline_at, now)
    is_last = step_run.level == step_run.last_level
    step_run.moves_at = None if is_last else step_run.escalate_at
    step_run.state, step_run.escalate_why = "open", "missed"
    step_run.attempt += 1
    step_run.sent_back_at = now
    step_run.proof = None
    step_run.closed_by = None
    step_run.claimed_at = None
    step_run.claim_paused = False


def _decide(
    session: Session,
    reviewer: Person,
    step_run: StepRun,
    seen: str,
    decision: str,
    reason: str | None,
    now: datetime,
) -> Review:
    proof = step_run.proof
    if step_run.state != "in_review" or proof is None:
        raise Problem("already_decided")
    if seen != proof.evidence_sha256:
        raise Problem("proof_replaced")
    review = Review(
        org_id=step_run.org_id,
        step_run_id=step_run.id,
        proof_id=proof.id,
        evidence_sha256=seen,
        decision=decision,
        reason=reason,
        reviewer=reviewer,
        at=now,
    )
    session.add(review)
    messages.withdraw(session, step_run, ("review",), now)
    return review


def _note(
    session: Session,
    reviewer: Person,
    step_run: StepRun,
    review: Review,
    kind: str,
    now: datetime,
) -> None:
    payload = {
        "title": step_run.title,
        "attempt": step_run.attempt,
        "proof": review.proof_id,
        "evidence": review.evidence_sha256,
        "by": {"id": reviewer.id, "name": reviewer.name},
        "reason": review.reason,
    }
    record.note(session, step_run.org_id, now, kind, reviewer.id, step_run.id, payload)
