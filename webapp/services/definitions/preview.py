"""When a definition would be due, before it is saved."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from webapp.models import Location, ProcessVersion
from webapp.rules.cadence import CadenceError, Occurrence, Schedule, load_zone
from webapp.services import calendars, places
from webapp.services.definitions.check import starts_on
from webapp.services.definitions.draft import ProcessDraft, normal_rule
from webapp.services.places import Place

LOOK_AHEAD = (timedelta(days=60), timedelta(days=4000))


def next_deadlines(
    draft: ProcessDraft,
    place: Location,
    now: datetime,
    current: ProcessVersion | None = None,
    count: int = 10,
) -> Sequence[datetime]:
    """The next deadlines at the location, aware and in its own zone; none while it is unclear.

    `current` is the version that the draft would follow: an unchanged rule keeps its phase.
    """
    return [
        each.deadline_at.astimezone(load_zone(place.time_zone))
        for each in _next(draft, place, now, current, count)
    ]


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


def _next(
    draft: ProcessDraft,
    place: Location,
    now: datetime,
    current: ProcessVersion | None,
    count: int,
) -> list[Occurrence]:
    schedule = schedule_of(draft, place, now, current)
    if schedule is None:
        return []
    found: list[Occurrence] = []
    for ahead in LOOK_AHEAD:
        found = calendars.due_between(schedule, places.present(place), now, now + ahead)[:count]
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
        start = starts_on(rrule, place, now, current)
    except CadenceError:
        return None
    return Schedule(rrule, draft.deadline, start, draft.opens, draft.opens_days_before)
