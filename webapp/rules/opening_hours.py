"""Whether a place closed between two moments, by the clock on its wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# People come before a place opens and leave after it closes.
AROUND_HOURS = timedelta(hours=1)

_DAY, _SAME_DAY = timedelta(days=1), timedelta(0)
_MIDNIGHT = time(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """When a place is open: local wall times, and the local dates on which it is closed.

    Without both times it is open all day. One that closes at or before its opening time closes on
    the date after.
    """

    zone: ZoneInfo
    opens: time | None = None
    closes: time | None = None
    closed: frozenset[date] = frozenset()


def has_closed(hours: Hours, since: datetime, moment: datetime) -> bool:
    """Whether people left the place after `since` and are not back at `moment`. Both are aware.

    They stay for what is due after closing.
    """
    if moment <= since:
        return False
    due, there = _wall(hours, since), _wall(hours, moment)
    spans = list(_spans(hours, due, there))
    is_open = any(comes <= there < leaves for comes, leaves in spans)
    return not is_open and any(due < leaves <= there for _, leaves in spans)


def _wall(hours: Hours, moment: datetime) -> datetime:
    return moment.astimezone(hours.zone).replace(tzinfo=None)


def _spans(hours: Hours, due: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when until when people are there, from the day before it is due."""
    opens, closes, lasts = _daily(hours)
    day = due.date() - _DAY
    while day <= until.date():
        if day not in hours.closed:
            comes = datetime.combine(day, opens) - AROUND_HOURS
            leaves = datetime.combine(day + lasts, closes)
            yield comes, leaves if due <= leaves else leaves + AROUND_HOURS
        day += _DAY


def _daily(hours: Hours) -> tuple[time, time, timedelta]:
    """When it opens and closes, and how many dates later it closes."""
    if hours.opens is None or hours.closes is None:
        return _MIDNIGHT, _MIDNIGHT, _DAY
    return hours.opens, hours.closes, _DAY if hours.closes <= hours.opens else _SAME_DAY
