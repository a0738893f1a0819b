"""When a definition would be due, before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from webapp.models import Location, ProcessVersion
from webapp.rules.cadence import CadenceError, Occurrence, Schedule, load_zone
from webapp.rules.recurrence import counts_from_start
from webapp.rules.rrule_text import parse_rule
from webapp.services import calendars, places
from webapp.services.definitions.cadences import normal_rule
from webapp.services.definitions.draft import ProcessDraft
from webapp.services.definitions.times import starts_on
from webapp.services.places import Place

LOOK_AHEAD = (timedelta(days=60), timedelta(days=4000))
_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A date on which it would be due and the location is closed; `holiday` is its name, if any."""

    on: date
    holiday: str | None


@dataclass(frozen=True, slots=True)
class Dates:
    """The next deadlines, aware and in the location's own zone, and what falls out among them.

    `days_off` are the weekdays (0 is Monday) that fall out because the location never opens then.
    `counted_from` is the start of a rule whose dates depend on it.
    """

    due: Sequence[datetime] = ()
    left_out: Sequence[LeftOut] = ()
    days_off: Sequence[int] = ()
    counted_from: date | None = None


def next_dates(
    draft: ProcessDraft,
    place: Location,
    now: datetime,
    current: ProcessVersion | None = None,
    count: int = 10,
) -> Dates:
    """The next dates at the location; none while the definition is unclear.

    `current` is the version that the draft would follow: an unchanged rule keeps its phase.
    """
    found = _next(draft, place, now, current, count)
    until = found[-1].deadline_at if found else now + _YEAR
    zone = load_zone(place.time_zone)
    wished = within(draft, place, now, until, current, closures=False)
    left_out, days_off = _falling_out(
        place, {each.deadline_at.astimezone(zone).date() for each in wished}
    )
    due = [each.deadline_at.astimezone(zone) for each in found]
    return Dates(due, left_out, days_off, _counted_from(draft, place, now, current))


def _counted_from(
    draft: ProcessDraft, place: Location, now: datetime, current: ProcessVersion | None
) -> date | None:
    schedule = schedule_of(draft, place, now, current)
    counts = schedule is not None and counts_from_start(parse_rule(schedule.rrule))
    return schedule.starts_on if schedule and counts else None


def _falling_out(place: Location, days: set[date]) -> tuple[list[LeftOut], list[int]]:
    """Which of these days the location is closed for a reason to name, and which weekdays off."""
    if not days:
        return [], []
    first, last = min(days), max(days)
    out = sorted(days & calendars.closed_between(place, first, last))
    holidays = calendars.holidays_between(place, first, last)
    named = [day for day in out if day in holidays or day in place.closed_dates]
    off = {day.weekday() for day in out if day not in named}
    return [LeftOut(day, holidays.get(day)) for day in named], sorted(off)


def next_window(
    draft: ProcessDraft, place: Location, now: datetime, current: ProcessVersion | None = None
) -> timedelta | None:
    """How long its next run there is open before it is due; None while it is unclear."""
    return next(iter(next_windows(draft, place, now, current, 1)), None)


def next_windows(
    draft: ProcessDraft,
    place: Location,
    now: datetime,
    current: ProcessVersion | None = None,
    count: int = 3,
) -> Sequence[timedelta]:
    """How long each of its next runs there is open before it is due; none while it is unclear."""
    found = _next(draft, place, now, current, count)
    return [each.deadline_at - each.opens_at for each in found]


def opening(
    draft: ProcessDraft,
    places: Sequence[Location],
    now: datetime,
    current: ProcessVersion | None = None,
) -> tuple[int, time] | None:
    """How many days before it is due its runs open, and at what time of day.

    None while that is unclear, and where it is not the same for each of the next ones.
    """
    found = {
        _opening(each, load_zone(place.time_zone))
        for place in places
        for each in _next(draft, place, now, current, 3)
    }
    return found.pop() if len(found) == 1 else None


def _opening(each: Occurrence, zone: ZoneInfo) -> tuple[int, time]:
    opens, due = each.opens_at.astimezone(zone), each.deadline_at.astimezone(zone)
    return (due.date() - opens.date()).days, opens.time()


def within(
    draft: ProcessDraft,
    place: Location,
    start: datetime,
    end: datetime,
    current: ProcessVersion | None = None,
    *,
    closures: bool = True,
) -> list[Occurrence]:
    """What is due at the location from `start` to `end`, as of `start`; none while it is unclear.

    Without `closures` as if the location never closed.
    """
    schedule = schedule_of(draft, place, start, current)
    if schedule is None:
        return []
    there = places.present(place)
    return calendars.due_between(schedule, there if closures else _never_closed(there), start, end)


def _never_closed(place: Place) -> Place:
    return replace(place, closed=frozenset(), open_days=(), holidays=None)


def _next(
    draft: ProcessDraft,
    place: Location,
    now: datetime,
    current: ProcessVersion | None,
    count: int,
) -> list[Occurrence]:
    found: list[Occurrence] = []
    for ahead in LOOK_AHEAD:
        found = within(draft, place, now, now + ahead, current)[:count]
        if len(found) == count:
            break
    return found


def schedule_of(
    draft: ProcessDraft,
    place: Location | Place,
    now: datetime,
    current: ProcessVersion | None = None,
) -> Schedule | None:
    """When the draft is due at this place; None while that is unclear."""
    if draft.deadline is None:
        return None
    try:
        rrule = normal_rule(draft.rrule)
        start = starts_on(draft, rrule, place, now, current)
    except CadenceError:
        return None
    return Schedule(rrule, draft.deadline, start, draft.opens, draft.opens_days_before)
