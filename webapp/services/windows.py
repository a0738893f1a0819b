"""Spans of local days over the locations that a person sees: each place has its own midnight."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Run, StepRun
from webapp.rules import weeks
from webapp.rules.moment_words import local_date
from webapp.rules.weeks import Span


@dataclass(frozen=True, slots=True)
class Window:
    """The same days at each place: by zone their span, and the ids of its locations."""

    org_id: str
    spans: dict[str, Span]
    places: dict[str, tuple[str, ...]]

    @property
    def outer(self) -> Span:
        """From the first moment of any place to the last one."""
        begins, ends = zip(*self.spans.values(), strict=True)
        return min(begins), max(ends)

    def of_runs(self) -> ColumnElement[bool]:
        """Runs that are due in it, whatever became of them, found by organisation and deadline."""
        if not self.spans:
            return false()
        since, until = self.outer
        each = [
            and_(
                Run.location_id.in_(self.places[zone]),
                Run.deadline_at >= begins,
                Run.deadline_at < ends,
            )
            for zone, (begins, ends) in self.spans.items()
        ]
        within = (Run.deadline_at >= since, Run.deadline_at < until)
        return and_(Run.org_id == self.org_id, *within, or_(*each))


def among(session: Session, runs: ColumnElement[bool]) -> ColumnElement[bool]:
    """Narrow step runs to the ids between the first and the last of these runs'.

    Ids sort by when they were made, so an index leaves out the years before. Which step runs are
    theirs the caller still has to say.
    """
    # Grouped, or PostgreSQL walks all ids from the first one on until it meets one of theirs.
    ends = select(func.min(Run.id), func.max(Run.id)).where(runs).group_by(Run.org_id)
    found = session.execute(ends).one_or_none()
    return StepRun.run_id.between(*found) if found else false()


def of_days(session: Session, person: Person, first: date, last: date) -> Window:
    """Return the window of these local dates, both included."""
    return _window(session, person, lambda zone: weeks.span(first, last, zone))


def until_today(session: Session, person: Person, now: datetime, days: int) -> Window:
    """Return the window of so many local days of which today is the last, at each place."""

    def span(zone: str) -> Span:
        today = local_date(now, zone)
        return weeks.span(today - timedelta(days=days - 1), today, zone)

    return _window(session, person, span)


def _window(session: Session, person: Person, span: Callable[[str], Span]) -> Window:
    places = defaultdict[str, list[str]](list)
    for place, zone in _places(session, person):
        places[zone].append(place)
    spans = {zone: span(zone) for zone in places}
    return Window(person.org_id, spans, {zone: tuple(ids) for zone, ids in places.items()})


def _places(session: Session, person: Person) -> list[tuple[str, str]]:
    """Owners see every location, others those where they work."""
    if person.role != "owner":
        return [(place.id, place.time_zone) for place in person.locations]
    query = select(Location.id, Location.time_zone).where(Location.org_id == person.org_id)
    return [(place, zone) for place, zone in session.execute(query.order_by(Location.name))]
