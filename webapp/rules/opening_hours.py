"""Whether a place closed between two moments, by the clock on its wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
    """Whether the place closed after `since` and is not open at `moment`. Both are aware."""
    if moment <= since:
        return False
    there = _wall(hours, moment)
    yesterday = there.date() - _DAY
    if any(opens <= there < closes for opens, closes in _open_spans(hours, yesterday, there)):
        return False
    before = _wall(hours, since)
    spans = _open_spans(hours, before.date() - _DAY, there)
    return any(before < closes <= there for _, closes in spans)


def _wall(hours: Hours, moment: datetime) -> datetime:
    return moment.astimezone(hours.zone).replace(tzinfo=None)


def _open_spans(hours: Hours, first: date, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From when until when it is open, the latest date first."""
    opens, closes, lasts = _daily(hours)
    day = until.date()
    while day >= first:
        if day not in hours.closed:
            yield datetime.combine(day, opens), datetime.combine(day + lasts, closes)
        day -= _DAY


def _daily(hours: Hours) -> tuple[time, time, timedelta]:
    """When it opens and closes, and how many dates later it closes."""
    if hours.opens is None or hours.closes is None:
        return _MIDNIGHT, _MIDNIGHT, _DAY
    return hours.opens, hours.closes, _DAY if hours.closes <= hours.opens else _SAME_DAY
