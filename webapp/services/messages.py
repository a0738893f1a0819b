"""Telling people: rows for the outbox, written with the change they tell of."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Handoff, OutboxMessage, Person, Proof, Review, Run, StepRun, new_id
from webapp.services import organisations, other_channels

# How long a message is worth showing when no next level puts an end to it.
KEEP_FOR = timedelta(hours=24)
KEEP_TEST_FOR = timedelta(minutes=10)


def tell_handoff(session: Session, step_run: StepRun, handoff: Handoff) -> None:
    """Tell the new holder that the step is theirs; worthless once it has moved on again."""
    is_last = handoff.level == step_run.last_level
    facts = {
        "from": handoff.from_person.name,
        "reason": handoff.reason,
        "words": handoff.words,
        "last_resort": is_last,
        "at": handoff.at.isoformat(),
        "dark_since": handoff.dark_since.isoformat() if handoff.dark_since else None,
        "dark_device": handoff.dark_device,
    }
    _tell(
        session,
        step_run,
        "handoff",
        handoff.to_id,
        f"handoff:{handoff.id}",
        facts,
        handoff.at,
        expires_at=None if is_last else step_run.moves_at,
        level=handoff.level,
    )


def tell_new_owner(
    session: Session, step_run: StepRun, before: Person, owner: Person, now: datetime
) -> None:
    """Tell the owner of today that a step of an owner who left is theirs."""
    facts = {"from": before.name, "reason": "deactivated", "words": None, "last_resort": True}
    key = f"owner_changed:{step_run.id}:{owner.id}"
    level = step_run.level
    _tell(session, step_run, "handoff", owner.id, key, facts, now, level=level)


def tell_handed_back(
    session: Session, step_run: StepRun, handoff: Handoff, back_to: Person, now: datetime
) -> None:
    """Tell who stood in that the step is with the one who was away again."""
    facts = {"by": back_to.name}
    _tell(session, step_run, "handed_back", handoff.to_id, f"handed_back:{handoff.id}", facts, now)


def tell_review(session: Session, step_run: StepRun, proof: Proof, now: datetime) -> None:
    """Ask the owner, the last station of the chain, to look at the proof.

    An owner who has left is answered for by the organisation's owner of today.
    """
    facts = {
        "by": proof.person.name,
        "seen": proof.evidence_sha256,
        "photo": proof.blob_sha256 if proof.kind == "photo" else None,
        "notes": proof.notes,
    }
    reviewer = session.get_one(Person, step_run.chain[-1]["person"])
    if reviewer.deactivated_at is not None:
        reviewer = organisations.owner_of(session, step_run.org_id)
    _tell(session, step_run, "review", reviewer.id, f"review:{proof.id}", facts, now)


def tell_sent_back(
    session: Session, step_run: StepRun, review: Review, now: datetime, due_at: datetime
) -> None:
    """Tell the holder at `due_at` that the step is open again, and why; until then unsaid."""
    assert step_run.holder_id is not None, "an open step has a holder"
    facts = {"by": review.reviewer.name, "reason": review.reason}
    key = f"sent_back:{review.id}"
    _tell(session, step_run, "sent_back", step_run.holder_id, key, facts, now, due_at=due_at)


def tell_not_needed(
    session: Session, step_run: StepRun, holder_id: str, by: str, now: datetime
) -> None:
    """Tell somebody who was handed the step that it was done in time after all."""
    assert step_run.proof is not None, "what was done has a proof"
    key = f"not_needed:{step_run.proof.id}"
    _tell(session, step_run, "not_needed", holder_id, key, {"by": by}, now)


def remind(session: Session, run: Run, person: Person, steps: list[StepRun], now: datetime) -> None:
    """Remind who holds these open steps of the run that they are still to do before it is due."""
    only = steps[0] if len(steps) == 1 else None
    row = OutboxMessage(
        org_id=run.org_id,
        person_id=person.id,
        dedupe_key=f"reminder:{run.id}:{person.id}",
        kind="reminder",
        run_id=run.id,
        step_run_id=only.id if only else None,
        facts=_facts_of(run, run.deadline_at) | {"steps": [step.title for step in steps]},
        expires_at=run.deadline_at,
    )
    _put(session, row, now)


def tell_opened(session: Session, step_run: StepRun, now: datetime) -> None:
    """Tell the holder that a step of theirs has opened in the middle of its run."""
    holder_id = step_run.holder_id
    assert holder_id is not None, "an open step has a holder"
    facts = {"steps": [step_run.title]}
    key = f"opened:{step_run.id}:{now.isoformat()}"
    expires_at = max(step_run.deadline_at, now)
    _tell(session, step_run, "reminder", holder_id, key, facts, now, expires_at=expires_at)


def tell_test(session: Session, person: Person, by: Person, now: datetime) -> OutboxMessage:
    """Send a message that asks for nothing, to see whether it arrives."""
    row = OutboxMessage(
        org_id=person.org_id,
        person_id=person.id,
        dedupe_key=f"test:{new_id()}",
        kind="test",
        facts={"by": by.name},
        expires_at=now + KEEP_TEST_FOR,
    )
    _put(session, row, now)
    return row


def was_asked(step_run: StepRun) -> bool:
    """Whether anybody was sent word of this very step: it was handed on, or sent back."""
    has_moved = bool(step_run.moves) or step_run.holder_id != step_run.chain[0]["person"]
    return has_moved or step_run.sent_back_at is not None


def withdraw(session: Session, step_run: StepRun, kinds: tuple[str, ...], now: datetime) -> None:
    """Settle what is still unsent of these kinds: it no longer matters."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.step_run_id == step_run.id,
            OutboxMessage.kind.in_(kinds),
            OutboxMessage.next_attempt_at.is_not(None),
        )
        .values(next_attempt_at=None, settled_at=now, outcome="not_needed", lease=None),
        # Nobody goes on with such a row in the same transaction, and to look for it takes longer.
        execution_options={"synchronize_session": False},
    )


def tell_after_all(session: Session, step_run: StepRun, handoff: Handoff, now: datetime) -> None:
    """Put the message of a handoff that was withdrawn unsent, and what stands behind it, in the
    outbox again: the step is its holder's once more.
    """
    key = f"handoff:{handoff.id}"
    push_id = select(OutboxMessage.id).where(OutboxMessage.dedupe_key == key).scalar_subquery()
    session.execute(
        update(OutboxMessage)
        .where(
            or_(OutboxMessage.dedupe_key == key, OutboxMessage.behind_id == push_id),
            OutboxMessage.outcome == "not_needed",
        )
        .values(
            outcome=None,
            settled_at=None,
            next_attempt_at=now,
            expires_at=step_run.moves_at or now + KEEP_FOR,
        )
    )


def _tell(
    session: Session,
    step_run: StepRun,
    kind: str,
    person_id: str,
    dedupe_key: str,
    facts: dict[str, Any],
    now: datetime,
    *,
    expires_at: datetime | None = None,
    level: int | None = None,
    due_at: datetime | None = None,
) -> None:
    about = _facts_of(step_run.run, step_run.deadline_at) | {"step": step_run.title}
    row = OutboxMessage(
        org_id=step_run.org_id,
        person_id=person_id,
        dedupe_key=dedupe_key,
        kind=kind,
        run_id=step_run.run_id,
        step_run_id=step_run.id,
        level=level,
        facts=about | facts,
        expires_at=expires_at or now + KEEP_FOR,
    )
    _put(session, row, due_at or now)


def _facts_of(run: Run, deadline_at: datetime) -> dict[str, Any]:
    return {
        "process": run.process.name,
        "location": run.location.name,
        "time_zone": run.location.time_zone,
        "deadline_at": deadline_at.isoformat(),
    }


def _put(session: Session, row: OutboxMessage, due_at: datetime) -> None:
    """Every message goes into the outbox here, due from then on, and behind it what may follow."""
    row.channel = "push"
    row.created_at = row.next_attempt_at = due_at
    session.add(row)
    other_channels.stand_behind(session, row, due_at)
