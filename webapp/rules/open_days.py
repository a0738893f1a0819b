"""On which local dates nothing is due at a location: closures, public holidays, weekdays off.

A date may be open all the same: that takes back a holiday and a weekday off, never a closure.
"""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from webapp.rules.sentences import say

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # RFC 5545 section 3.3.10, from Monday on

_DAY = timedelta(days=1)


class OpenDaysError(ValueError):
    """Weekdays that cannot be read; str(error) is a sentence for people."""


def parse_open_days(days: Iterable[str]) -> str | None:
    """The weekdays in their one form ("MO,TU,FR"); every day, or none named, is None.

    Names are read by their first two letters, in either case: "mo", "Mon" and "Monday" are MO.
    OpenDaysError for anything else.
    """
    named = {_weekday(day) for day in days}
    ordered = [day for day in WEEKDAYS if day in named]
    return ",".join(ordered) if 0 < len(ordered) < len(WEEKDAYS) else None


def closed_dates(
    first: date,
    last: date,
    *,
    open_days: str | None,
    closures: Collection[date] = (),
    holidays: Collection[date] = (),
    open_dates: Collection[date] = (),
) -> frozenset[date]:
    """The local dates from first to last, both included, on which nothing is due.

    `open_days` is what `parse_open_days` gives; `open_dates` are open although they are holidays
    or not among the open days, unless they are closures too. Dates are those of a wall calendar,
    so summer time and hemispheres play no part here.
    """
    by_rule = {*holidays, *_weekdays_off(first, last, open_days)} - {*open_dates}
    return frozenset(day for day in by_rule.union(closures) if first <= day <= last)


def _weekdays_off(first: date, last: date, open_days: str | None) -> set[date]:
    if open_days is None:
        return set()
    weekdays = {WEEKDAYS.index(day) for day in open_days.split(",")}
    span = (first + number * _DAY for number in range((last - first).days + 1))
    return {day for day in span if day.weekday() not in weekdays}


def _weekday(text: str) -> str:
    word = text.strip().casefold()
    names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    found = [day for day, name in zip(WEEKDAYS, names, strict=True) if name.startswith(word)]
    if len(word) < 2 or len(found) != 1:
        raise OpenDaysError(
            say("“%(text)s” is not a weekday. Write mo, tu, we, th, fr, sa or su.", text=text)
        )
    return found[0]
