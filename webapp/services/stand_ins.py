"""Until when somebody is away now, and who holds their work meanwhile."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from webapp.models import Absence, ChainLevel, Person, ProcessVersion, Run, StepRun
from webapp.services import absences, availability, organisations

ONE_DAY = timedelta(days=1)
AHEAD = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away now: the local date up to which, without a day between.

    `absences` are those of today: ending them brings the person back. `held_by` are the names of
    the others who hold what they would hold.
    """

    until: date
    absences: tuple[Absence, ...]
    held_by: tuple[str, ...]


def away_now(session: Session, person: Person, now: datetime) -> Away | None:
    """Return how the person is away now, or None when they are there."""
    first, last = absences.todays(session, person, now)
    ahead = absences.of_person(session, person, now)
    today = tuple(each for each in ahead if each.first_day <= last and each.last_day >= first)
    if not today:
        return None
    until = max(each.last_day for each in today)
    for each in ahead:
        if each.first_day <= until + ONE_DAY:
            until = max(until, each.last_day)
    names = dict.fromkeys([*_hold_now(session, person, now), *_will_hold(session, person, now)])
    return Away(until, today, tuple(names))


def come_back(
    session: Session, actor: Person, person: Person, now: datetime, turn_id: str | None = None
) -> int:
    """End the absences of today; how many steps came back. `turn_id`: said in this turn."""
    away = away_now(session, person, now)
    ended = away.absences if away else ()
    return sum(absences.end(session, actor, each, now, turn_id) for each in ended)


def stays(session: Session, person: Person) -> list[StepRun]:
    """Return what stays with the person even while they are away: they are last in its chain."""
    query = select(StepRun).where(
        StepRun.holder_id == person.id,
        StepRun.state.in_(("open", "claimed")),
        StepRun.level == StepRun.last_level,
    )
    return list(session.scalars(query.order_by(StepRun.deadline_at, StepRun.id)).unique())


def is_last(session: Session, person: Person) -> bool:
    """Whether chains end with this person: what nobody before them closes comes to them."""
    return organisations.owner_of(session, person.org_id).id == person.id


def _hold_now(session: Session, person: Person, now: datetime) -> Iterator[str]:
    """Who has what moved on because the person was away, or will have it in a second."""
    moved = StepRun.moves.any(from_id=person.id, reason="absent", returned_at=None)
    moving = (StepRun.holder_id == person.id) & (StepRun.escalate_why == "absent")
    query = select(StepRun).where(
        StepRun.org_id == person.org_id,
        StepRun.state.in_(("open", "claimed")),
        or_(moved, moving),
    )
    for step_run in session.scalars(query.order_by(StepRun.deadline_at, StepRun.id)).unique():
        if step_run.holder_id == person.id:
            yield from _next_there(session, person, step_run, now)
        elif step_run.holder is not None:
            yield step_run.holder.name


def _next_there(
    session: Session, person: Person, step_run: StepRun, now: datetime
) -> Iterator[str]:
    """The first after the person who can take the step; the last, if another, always does."""
    *between, last = step_run.chain[step_run.level + 1 :] or [None]
    for level in between:
        if availability.reason_against(session, level["person"], step_run, now) is None:
            yield level["name"]
            return
    if last is not None and last["person"] != person.id:
        yield last["name"]


def _will_hold(session: Session, person: Person, now: datetime) -> Iterator[str]:
    """Who will begin what is planned for the person in the next days, as phones show it."""
    responsible = ProcessVersion.chain.any(
        (ChainLevel.level == 0) & (ChainLevel.person_id == person.id)
    )
    query = (
        select(Run)
        .where(
            Run.org_id == person.org_id,
            Run.state == "planned",
            Run.opens_at < now + AHEAD,
            Run.version.has(responsible),
        )
        .options(selectinload(Run.step_runs))
    )
    runs = list(session.scalars(query.order_by(Run.deadline_at, Run.id)))
    passed = availability.passed_at_opening(session, runs)
    for run in runs:
        if passed.get(run.id):
            first = run.step_runs[0].chain[len(passed[run.id])]
            if first["person"] != person.id:
                yield first["name"]
