"""The engine's duties: open what opens, hand on what was missed. The database is the clock.

Each function does one thing in one transaction that its caller commits; whoever calls them in
a loop does the next thing. Nothing here is remembered between two calls.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, lazyload, load_only, selectinload

from webapp.models import EngineState, Person, Run, StepRun
from webapp.rules import holding as rules
from webapp.services import availability, handoffs, holding, reached, record, step_runs


def state(session: Session, *, lock: bool = False) -> EngineState:
    """Return the engine's row, made on first use; locked, it lets one clock plan at a time."""
    row = session.get(EngineState, 1, with_for_update=lock or None, populate_existing=True)
    if row is None:
        row = EngineState(id=1)
        session.add(row)
        session.flush()
    return row


def run_to_open(session: Session, now: datetime) -> str | None:
    """Return the id of the planned run whose opening is due longest, locked; None without one.

    Nothing else of it is read here, so that one that cannot be read keeps no other from opening.
    """
    return session.scalars(
        select(Run.id)
        .where(Run.state == "planned", Run.opens_at <= now, Run.set_aside_at.is_(None))
        .order_by(Run.opens_at, Run.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Run, key_share=True)
    ).one_or_none()


def steps_to_look_at(session: Session, now: datetime, most: int) -> list[str]:
    """Return the ids of up to `most` step runs whose look is due, locked, due longest first.

    Nothing else of them is read here, so that one that cannot be read hides no other. Equally
    long due ones come in the order of the index: to sort them would be to read them all.
    """
    return list(
        session.scalars(
            select(StepRun.id)
            .where(StepRun.escalate_at <= now, StepRun.set_aside_at.is_(None))
            .order_by(StepRun.escalate_at)
            .limit(most)
            .with_for_update(skip_locked=True, of=StepRun, key_share=True)
        )
    )


def look_at(session: Session, ids: Collection[str], now: datetime) -> None:
    """Take the looks at these step runs, which are due and locked by the caller.

    What all of them need is read at once, and no look reads what another one writes.
    """
    due = _read(session, ids)
    people = _people_of(session, due)
    known = [person.id for person in people]
    with (
        session.no_autoflush,
        availability.at_hand(session, known),
        reached.at_hand(session, known, due),
    ):
        for step_run in due:
            _look_at_one(session, step_run, now)


def _read(session: Session, ids: Collection[str]) -> list[StepRun]:
    """The step runs with what a look needs of them, those due longest first."""
    run = selectinload(StepRun.run)
    query = select(StepRun).where(StepRun.id.in_(ids)).order_by(StepRun.escalate_at, StepRun.id)
    return list(
        session.scalars(
            query.options(
                defer(StepRun.requirement),
                defer(StepRun.instructions),
                run.joinedload(Run.location, innerjoin=True),
                lazyload(StepRun.holder),
                lazyload(StepRun.closed_by),
                selectinload(StepRun.handoffs).lazyload("*"),
            ).execution_options(populate_existing=True)
        )
    )


def _people_of(session: Session, due: list[StepRun]) -> list[Person]:
    """Everybody on these chains: while they are held, nobody is asked for one by one."""
    ids = {level["person"] for step_run in due for level in step_run.chain}
    ids |= {step_run.holder_id for step_run in due}
    query = select(Person).where(Person.id.in_(ids))
    return list(
        session.scalars(query.options(lazyload(Person.organisation), lazyload(Person.locations)))
    )


def _look_at_one(session: Session, step_run: StepRun, now: datetime) -> None:
    """It moves on, is missed where it is, or waits."""
    around = _Around(session, step_run, now)
    decided = rules.look(holding.terms_of(step_run), holding.stand_of(step_run), now, around)
    if isinstance(decided, rules.HandsOn):
        handoffs.hand_on(session, step_run, decided.reason, decided.due_at, now)
    else:
        holding.put(step_run, decided.stand)
    if isinstance(decided, rules.Misses):
        _note_miss(session, step_run, decided.due_at, now)


@dataclass(frozen=True, slots=True)
class _Around:
    """What a look at a live step has to know: asked of the database, or had at hand."""

    session: Session
    step_run: StepRun
    now: datetime

    def reason_against(self, person: str) -> str | None:
        return availability.reason_against(self.session, person, self.step_run, self.now)

    def telling(self) -> rules.Telling | None:
        taking = step_runs.last_taking(self.step_run)
        return reached.telling(self.session, taking) if taking else None

    def somebody_later_has_a_device(self) -> bool:
        return reached.somebody_later_has_a_device(self.session, self.step_run)


def _note_miss(session: Session, step_run: StepRun, due_at: datetime, now: datetime) -> None:
    assert step_run.holder is not None, "an open step has a holder"
    holder = {"id": step_run.holder.id, "name": step_run.holder.name}
    payload = {"title": step_run.title, "holder": holder, "due_at": due_at}
    record.note(session, step_run.org_id, now, "step.missed", record.SYSTEM, step_run.id, payload)


def set_aside(
    session: Session, kind: type[Run] | type[StepRun], row_id: str, why: str, now: datetime
) -> None:
    """Take a row that cannot be handled out of the engine's way, and say so in the record.

    It may be that it cannot even be read: no more is read of it than whose it is.
    """
    little = [load_only(kind.org_id, kind.set_aside_at), lazyload("*")]
    row: Any = session.get_one(kind, row_id, options=little)
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
