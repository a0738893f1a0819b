"""Step runs that one transaction has locked together, before it changes any of them."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from webapp.models import Run, StepRun

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


def once(session: Session, run: Run, ask: Callable[[Session, Run], bool]) -> bool:
    """Ask what never changes of an open run; where many are locked together, once for each run."""
    known: dict[str, bool] = session.info.get(_KNOWN, {})
    if run.id not in known:
        known[run.id] = ask(session, run)
    return known[run.id]


@contextmanager
def together(session: Session, org_id: str, ids: Collection[str]) -> Iterator[dict[str, StepRun]]:
    """Lock these step runs at once; within, `step_runs.find` gives what is locked here."""
    session.info[_HELD] = held = at_once(session, org_id, ids, *_TOLD)
    session.info[_KNOWN] = {}
    try:
        yield held
    finally:
        del session.info[_HELD], session.info[_KNOWN]


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
