"""The engine's duties: open what opens, hand on what was missed. The database is the clock.

Each function does one thing in one transaction that its caller commits; whoever calls them in
a loop does the next thing. Nothing here is remembered between two calls.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.failpoint import reached
from webapp.models import EngineState, Handoff, Person, Run, StepRun
from webapp.rules import chain as chains
from webapp.rules import escalation
from webapp.rules.escalation import first_due_at
from webapp.services import messages, organisations, record


def state(session: Session, *, lock: bool = False) -> EngineState:
    """Return the engine's row, made on first use; locked, it lets one clock plan at a time."""
    row = session.get(EngineState, 1, with_for_update=lock or None, populate_existing=True)
    if row is None:
        row = EngineState(id=1)
        session.add(row)
        session.flush()
    return row


def run_to_open(session: Session, now: datetime) -> Run | None:
    """Return the planned run whose opening is due longest, locked; None when there is none."""
    return session.scalars(
        select(Run)
        .where(Run.state == "planned", Run.opens_at <= now, Run.set_aside_at.is_(None))
        .order_by(Run.opens_at, Run.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Run, key_share=True)
    ).one_or_none()


def step_to_hand_on(session: Session, now: datetime) -> StepRun | None:
    """Return the step run that should have moved longest ago, locked; None when there is none."""
    return session.scalars(
        select(StepRun)
        .where(StepRun.escalate_at <= now, StepRun.set_aside_at.is_(None))
        .order_by(StepRun.escalate_at, StepRun.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=StepRun, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()


def hand_on(session: Session, step_run: StepRun, now: datetime) -> Handoff | None:
    """Move a step run that is due to the next level of its chain; at the last it is missed."""
    chain = chains.from_json(step_run.chain)
    assert step_run.escalate_at is not None, "only a step with a next look is handed on"
    if step_run.level == step_run.last_level:
        _miss(session, step_run, step_run.escalate_at, now)
        return None
    move = escalation.next_handoff(
        chain, step_run.level, step_run.escalate_at, now, _reachable(session)
    )
    if move is None:
        return None
    return _carry_out(session, step_run, move, _reason(step_run), None, now)


def hand_on_because(
    session: Session, step_run: StepRun, words: str, now: datetime
) -> Handoff | None:
    """Move a step run at once, because its holder said that they can't do it."""
    chain = chains.from_json(step_run.chain)
    move = escalation.hand_on_now(chain, step_run.level, now, _reachable(session))
    if move is None:
        return None
    return _carry_out(session, step_run, move, "cannot_do", words, now)


def _carry_out(
    session: Session,
    step_run: StepRun,
    move: escalation.Handoff,
    reason: str,
    words: str | None,
    now: datetime,
) -> Handoff:
    """Write the handoff, the new holder, the message and the event, all or none of them."""
    if move.level == step_run.last_level:
        _answered_by_an_owner(session, step_run)
    chain = chains.from_json(step_run.chain)
    handoff = Handoff(
        org_id=step_run.org_id,
        step_run_id=step_run.id,
        level=move.level,
        from_person=step_run.holder,
        to_person=session.get_one(Person, chain[move.level].person),
        reason=reason,
        words=words,
        due_at=move.due_at,
        at=now,
        passed_over=move.passed_over,
    )
    step_run.handoffs.append(handoff)
    step_run.level = move.level
    step_run.state = "open"
    if reason == "missed" and step_run.missed_at is None:
        step_run.missed_at = move.due_at
    step_run.escalate_at = move.next_due_at
    if move.passed_over is None:
        first_due = first_due_at(chain, step_run.deadline_at)
        step_run.escalate_at = escalation.next_look(move.next_due_at, first_due, step_run.missed_at)
        step_run.holder = handoff.to_person
        messages.withdraw(session, step_run, ("handoff", "sent_back"), now)
        session.flush()
        reached("after_handoff")
        messages.tell_handoff(session, step_run, handoff)
        session.flush()
        reached("after_outbox")
    _note_handoff(session, step_run, handoff, now)
    session.flush()
    return handoff


def _answered_by_an_owner(session: Session, step_run: StepRun) -> None:
    """Put the owner of today at the chain's end when the one that was frozen there has left."""
    *before, last = step_run.chain
    if session.get_one(Person, last["person"]).deactivated_at is None:
        return
    owner = organisations.owner_of(session, step_run.org_id)
    step_run.chain = [*before, last | {"person": owner.id, "name": owner.name}]


def _miss(session: Session, step_run: StepRun, due_at: datetime, now: datetime) -> None:
    """Nobody comes after the last level: the step stays with its holder, and is missed."""
    step_run.escalate_at = None
    if step_run.missed_at is not None:
        return
    assert step_run.holder is not None, "an open step has a holder"
    step_run.missed_at = due_at
    holder = {"id": step_run.holder.id, "name": step_run.holder.name}
    payload = {"title": step_run.title, "holder": holder, "due_at": due_at}
    record.note(session, step_run.org_id, now, "step.missed", record.SYSTEM, step_run.id, payload)
    session.flush()


def _reason(step_run: StepRun) -> str:
    """Why the step moves: as the level before it, if that one was passed over."""
    last = step_run.handoffs[-1] if step_run.handoffs else None
    if last is not None and last.passed_over:
        return last.reason
    left_at = step_run.holder.deactivated_at if step_run.holder else None
    if left_at is None:
        return "missed"
    due = first_due_at(chains.from_json(step_run.chain), step_run.deadline_at)
    early = step_run.escalate_at is not None and step_run.escalate_at < due
    return "deactivated" if early or step_run.escalate_at == left_at else "missed"


def _note_handoff(session: Session, step_run: StepRun, handoff: Handoff, now: datetime) -> None:
    record.note(
        session,
        step_run.org_id,
        now,
        "step.passed_over" if handoff.passed_over else "step.handed_on",
        record.SYSTEM if handoff.reason != "cannot_do" else handoff.from_person.id,
        step_run.id,
        {
            "title": step_run.title,
            "level": handoff.level,
            "from": {"id": handoff.from_person.id, "name": handoff.from_person.name},
            "to": {"id": handoff.to_person.id, "name": handoff.to_person.name},
            "reason": handoff.reason,
            "words": handoff.words,
            "due_at": handoff.due_at,
            "passed_over": handoff.passed_over,
        },
    )


def _reachable(session: Session) -> escalation.Reachable:
    def reason(person_id: str) -> str | None:
        person = session.get_one(Person, person_id)
        return None if person.deactivated_at is None else "deactivated"

    return reason


def set_aside(session: Session, row: Run | StepRun, why: str, now: datetime) -> None:
    """Take a row that cannot be handled out of the engine's way, and say so in the record."""
    row.set_aside_at = now
    if isinstance(row, StepRun):
        row.set_aside_why = why
    subject = "step.set_aside" if isinstance(row, StepRun) else "run.set_aside"
    record.note(session, row.org_id, now, subject, record.SYSTEM, row.id, {"why": why})


def try_again(session: Session, actor: Person, row: Run | StepRun, now: datetime) -> None:
    """Put a row that was set aside back in the engine's way; its next look takes it up."""
    if row.set_aside_at is None:
        return
    row.set_aside_at = None
    if isinstance(row, StepRun):
        row.set_aside_why = None
    kind = "step.tried_again" if isinstance(row, StepRun) else "run.tried_again"
    by = {"id": actor.id, "name": actor.name}
    record.note(session, row.org_id, now, kind, actor.id, row.id, {"by": by})
