"""Taking a decision on a proof back, as long as nothing has been built on it."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from webapp.models import Person, Proof, Review, StepRun
from webapp.problems import Problem
from webapp.services import later, messages, record, reviews


def withdraw(session: Session, reviewer: Person, step_run: StepRun, now: datetime) -> None:
    """Take back this reviewer's last decision on a locked step run: its proof waits again.

    Decision and second thought both stay in the record. Raises `Problem` undo_too_late once
    its time (`reviews.MAY_UNDO`) has passed, or when somebody acted on the decision meanwhile.
    """
    review = _last_of(session, reviewer, step_run)
    if review is None:
        raise Problem("not_found")
    if _until(session, step_run, review, now) is None:
        raise Problem("undo_too_late")
    proof = session.get_one(Proof, review.proof_id)
    messages.withdraw(session, step_run, ("sent_back",), now)
    if review.decision == "approve":
        _open_run_again(session, step_run, now)
    session.delete(review)
    session.flush()
    _back_into_review(step_run, proof)
    step_run.sent_back_at = _sent_back_before(session, step_run)
    payload = {
        "title": step_run.title,
        "attempt": step_run.attempt,
        "decision": review.decision,
        "decided_at": review.at.isoformat(),
        "proof": proof.id,
        "by": {"id": reviewer.id, "name": reviewer.name},
    }
    kind = "review.withdrawn"
    record.note(session, step_run.org_id, now, kind, reviewer.id, step_run.id, payload)
    later.follow(session, step_run.run, now)


def until(session: Session, reviewer: Person, step_run: StepRun, now: datetime) -> datetime | None:
    """Return until when this reviewer may take the last decision back; None when they may not."""
    review = _last_of(session, reviewer, step_run)
    return _until(session, step_run, review, now) if review else None


def _last_of(session: Session, reviewer: Person, step_run: StepRun) -> Review | None:
    review = reviews.last_decisions(session, [step_run.id]).get(step_run.id)
    return review if review and review.reviewer_id == reviewer.id else None


def _until(session: Session, step_run: StepRun, review: Review, now: datetime) -> datetime | None:
    end = review.at + reviews.MAY_UNDO[review.decision]
    return end if now < end and not _was_built_on(session, step_run, review) else None


def _was_built_on(session: Session, step_run: StepRun, review: Review) -> bool:
    """Whether the step moved on since: other hands, another proof, or another state."""
    if review.decision == "approve":
        return step_run.state != "done" or step_run.proof_id != review.proof_id
    newer = exists().where(Proof.step_run_id == step_run.id, Proof.attempt > step_run.attempt - 1)
    moved = any(handoff.at > review.at for handoff in step_run.moves)
    return step_run.state != "open" or moved or bool(session.scalar(select(newer)))


def _open_run_again(session: Session, step_run: StepRun, now: datetime) -> None:
    run = step_run.run
    if run.state != "closed":
        return
    run.state, run.closed_at = "open", None
    payload = {"process": run.process.name}
    record.note(session, run.org_id, now, "run.reopened", record.SYSTEM, run.id, payload)


def _sent_back_before(session: Session, step_run: StepRun) -> datetime | None:
    sent_back = (Review.step_run_id == step_run.id, Review.decision == "send_back")
    return session.scalar(select(func.max(Review.at)).where(*sent_back))


def _back_into_review(step_run: StepRun, proof: Proof) -> None:
    step_run.state, step_run.closed_at = "in_review", None
    step_run.escalate_at = None
    step_run.attempt, step_run.proof = proof.attempt, proof
    step_run.closed_by = proof.person
    proof.state = "current"
