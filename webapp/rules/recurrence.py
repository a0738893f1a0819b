"""Recurrence rules (RFC 5545 section 3.3.10) on plain local dates, one date at a time.

A date is asked whether the rule holds on it, so the cost depends on the window looked at and never
on how many years ago the rule began, and a rule that never holds cannot keep a loop running.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")

_DAY = timedelta(days=1)
_CENTURY = timedelta(days=36525)


@dataclass(frozen=True, slots=True)
class Rule:
    """One recurrence rule; an empty tuple means that the rule does not name that part.

    by_day holds (n, weekday) with weekday 0 = Monday; n is 0 for every such weekday, else the
    n-th of its month or year, counted from the end when negative.
    """

    freq: str
    interval: int = 1
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()
    week_start: int = 0


def nominal_times(rule: Rule, starts_on: date, at: time, first: date, last: date) -> list[datetime]:
    """The naive local date-times of the rule on the dates first..last (both included), sorted.

    starts_on anchors INTERVAL and fills the parts that the rule leaves out; nothing lies before
    it. `at` is the time of day; BYHOUR and BYMINUTE replace its hour and minute.
    """
    rule = _filled(rule, starts_on)
    clocks = clock_times(rule, at)
    return [
        nominal
        for day in _days(max(first, starts_on), last)
        for nominal in _on_date(rule, starts_on, day, clocks)
    ]


def clock_times(rule: Rule, at: time) -> list[time]:
    """The times of day at which the rule falls, sorted; usually just `at`."""
    hours = rule.by_hour or (at.hour,)
    minutes = rule.by_minute or (at.minute,)
    return sorted({time(hour, minute) for hour in hours for minute in minutes})


def counts_from_start(rule: Rule) -> bool:
    """Do the rule's dates depend on where it starts: its interval, or a day it leaves out?"""
    return rule.interval > 1 or _filled(rule, date(2024, 1, 1)) != rule


def first_date(rule: Rule, starts_on: date) -> date | None:
    """The first date on which the rule holds, or None when a hundred years show none."""
    rule = _filled(rule, starts_on)
    clocks = clock_times(rule, time(12))
    last = starts_on + min(_CENTURY, date.max - starts_on)
    for day in _days(starts_on, last):
        if _on_date(rule, starts_on, day, clocks):
            return day
    return None


def _filled(rule: Rule, starts_on: date) -> Rule:
    """What the rule leaves out comes from its start (RFC 5545: 'extracted from DTSTART')."""
    if rule.by_day or rule.by_month_day or rule.by_year_day or rule.freq == "DAILY":
        return rule
    if rule.freq == "WEEKLY":
        return replace(rule, by_day=((0, starts_on.weekday()),))
    if rule.freq == "YEARLY" and not rule.by_month:
        return replace(rule, by_month=(starts_on.month,), by_month_day=(starts_on.day,))
    return replace(rule, by_month_day=(starts_on.day,))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + offset * _DAY


def _on_date(rule: Rule, starts_on: date, day: date, clocks: list[time]) -> list[datetime]:
    if _in_phase(rule, starts_on, day) and _date_matches(rule, day):
        return _chosen(rule, day, clocks)
    return []


def _in_phase(rule: Rule, starts_on: date, day: date) -> bool:
    return (_period(rule, day) - _period(rule, starts_on)) % rule.interval == 0


def _period(rule: Rule, day: date) -> int:
    """The number of the day, week, month or year that INTERVAL counts."""
    match rule.freq:
        case "DAILY":
            return day.toordinal()
        case "WEEKLY":
            return (day.toordinal() - 1 - rule.week_start) // 7  # ordinal 1 is a Monday
        case "MONTHLY":
            return day.year * 12 + day.month
    return day.year


def _date_matches(rule: Rule, day: date) -> bool:
    return (
        (not rule.by_month or day.month in rule.by_month)
        and (not rule.by_month_day or _counted(rule.by_month_day, *_place_in_month(day)))
        and (not rule.by_year_day or _counted(rule.by_year_day, *_place_in_year(day)))
        and (not rule.by_week_no or _counted(rule.by_week_no, *_week_in_year(day)))
        and (not rule.by_day or _weekday_matches(rule, day))
    )


def _counted(wanted: tuple[int, ...], place: int, length: int) -> bool:
    """Is the place (1..length) among the wanted ones, where -1 is the last?"""
    return place in wanted or place - length - 1 in wanted


def _weekday_matches(rule: Rule, day: date) -> bool:
    place, length = _place_in_year(day) if _counts_in_year(rule) else _place_in_month(day)
    forward, backward = (place + 6) // 7, -((length - place) // 7 + 1)
    return any(
        weekday == day.weekday() and n in (0, forward, backward) for n, weekday in rule.by_day
    )


def _counts_in_year(rule: Rule) -> bool:
    return rule.freq == "YEARLY" and not rule.by_month


def _place_in_month(day: date) -> tuple[int, int]:
    return day.day, monthrange(day.year, day.month)[1]


def _place_in_year(day: date) -> tuple[int, int]:
    new_year = date(day.year, 1, 1)
    return (day - new_year).days + 1, (date(day.year, 12, 31) - new_year).days + 1


def _week_in_year(day: date) -> tuple[int, int]:
    iso = day.isocalendar()
    return iso.week, date(iso.year, 12, 28).isocalendar().week


def _chosen(rule: Rule, day: date, clocks: list[time]) -> list[datetime]:
    """The rule's date-times on a matching day; BYSETPOS keeps only some of the whole period."""
    here = [datetime.combine(day, clock) for clock in clocks]
    if not rule.by_set_pos:
        return here
    first, last = _period_bounds(rule, day)
    matching = (each for each in _days(first, last) if _date_matches(rule, each))
    whole = [datetime.combine(each, clock) for each in matching for clock in clocks]
    return [
        nominal
        for place, nominal in enumerate(whole, 1)
        if nominal in here and _counted(rule.by_set_pos, place, len(whole))
    ]


def _period_bounds(rule: Rule, day: date) -> tuple[date, date]:
    match rule.freq:
        case "DAILY":
            return day, day
        case "WEEKLY":
            first = day - ((day.weekday() - rule.week_start) % 7) * _DAY
            return first, first + 6 * _DAY
        case "MONTHLY":
            return day.replace(day=1), day.replace(day=_place_in_month(day)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)
