"""Step runs that one transaction has locked together, before it changes any of them."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import null, or_, select
from sqlalchemy.orm import Session, lazyload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from webapp.models import Run, StepRun
from webapp.models.run import CLOSED_STATES

_HELD, _KNOWN = "step_runs_held", "known_of_runs_held"
# What the answer to a batch tells of each.
_TOLD = tuple(map(selectinload, (StepRun.handoffs, StepRun.moves, StepRun.proof)))


def held(session: Session) -> dict[str, StepRun]:
    """Return by id what is locked here now: it need not be locked or read again."""
    found: dict[str, StepRun] = session.info.get(_HELD, {})
    return found


def holds_open(session: Session, run: Run) -> bool:
    """Whether one of the run's steps that are locked here is open: the run is, without a look."""
    return any(each.run_id == run.id and not each.is_closed for each in held(session).values())


def known_of(session: Session, run: Run) -> "Known | None":
    """Return what was known of an open run when it was locked here; None where it must be asked."""
    known: dict[str, Known] = session.info.get(_KNOWN, {})
    return known.get(run.id)


class Known(NamedTuple):
    """Of an open run: whether it has later steps, and an open one that is not locked here."""

    has_later: bool
    is_open_elsewhere: bool


@contextmanager
def together(session: Session, org_id: str, ids: Collection[str]) -> Iterator[dict[str, StepRun]]:
    """Lock these step runs at once; within, `step_runs.find` gives what is locked here."""
    session.info[_HELD] = held = at_once(session, org_id, ids, *_TOLD)
    session.info[_KNOWN] = _known(session, held)
    try:
        yield held
    finally:
        del session.info[_HELD], session.info[_KNOWN]


def _known(session: Session, held: dict[str, StepRun]) -> dict[str, Known]:
    """What never changes of their open runs while these are locked, of all at once."""
    runs = {each.run_id for each in held.values() if each.run.state == "open"}
    is_later = or_(StepRun.only_if.is_not(null()), StepRun.follow_up.is_not(null()))
    query = select(StepRun.run_id, StepRun.id, StepRun.state, is_later)
    found = dict.fromkeys(runs, Known(False, False))
    for run_id, step_run_id, state, later in session.execute(query.where(StepRun.run_id.in_(runs))):
        is_open = state not in CLOSED_STATES and step_run_id not in held
        before = found[run_id]
        found[run_id] = Known(before.has_later or later, before.is_open_elsewhere or is_open)
    return found


def at_once(
    session: Session, org_id: str, ids: Collection[str], *also: ExecutableOption
) -> dict[str, StepRun]:
    """Lock these step runs and all their runs, for one transaction that changes many; by id.

    It locks the runs in their order and then the step runs in theirs, so that two of these never
    wait for each other. `also` says what else is read of each.
    """
    if not ids:
        return {}
    _lock_runs_of(session, org_id, ids)
    query = (
        select(StepRun)
        .where(StepRun.id.in_(ids), StepRun.org_id == org_id)
        .order_by(StepRun.id)
        .with_for_update(of=StepRun, key_share=True)
        .options(
            lazyload(StepRun.holder),  # most often who asks, and so known
            lazyload(StepRun.closed_by),
            *also,
        )
        .execution_options(populate_existing=True)
    )
    return {each.id: each for each in session.scalars(query)}


def _lock_runs_of(session: Session, org_id: str, ids: Collection[str]) -> None:
    theirs = select(StepRun.run_id).where(StepRun.id.in_(ids), StepRun.org_id == org_id)
    query = select(Run.id).where(Run.id.in_(theirs)).order_by(Run.id)
    session.scalars(query.with_for_update(of=Run, key_share=True)).all()
