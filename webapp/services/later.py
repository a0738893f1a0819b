"""Steps that open later than their run: they follow what becomes of the steps before them."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import exists, null, or_, select
from sqlalchemy.orm import Session

from webapp.models import Person, Run, StepRun
from webapp.rules import later as rules
from webapp.rules.later_words import asks, why_not
from webapp.rules.proof import requirement_from_json
from webapp.rules.sentences import Sentence
from webapp.services import locked, messages, record, step_runs

# What may be unsent of a step that is taken away from its holder again.
MESSAGES = ("reminder", "handoff", "handed_back", "sent_back")


def follow(session: Session, run: Run, now: datetime) -> None:
    """Let the later steps of an open run follow the answers that there are.

    One opens, waits for its time, or is left out as not needed; and it goes back when its answer
    is taken back, as long as nothing was given for it. The caller holds the run's lock.
    """
    if run.state != "open" or not _has_later(session, run):
        return
    session.flush()
    steps = _locked_steps(session, run)
    for step in steps:
        if step.is_later:
            _follow(session, step, verdict(step, steps), now)
            session.flush()


def run_to_follow(session: Session, now: datetime) -> tuple[str, str] | None:
    """Return (step run, run) of the follow-up whose opening is due longest; None without one.

    The run is locked, as for every change from outside; one that is locked already waits for the
    next look.
    """
    query = (
        select(StepRun.id, StepRun.run_id)
        .join(Run, Run.id == StepRun.run_id)
        .where(StepRun.opens_at <= now, StepRun.set_aside_at.is_(None), Run.state == "open")
        .order_by(StepRun.opens_at, StepRun.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Run, key_share=True)
    )
    row = session.execute(query).one_or_none()
    return None if row is None else (row.id, row.run_id)


def verdict(step: StepRun, steps: Iterable[StepRun]) -> rules.Verdict:
    """Whether a later step is needed, by what became of the steps before it."""
    earlier = {each.step_key: earlier_of(each) for each in steps if each.position < step.position}
    only_if = rules.condition_from_json(step.only_if)
    return rules.decide(only_if, rules.follow_up_from_json(step.follow_up), earlier)


def due_at(step: StepRun) -> datetime:
    """Return when a step is due, one that is to open at a known time counted from then."""
    if step.opens_at is None:
        return step.deadline_at
    follow_up = rules.follow_up_from_json(step.follow_up)
    return rules.deadline_of(follow_up, step.run.deadline_at, step.opens_at)


def earlier_of(step: StepRun) -> rules.Earlier:
    """Return what became of a step, for the later ones that ask of it."""
    became = rules.became(step.state, by_itself=step.not_needed is not None)
    proof = step.proof if became == "done" else None
    return rules.Earlier(
        title=step.title,
        became=became,
        requirement=requirement_from_json(step.requirement),
        number=Decimal(proof.content["value"]) if proof and proof.kind == "number" else None,
        done_at=rules.done_at(proof.captured_at, proof.received_at, proof.trust) if proof else None,
    )


def words(step: StepRun, steps: Iterable[StepRun]) -> list[Sentence]:
    """Return what a later step waits for, or why it was not needed."""
    if step.not_needed is not None:
        return [why_not(step.not_needed)]
    earlier = {each.step_key: earlier_of(each) for each in steps if each.position < step.position}
    only_if = rules.condition_from_json(step.only_if)
    return asks(only_if, rules.follow_up_from_json(step.follow_up), earlier)


def wait_again(session: Session, step: StepRun, now: datetime) -> None:
    """Put a later step back to where it waits; what moved it along its chain no longer stands."""
    for handoff in step.handoffs:
        handoff.returned_at = now
    _rest(step, "waiting")
    step.level, step.holder, step.missed_at = 0, None, None
    step.opened_at = step.closed_at = None
    step.not_needed = step.skip_reason = None
    messages.withdraw(session, step, MESSAGES, now)
    _note(session, step, "step.waits_again", {}, now)
    session.flush()
    session.expire(step, ["handoffs", "moves"])


def _has_later(session: Session, run: Run) -> bool:
    if (known := locked.known_of(session, run)) is not None:
        return known.has_later
    asks = or_(StepRun.only_if.is_not(null()), StepRun.follow_up.is_not(null()))
    return bool(session.scalar(select(exists().where(StepRun.run_id == run.id, asks))))


def _locked_steps(session: Session, run: Run) -> list[StepRun]:
    query = (
        select(StepRun)
        .where(StepRun.run_id == run.id)
        .order_by(StepRun.position)
        .with_for_update(of=StepRun, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _follow(session: Session, step: StepRun, verdict: rules.Verdict, now: datetime) -> None:
    if step.state == "waiting":
        _wait(session, step, verdict, now)
    elif step.not_needed is not None and verdict.needed is not False:
        wait_again(session, step, now)
        _wait(session, step, verdict, now)
    elif step.state == "open" and not step_runs.has_evidence(session, step):
        if verdict.needed is False:
            _leave_out(session, step, verdict, now)
        elif verdict.needed is None and step.missed_at is None:
            wait_again(session, step, now)


def _wait(session: Session, step: StepRun, verdict: rules.Verdict, now: datetime) -> None:
    """A waiting step opens, is left out, or waits on; the row says until when."""
    if verdict.needed is False:
        _leave_out(session, step, verdict, now)
    elif verdict.needed is None or (verdict.opens_at is not None and verdict.opens_at > now):
        step.opens_at = verdict.opens_at
    else:
        _open(session, step, verdict.opens_at, now)


def _open(session: Session, step: StepRun, opens_at: datetime | None, now: datetime) -> None:
    """Its holder hears of it, unless they are away or gave the answer themselves."""
    follow_up = rules.follow_up_from_json(step.follow_up)
    step.opened_at, step.opens_at = rules.opened_from(opens_at, now), None
    step.deadline_at = rules.deadline_of(follow_up, step.run.deadline_at, step.opened_at)
    step_runs.open_step(session, step, now)
    holder = step.holder
    assert holder is not None, "an open step has a holder"
    is_told = step.escalate_why == "missed" and not _answered(step, holder)
    if is_told:
        messages.tell_opened(session, step, now)
    facts = {
        "holder": {"id": holder.id, "name": holder.name},
        "deadline_at": step.deadline_at,
        "told": is_told,
    }
    _note(session, step, "step.opened", facts, now)


def _answered(step: StepRun, holder: Person) -> bool:
    """Whether its holder has just answered what it waited for, and knows; a wait is forgotten."""
    return step.follow_up is None and holder.id in step_runs.who_answered(step)


def _leave_out(session: Session, step: StepRun, verdict: rules.Verdict, now: datetime) -> None:
    assert verdict.because is not None, "what is not needed is so for a reason"
    _rest(step, "skipped")
    step.not_needed, step.closed_at = verdict.because, now
    step.skip_reason = str(why_not(verdict.because))
    messages.withdraw(session, step, MESSAGES, now)
    _note(session, step, "step.not_needed", {"reason": step.skip_reason}, now)


def _rest(step: StepRun, state: str) -> None:
    step.state = state
    step.opens_at = step.escalate_at = step.moves_at = None


def _note(
    session: Session, step: StepRun, kind: str, more: dict[str, object], now: datetime
) -> None:
    payload = {"title": step.title} | more
    record.note(session, step.org_id, now, kind, record.SYSTEM, step.id, payload)
