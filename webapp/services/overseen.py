"""The work at the locations that somebody looks after: what is open, and what is stuck."""

from datetime import datetime
from typing import TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer, load_only

from webapp.models import Person, Run, StepRun
from webapp.problems import Problem
from webapp.services import engine, reach, step_runs

Row = TypeVar("Row", Run, StepRun)


def open_steps(person: Person) -> Select[StepRun]:
    """The steps that somebody has to do now, or whose proof is on its way."""
    return _steps(person, "open", "claimed")


def stuck_steps(person: Person) -> Select[StepRun]:
    """The steps that the engine had to set aside: they move no more by themselves."""
    return _steps(person, "waiting", "open", "claimed").where(StepRun.set_aside_at.is_not(None))


def stuck_runs(person: Person) -> Select[Run]:
    """The runs that it had to set aside before they opened or since."""
    return _there(select(Run).options(load_only(Run.set_aside_at)), person).where(
        Run.state.in_(("planned", "open")), Run.set_aside_at.is_not(None)
    )


def try_step_again(session: Session, person: Person, step_run_id: str, now: datetime) -> None:
    """Have the engine take up a stuck step at this person's locations, or raise not_found."""
    step_runs.lock_run_of(session, person.org_id, step_run_id)
    query = stuck_steps(person).where(StepRun.id == step_run_id)
    step_run = _locked(session, query, StepRun)
    engine.try_again(session, person, step_run, now)


def try_run_again(session: Session, person: Person, run_id: str, now: datetime) -> None:
    """Have the engine take up a stuck run at this person's locations, or raise not_found."""
    run = _locked(session, stuck_runs(person).where(Run.id == run_id), Run)
    engine.try_again(session, person, run, now)


def _locked(session: Session, query: Select[Row], kind: type[Row]) -> Row:
    query = query.with_for_update(of=kind, key_share=True)
    row = session.scalars(query.execution_options(populate_existing=True)).unique().one_or_none()
    if row is None:
        raise Problem("not_found")
    return row


def _steps(person: Person, *states: str) -> Select[StepRun]:
    """Without what nobody reads here: a step that is stuck may be so because that is damaged."""
    query = select(StepRun).options(defer(StepRun.chain), defer(StepRun.requirement))
    query = query.join(StepRun.run).where(StepRun.state.in_(states))
    return _there(query, person)


def _there(query: Select[Row], person: Person) -> Select[Row]:
    return reach.of_runs(person, query).where(Run.org_id == person.org_id)
