"""One week of an organisation: what ran by itself, what needed the owner, and what moved on.

A week counts the runs that were due in it, from Monday to Sunday on each location's own calendar.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from webapp.models import FixNote, Handoff, Location, Person, Process, Review, Run, StepRun
from webapp.rules.weeks import WEEK
from webapp.services import coverage, held, organisations, windows
from webapp.services.coverage import Coverage, Due
from webapp.services.held import Held
from webapp.services.windows import Window

# As many steps are read whole at most; the rest is counted.
MOST = 500
MOST_FIXES = 12
# The very words of the index of these few steps: missed, sent back, or moved on for any reason.
EVENTFUL = or_(
    StepRun.missed_at.is_not(None),
    StepRun.attempt > literal_column("1"),
    StepRun.level > literal_column("0"),
)
# It went on to the last of its chain.
LAST = and_(StepRun.level > literal_column("0"), StepRun.level == StepRun.last_level)


class Moved(NamedTuple):
    """A step that went on by itself to somebody before the last of its chain."""

    step: str
    process: str
    location: str
    before: str
    to: str
    run_id: str


class Fix(NamedTuple):
    """A fix of which it was found out in these days whether it held."""

    step: str
    process: str
    location: str
    text: str
    held: bool
    run_id: str


@dataclass(frozen=True, slots=True)
class Week:
    """What a week was. `reached` came to the last of their chain, `moved` to somebody before.

    Every run that was due is in `runs`. `unread` is how many more reached the owner or were sent
    back than are read here, `more_fixes` how many more turned out to hold or not. `ends_at` is
    when it ends everywhere; `came_before` says whether anything was ever due before it.
    """

    monday: date
    window: Window
    runs: list[Due]
    coverage: Coverage
    reached: list[StepRun]
    moved: list[Moved]
    sent_back: list[tuple[StepRun, Review]]
    held: list[Held]
    unread: int
    fixes: list[Fix]
    more_fixes: int
    came_before: bool

    @property
    def ends_at(self) -> datetime | None:
        """When the week is over at every place; None without a place."""
        return self.window.outer[1] if self.window.spans else None


def of(session: Session, person: Person, monday: date, now: datetime) -> Week:
    """Return what the week that begins on this day was, at the places that the person sees."""
    window = windows.of_days(session, person, monday, monday + WEEK - timedelta(days=1))
    runs = coverage.due(session, window, now)
    due = and_(window.of_runs(), Run.state != "void", Run.deadline_at <= now)
    due = and_(due, windows.among(session, due))
    reached = and_(due, LAST, StepRun.miss_explained_at.is_(None))
    read = eventful(session, reached, MOST)
    sent_back, unread = _sent_back(session, due)
    fixes, more_fixes = _fixes(session, window)
    return Week(
        monday=monday,
        window=window,
        runs=runs,
        coverage=coverage.counted(session, window, now, runs),
        reached=read,
        moved=_moved(session, due),
        sent_back=sent_back,
        held=_held(session, person, window),
        unread=_beyond(session, read, reached) + unread,
        fixes=fixes,
        more_fixes=more_fixes,
        came_before=_came_before(session, window),
    )


def eventful(
    session: Session, where: ColumnElement[bool], most: int, *, newest: bool = False
) -> list[StepRun]:
    """Return the steps of these runs to which something happened, with their moves, by deadline."""
    order = (Run.deadline_at.desc(), Run.id) if newest else (Run.deadline_at, Run.id)
    query = (
        select(StepRun)
        .join(Run, Run.id == StepRun.run_id)
        .where(where, EVENTFUL)
        .options(selectinload(StepRun.moves))
        .order_by(*order, StepRun.position)
        .limit(most)
    )
    return list(session.scalars(query).unique())


def _moved(session: Session, due: ColumnElement[bool]) -> list[Moved]:
    """What each step's last move was, a few words of each: there may be hundreds."""
    before, to = aliased(Person), aliased(Person)
    last = and_(Handoff.step_run_id == StepRun.id, Handoff.level == StepRun.level)
    on_the_way = and_(StepRun.level > literal_column("0"), StepRun.level < StepRun.last_level)
    query = (
        select(StepRun.title, Process.name, Location.name, before.name, to.name, StepRun.run_id)
        .join(Run, Run.id == StepRun.run_id)
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
        .join(Handoff, and_(last, Handoff.returned_at.is_(None), Handoff.passed_over.is_(None)))
        .join(before, before.id == Handoff.from_id)
        .join(to, to.id == Handoff.to_id)
        .where(due, EVENTFUL, on_the_way, StepRun.miss_explained_at.is_(None))
        .order_by(Run.deadline_at, Run.id, StepRun.position)
    )
    return [Moved._make(row) for row in session.execute(query)]


def _sent_back(
    session: Session, due: ColumnElement[bool]
) -> tuple[list[tuple[StepRun, Review]], int]:
    """What was sent back, each time that it was, and of how many more steps that is not read."""
    where = and_(due, StepRun.attempt > literal_column("1"))
    again = eventful(session, where, MOST)
    by_id = {step.id: step for step in again}
    query = select(Review).where(Review.step_run_id.in_(by_id), Review.decision == "send_back")
    found = session.scalars(query.order_by(Review.at, Review.id)).all() if by_id else ()
    reviewed = [(by_id[review.step_run_id], review) for review in found]
    return reviewed, _beyond(session, again, where)


def _beyond(session: Session, read: list[StepRun], where: ColumnElement[bool]) -> int:
    """How many steps there are of which only the first were read."""
    if len(read) < MOST:
        return 0
    query = select(func.count()).select_from(StepRun).join(Run, Run.id == StepRun.run_id)
    return (session.scalar(query.where(where, EVENTFUL)) or 0) - len(read)


def _held(session: Session, person: Person, window: Window) -> list[Held]:
    if not window.spans or person.role == "staff":
        return []
    since, until = window.outer
    return held.in_days(session, person, since, until)


def _fixes(session: Session, window: Window) -> tuple[list[Fix], int]:
    """The fixes of which it was found out, newest first, and how many more there are."""
    if not window.spans:
        return [], 0
    since, until = window.outer
    places = [place for places in window.places.values() for place in places]
    told = (
        FixNote.org_id == window.org_id,
        FixNote.location_id.in_(places),
        FixNote.settled_at >= since,
        FixNote.settled_at < until,
    )
    held = FixNote.outcome == "held"
    query = (
        select(StepRun.title, Process.name, Location.name, FixNote.text, held, StepRun.run_id)
        .join(StepRun, StepRun.id == FixNote.step_run_id)
        .join(Run, Run.id == StepRun.run_id)
        .join(Process, Process.id == Run.process_id)
        .join(Location, Location.id == Run.location_id)
        .where(*told)
        .order_by(FixNote.settled_at.desc(), FixNote.id)
        .limit(MOST_FIXES)
    )
    fixes = [Fix._make(row) for row in session.execute(query)]
    if len(fixes) < MOST_FIXES:
        return fixes, 0
    every = session.scalar(select(func.count()).select_from(FixNote).where(*told)) or 0
    return fixes, every - len(fixes)


def _came_before(session: Session, window: Window) -> bool:
    if not window.spans:
        return False
    before = (Run.org_id == window.org_id, Run.deadline_at < window.outer[0])
    return bool(session.scalar(select(exists().where(*before, Run.state != "void"))))


def owner_name(session: Session, person: Person) -> str | None:
    """Return the owner's name for who is not the owner, else None: they are spoken to as "you"."""
    owner = organisations.owner_of(session, person.org_id)
    return None if owner.id == person.id else owner.name
