"""Reminding, once, who still holds open steps of a run before it is due."""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload, load_only

from webapp.models import Person, Run, StepRun
from webapp.services import availability, messages, record


def run_to_remind(session: Session, now: datetime) -> str | None:
    """Return the id of the run whose reminder is due longest, locked; None when there is none.

    Nothing else of it is read here, so that one that cannot be read keeps no other from its turn.
    """
    return session.scalars(
        select(Run.id)
        .where(Run.remind_at <= now)
        .order_by(Run.remind_at, Run.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Run, key_share=True)
    ).one_or_none()


def remind(session: Session, run: Run, now: datetime) -> int:
    """Send one message to each holder of open steps of the run; how many were sent.

    Nobody is reminded of what is overdue, claimed or done, of what is due at a time of its own,
    nor while they are away. The reminder of the run is over with this, whoever comes back or
    takes over later.
    """
    run.remind_at = None
    if now >= run.deadline_at:
        return 0
    holders = [
        (holder, steps)
        for holder, steps in _open_by_holder(session, run)
        if availability.reason_against(session, holder.id, steps[0], now) is None
    ]
    for holder, steps in holders:
        messages.remind(session, run, holder, steps, now)
    if holders:
        _note(session, run, holders, now)
    session.flush()
    return len(holders)


def give_up(session: Session, run_id: str, why: str, now: datetime) -> None:
    """Do without a reminder that cannot be made, and say so in the record.

    It may be that the run cannot even be read: no more is read of it than whose it is.
    """
    little = [load_only(Run.org_id, Run.remind_at), lazyload("*")]
    run = session.get_one(Run, run_id, options=little)
    run.remind_at = None
    record.note(session, run.org_id, now, "run.not_reminded", record.SYSTEM, run.id, {"why": why})


def still_to_do(session: Session, run_ids: Collection[str | None]) -> set[tuple[str, str | None]]:
    """Return (run, person) for everybody who still holds an open step of one of these runs."""
    held = select(StepRun.run_id, StepRun.holder_id).where(
        StepRun.run_id.in_(run_ids), StepRun.state == "open"
    )
    return {(run, holder) for run, holder in session.execute(held)} if run_ids else set()


def _open_by_holder(session: Session, run: Run) -> Iterable[tuple[Person, list[StepRun]]]:
    query = (
        select(StepRun)
        .where(
            StepRun.run_id == run.id,
            StepRun.state == "open",
            StepRun.holder_id.is_not(None),
            StepRun.deadline_at == run.deadline_at,
        )
        .order_by(StepRun.holder_id, StepRun.position)
    )
    steps = session.scalars(query).unique().all()
    for holder_id, held in groupby(steps, key=lambda step: step.holder_id):
        yield session.get_one(Person, holder_id), list(held)


def _note(
    session: Session, run: Run, holders: list[tuple[Person, list[StepRun]]], now: datetime
) -> None:
    payload = {
        "process": run.process.name,
        "deadline_at": run.deadline_at,
        "to": [
            {"id": holder.id, "name": holder.name, "steps": [step.title for step in steps]}
            for holder, steps in holders
        ],
    }
    record.note(session, run.org_id, now, "run.reminded", record.SYSTEM, run.id, payload)
