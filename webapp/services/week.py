"""One week of an organisation: what ran by itself, what needed the owner, and what moved on.

A week counts the runs that were due in it, from Monday to Sunday on each location's own calendar.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, literal_column, or_, select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Handoff, Person, Review, Run, StepRun
from webapp.rules.weeks import WEEK
from webapp.services import coverage, held, organisations, windows
from webapp.services.coverage import Coverage, Due
from webapp.services.held import Held
from webapp.services.windows import Window

# As many steps of one week are read whole; a page that lists more is not read by anybody.
MOST = 300
# The very words of the index of these few steps: missed, sent back, or moved on for any reason.
EVENTFUL = or_(
    StepRun.missed_at.is_not(None),
    StepRun.attempt > literal_column("1"),
    StepRun.level > literal_column("0"),
)


@dataclass(frozen=True, slots=True)
class Week:
    """What a week was. `reached` came to the last of their chain, `moved` to somebody before.

    Every run that was due is in `runs`. `ends_at` is when it ends everywhere; `came_before` says
    whether anything was ever due before it.
    """

    monday: date
    window: Window
    runs: list[Due]
    coverage: Coverage
    reached: list[StepRun]
    moved: list[StepRun]
    sent_back: list[tuple[StepRun, Review]]
    held: list[Held]
    came_before: bool

    @property
    def ends_at(self) -> datetime | None:
        """When the week is over at every place; None without a place."""
        return self.window.outer[1] if self.window.spans else None


def of(session: Session, person: Person, monday: date, now: datetime) -> Week:
    """Return what the week that begins on this day was, at the places that the person sees."""
    window = windows.of_days(session, person, monday, monday + WEEK - timedelta(days=1))
    runs = coverage.due(session, window, now)
    steps = eventful(session, and_(window.of_runs(), Run.state != "void", Run.deadline_at <= now))
    on_the_way = [step for step in steps if step.level > 0 and not step.miss_explained_at]
    return Week(
        monday=monday,
        window=window,
        runs=runs,
        coverage=coverage.counted(session, window, now, runs),
        reached=[step for step in on_the_way if step.level == step.last_level],
        moved=[step for step in on_the_way if step.level < step.last_level],
        sent_back=_sent_back(session, steps),
        held=_held(session, person, window),
        came_before=_came_before(session, window),
    )


def eventful(
    session: Session, where: ColumnElement[bool], most: int = MOST, *, newest: bool = False
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


def taken_by(step: StepRun) -> Handoff | None:
    """Return the move by which whoever had the step last came to have it."""
    stood = (move for move in reversed(step.moves) if not move.passed_over)
    return next((move for move in stood if move.returned_at is None), None)


def _sent_back(session: Session, steps: list[StepRun]) -> list[tuple[StepRun, Review]]:
    again = {step.id: step for step in steps if step.attempt > 1}
    query = select(Review).where(Review.step_run_id.in_(again), Review.decision == "send_back")
    found = session.scalars(query.order_by(Review.at, Review.id)).all() if again else ()
    return [(again[review.step_run_id], review) for review in found]


def _held(session: Session, person: Person, window: Window) -> list[Held]:
    if not window.spans or person.role == "staff":
        return []
    since, until = window.outer
    return held.in_days(session, person, since, until)


def _came_before(session: Session, window: Window) -> bool:
    if not window.spans:
        return False
    before = (Run.org_id == window.org_id, Run.deadline_at < window.outer[0])
    return bool(session.scalar(select(exists().where(*before, Run.state != "void"))))


def owner_name(session: Session, person: Person) -> str | None:
    """Return the owner's name for who is not the owner, else None: they are spoken to as "you"."""
    owner = organisations.owner_of(session, person.org_id)
    return None if owner.id == person.id else owner.name
