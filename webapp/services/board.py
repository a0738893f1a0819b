"""Which runs a person sees: theirs today and in the next days, or all that a manager may see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, or_, select, union
from sqlalchemy.orm import Session, selectinload

from webapp.models import ChainLevel, Location, Person, ProcessVersion, Run, StepRun
from webapp.problems import Problem
from webapp.rules.moment_words import earliest_today, local_date
from webapp.services import availability, reach, step_runs

DAYS_AHEAD = timedelta(days=2)
SHOW_CLOSED_FOR = timedelta(hours=18)


@dataclass(frozen=True, slots=True)
class Filter:
    """What to list; every part is optional. Times are aware; `until` is excluded.

    `after` is the id of the run after which the list goes on.
    """

    state: str | None = None
    location_id: str | None = None
    process_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str | None = None


def mine(session: Session, person: Person, now: datetime) -> list[Run]:
    """Return what is a person's now and in the next days, with what they did today.

    Planned runs are those that open today or on the next two days of their location's calendar.
    """
    on_the_way = and_(
        StepRun.state.in_(("open", "claimed", "in_review")), StepRun.holder_id == person.id
    )
    begun = and_(Run.state != "planned", Run.deadline_at >= now - SHOW_CLOSED_FOR)
    just_done = and_(StepRun.closed_by_id == person.id, begun)
    later = _perhaps_mine_later(session, person, now)
    of_steps = select(Run.id).join(StepRun, StepRun.run_id == Run.id)
    each = (
        of_steps.where(Run.org_id == person.org_id, condition)
        for condition in (on_the_way, just_done, later, _still_to_open(person))
    )
    found = _with_steps(session, _any_of(session, *each))
    passed = availability.passed_at_opening(session, found)
    return [
        run for run in found if _is_mine(person, run, passed.get(run.id)) and _is_near(run, now)
    ]


def _is_near(run: Run, now: datetime) -> bool:
    zone = run.location.time_zone
    return local_date(run.opens_at, zone) <= local_date(now, zone) + DAYS_AHEAD


def _is_mine(person: Person, run: Run, passed: list[str] | None) -> bool:
    """A planned run is shown to who will hold it first; any other was found as theirs."""
    if passed is None:
        return run.state != "planned"
    first: str = run.step_runs[0].chain[len(passed)]["person"]
    return first == person.id


def _still_to_open(person: Person) -> ColumnElement[bool]:
    """Steps that wait in an open run and will begin with this person."""
    first = and_(ChainLevel.level == 0, ChainLevel.person_id == person.id)
    version = Run.version.has(ProcessVersion.chain.any(first))
    return and_(Run.state == "open", StepRun.state == "waiting", version)


def _perhaps_mine_later(session: Session, person: Person, now: datetime) -> ColumnElement[bool]:
    """Runs planned for this person, or for somebody whose place they may have to take.

    They are the responsible of the version that will open; or they stand later in its chain, and
    the responsible is not always there in these days.
    """
    missing = availability.not_always_there(session, person.org_id, earliest_today(now))
    chain = ProcessVersion.chain
    responsible = chain.any(and_(ChainLevel.level == 0, ChainLevel.person_id == person.id))
    stands_in = chain.any(_station_of(person))
    taken_over = and_(
        stands_in, chain.any(and_(ChainLevel.level == 0, ChainLevel.person_id.in_(missing)))
    )
    return and_(
        Run.state == "planned",
        Run.opens_at < now + step_runs.ON_PHONES,
        Run.version.has(or_(responsible, taken_over)),
    )


def _station_of(person: Person) -> ColumnElement[bool]:
    """The last station names nobody: any owner may be meant."""
    named = ChainLevel.person_id == person.id
    return or_(named, ChainLevel.person_id.is_(None)) if person.role == "owner" else named


def at_location(session: Session, location: Location, now: datetime) -> list[Run]:
    """Return a location's runs by deadline: open, just closed, and planned for the next days.

    Days are those of the location's calendar. What waits for review is open.
    """
    just_closed = and_(Run.state == "closed", Run.deadline_at >= now - SHOW_CLOSED_FOR)
    later = and_(Run.state == "planned", Run.opens_at < now + step_runs.ON_PHONES)
    here = select(Run.id).where(Run.org_id == location.org_id, Run.location_id == location.id)
    each = (here.where(condition) for condition in (Run.state == "open", just_closed, later))
    return [run for run in _with_steps(session, _any_of(session, *each)) if _is_near(run, now)]


def _any_of(session: Session, *queries: Select[str]) -> Select[Run]:
    """The runs that any of these finds, each by an index of its own: an `or` reads all of history.

    The ids are read by themselves: with them in one statement PostgreSQL expects so many that it
    reads all runs of years.
    """
    ids = session.execute(union(*queries)).scalars().all()
    return select(Run).where(Run.id.in_(ids))


def all_of(session: Session, person: Person, wanted: Filter, limit: int = 500) -> list[Run]:
    """Return the runs that a person may see: a manager's locations, an owner's organisation.

    Raises "not_found" where `after` is no run of the organisation.
    """
    query = select(Run).where(Run.org_id == person.org_id, *_conditions(wanted))
    if wanted.after is not None:
        query = query.where(_later_than(session, person.org_id, wanted.after))
    if person.role == "manager":
        query = reach.of_runs(person, query)
    if person.role == "staff":
        held = or_(StepRun.holder_id == person.id, StepRun.closed_by_id == person.id)
        query = query.where(Run.step_runs.any(held))
    return _with_steps(session, query.limit(limit))


def _conditions(wanted: Filter) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield Run.state == wanted.state
    if wanted.location_id is not None:
        yield Run.location_id == wanted.location_id
    if wanted.process_id is not None:
        yield Run.process_id == wanted.process_id
    if wanted.since is not None:
        yield Run.deadline_at >= wanted.since
    if wanted.until is not None:
        yield Run.deadline_at < wanted.until


def _later_than(session: Session, org_id: str, run_id: str) -> ColumnElement[bool]:
    """Runs that come after this one in their order; its deadline says where an index begins."""
    query = select(Run.deadline_at).where(Run.id == run_id, Run.org_id == org_id)
    deadline = session.scalars(query).one_or_none()
    if deadline is None:
        raise Problem("not_found")
    further = or_(Run.deadline_at > deadline, Run.id > run_id)
    return and_(Run.deadline_at >= deadline, further)


def _with_steps(session: Session, query: Select[Run]) -> list[Run]:
    query = query.options(
        selectinload(Run.step_runs).selectinload(StepRun.handoffs),
        selectinload(Run.step_runs).joinedload(StepRun.proof),
    ).order_by(Run.deadline_at, Run.id)
    return list(session.scalars(query).unique())


def run_of(session: Session, person: Person, run_id: str) -> Run:
    """Return a run that the person may see, or raise not_found."""
    query = select(Run).where(Run.id == run_id, Run.org_id == person.org_id)
    found = _with_steps(session, query)
    if not found or not may_see(person, found[0]):
        raise Problem("not_found")
    return found[0]


def step_run_of(session: Session, person: Person, step_run_id: str) -> StepRun:
    """Return a step run of a run that the person may see, or raise not_found."""
    step_run = step_runs.get(session, person.org_id, step_run_id)
    if not may_see(person, step_run.run):
        raise Problem("not_found")
    return step_run


def may_see(person: Person, run: Run) -> bool:
    """Staff see runs in whose chain they stand; managers their locations; owners all."""
    if person.role == "owner":
        return True
    if person.role == "manager" and any(place.id == run.location_id for place in person.locations):
        return True
    return any(
        person.id in (step.holder_id, step.closed_by_id)
        or any(level["person"] == person.id for level in step.chain)
        for step in run.step_runs
    )
