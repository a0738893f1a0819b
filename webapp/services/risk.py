"""Proofs under the review policy `risky`: what is known of each, and how many were looked at."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session

from webapp.models import Process, Proof, Review, Run, StepRun
from webapp.rules import risk
from webapp.rules.proof_gate import Verdict, parse_number, requirement_from_json
from webapp.services import signals

# The rate is that of so many proofs.
OF_THE_LAST = 40
RUNS_BACK = 3 * OF_THE_LAST


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of the last proofs of a process went to a person."""

    looked_at: int
    of: int


def weighed(session: Session, step_run: StepRun, proof: Proof, verdict: Verdict) -> Verdict:
    """Return the verdict on a proof that closes, into review where its process asks for it."""
    if step_run.review != "risky" or verdict.outcome != "closes":
        return verdict
    session.flush()  # the questions below are about the proof and its person as they are stored
    reasons = risk.reasons(_facts(session, step_run, proof))
    notes = (*verdict.notes, *reasons)
    return replace(verdict, review=verdict.review or bool(reasons), notes=notes)


def rate(session: Session, process: Process) -> Rate:
    """Return how many of the process's last 40 proofs a person looked at, or is asked to."""
    looked_at = or_(
        exists().where(Review.proof_id == Proof.id),
        (StepRun.state == "in_review") & (StepRun.proof_id == Proof.id),
    )
    # What came in last is in the last runs: all that came before them need not be read.
    newest = (
        select(Run.id)
        .where(Run.process_id == process.id, Run.state.in_(("open", "closed")))
        .order_by(Run.deadline_at.desc())
        .limit(RUNS_BACK)
        .subquery()
    )
    query = (
        select(looked_at)
        .select_from(Proof)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .where(
            Run.id.in_(select(newest.c.id)),
            Proof.state.in_(("current", "sent_back")),
        )
        .order_by(Proof.received_at.desc(), Proof.id.desc())
        .limit(OF_THE_LAST)
    )
    found = session.scalars(query).all()
    return Rate(sum(map(bool, found)), len(found))


def _facts(session: Session, step_run: StepRun, proof: Proof) -> risk.Facts:
    requirement = requirement_from_json(step_run.requirement)
    is_number = proof.kind == "number"
    return risk.Facts(
        key=f"{step_run.id}:{proof.attempt}",
        captured_at=proof.captured_at,
        is_first=not session.scalar(select(_given_before(step_run, proof))),
        value=parse_number(proof.content["value"]) if is_number else None,
        minimum=requirement.minimum,
        maximum=requirement.maximum,
        last_values=_last_values(session, step_run, proof) if is_number else (),
        before=_before(session, step_run, proof),
        asks_for_work=proof.kind != "timed",
        is_proven=proof.trust != "unproven",
        was_handed_over=step_run.level > 0,
        has_signal=signals.concern(session, step_run, proof),
    )


def _given_before(step_run: StepRun, proof: Proof) -> ColumnElement[bool]:
    return exists().where(
        StepRun.id == Proof.step_run_id,
        StepRun.step_key == step_run.step_key,
        Proof.org_id == proof.org_id,
        Proof.person_id == proof.person_id,
        Proof.id != proof.id,
        Proof.state.in_(("current", "sent_back")),
    )


def _last_values(session: Session, step_run: StepRun, proof: Proof) -> list[Decimal]:
    query = (
        _earlier(proof)
        .where(
            StepRun.step_key == step_run.step_key,
            Run.process_id == step_run.run.process_id,
            Run.location_id == step_run.run.location_id,
            Proof.kind == "number",
            Proof.state == "current",
        )
        .limit(risk.SAME_IN_A_ROW - 1)
    )
    return [parse_number(row.content["value"]) for row, _place in session.execute(query).unique()]


def _before(session: Session, step_run: StepRun, proof: Proof) -> risk.Before | None:
    """The person's evidence just before; that of their own tap tells nothing of their pace."""
    query = _earlier(proof).where(Proof.person_id == proof.person_id, Proof.kind != "timed")
    row = session.execute(query.limit(1)).unique().first()
    if row is None:
        return None
    earlier, place = row
    return risk.Before(earlier.captured_at, place == step_run.run.location_id)


def _earlier(proof: Proof) -> Select[Proof, str]:
    return (
        select(Proof, Run.location_id)
        .join(StepRun, StepRun.id == Proof.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .where(
            Proof.org_id == proof.org_id,
            Proof.id != proof.id,
            Proof.captured_at <= proof.captured_at,
        )
        .order_by(Proof.captured_at.desc(), Proof.id.desc())
    )
