"""Whether a place closed between two moments, by the clock on its wall."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
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
    before, there = _wall(hours, since), _wall(hours, moment)
    spans = list(_open_spans(hours, before.date() - _DAY, there.date()))
    if any(opens <= there < closes for opens, closes in spans):
        return False
    return any(before < closes <= there for _, closes in spans)


def _wall(hours: Hours, moment: datetime) -> datetime:
    return moment.astimezone(hours.zone).replace(tzinfo=None)


def _open_spans(hours: Hours, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
    opens, closes, days = _daily(hours)
    for number in range((last - first).days + 1):
        day = first + number * _DAY
        if day not in hours.closed:
            yield datetime.combine(day, opens), datetime.combine(day + days, closes)


def _daily(hours: Hours) -> tuple[time, time, timedelta]:
    """From when until when it is open, and whether that ends on the date after."""
    if hours.opens is None or hours.closes is None:
        return _MIDNIGHT, _MIDNIGHT, _DAY
    return hours.opens, hours.closes, _DAY if hours.closes <= hours.opens else timedelta(0)
