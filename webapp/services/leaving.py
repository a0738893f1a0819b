"""What somebody who leaves, or is away, had in hand here."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import Person, PushSubscription, StepRun
from webapp.services import availability, handoffs, messages, organisations, record, step_runs


def let_go(session: Session, person: Person, now: datetime) -> None:
    """Forget the person's devices, and have the engine look at once at what they hold.

    At the last level nobody comes after them: there an owner of today takes their place.
    """
    session.execute(delete(PushSubscription).where(PushSubscription.person_id == person.id))
    for step_run in _held(session, person, ("open", "claimed")):
        if step_run.level < step_run.last_level:
            _look_now(step_run, "deactivated", now)
        else:
            _answered_by_another_owner(session, step_run, now)


def let_go_while_away(session: Session, person: Person, now: datetime) -> None:
    """Have the engine look at once at what the person holds and cannot take now.

    A claim stays: the work is done, its proof is on the way. So does the last level.
    """
    for step_run in _held(session, person, ("open",)):
        away = availability.is_away(session, person.id, availability.judged_on(step_run, now))
        if away and step_run.level < step_run.last_level:
            _look_now(step_run, "absent", now)


def let_go_again(session: Session, step_run: StepRun, now: datetime) -> None:
    """Have a step that is open again stay with nobody who left or fell sick in the meantime.

    While it was claimed or in review they kept it: the work seemed done.
    """
    assert step_run.holder_id is not None, "an open step has a holder"
    reason = availability.reason_against(session, step_run.holder_id, step_run, now)
    if reason is not None and step_run.level < step_run.last_level:
        _look_now(step_run, reason, now)
    elif reason == "deactivated":
        _answered_by_another_owner(session, step_run, now)


def take_back(session: Session, person: Person, now: datetime) -> int:
    """Give back what moved on only because the person was away; how many steps were given."""
    query = select(StepRun.id).where(
        StepRun.org_id == person.org_id,
        StepRun.state == "open",
        StepRun.missed_at.is_(None),
        StepRun.moves.any(from_id=person.id, reason="absent", returned_at=None),
    )
    returned = 0
    for step_run_id in session.scalars(query.order_by(StepRun.run_id, StepRun.id)).all():
        step_run = step_runs.get(session, person.org_id, step_run_id, lock=True)
        if availability.reason_against(session, person.id, step_run, now) is None:
            returned += handoffs.hand_back(session, step_run, person, now)
    return returned


def _held(session: Session, person: Person, states: tuple[str, ...]) -> list[StepRun]:
    """The person's step runs in these states, locked in the order that everybody keeps."""
    query = (
        select(StepRun.id)
        .where(StepRun.holder_id == person.id, StepRun.state.in_(states))
        .order_by(StepRun.run_id, StepRun.id)
    )
    found = [
        step_runs.get(session, person.org_id, step_run_id, lock=True)
        for step_run_id in session.scalars(query).all()
    ]
    return [each for each in found if each.holder_id == person.id and each.state in states]


def _look_now(step_run: StepRun, why: str, now: datetime) -> None:
    if step_run.escalate_at is not None and step_run.escalate_at > now:
        step_run.escalate_at, step_run.escalate_why = now, why


def _answered_by_another_owner(session: Session, step_run: StepRun, now: datetime) -> None:
    handoffs.answered_by_an_owner(session, step_run)
    owner = organisations.owner_of(session, step_run.org_id)
    before = step_run.holder
    assert before is not None, "an open step has a holder"
    step_run.holder = owner
    messages.tell_new_owner(session, step_run, before, owner, now)
    payload = {
        "title": step_run.title,
        "from": {"id": before.id, "name": before.name},
        "to": {"id": owner.id, "name": owner.name},
    }
    record.note(
        session, step_run.org_id, now, "step.owner_changed", record.SYSTEM, step_run.id, payload
    )
