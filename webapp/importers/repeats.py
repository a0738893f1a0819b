"""A cadence out of dates: which rule the gaps between occurrences follow, and how well.

Thresholds: a gap counts when it lies in the range of its rule, and half when it is two or three
periods long, since a missed occurrence is no contradiction. The share of gaps that count, times
min(1, n/4) for n dates, is likely from 0.75 with three dates, maybe from 0.5, else no pattern.
"""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from webapp.rules.recurrence import WEEKDAYS
from webapp.rules.sentences import N_

LIKELY, MAYBE, UNKNOWN = "likely", "maybe", "unknown"
MOST_DATES = 400

_ENOUGH = 2 / 3
_FEW_WEEKS = 14


class Pattern(NamedTuple):
    """What the dates show. rrule None: no pattern; `unsure` says what the dates leave open."""

    rrule: str | None
    confidence: str
    gaps: tuple[int, ...]
    unsure: str = ""


class _Period(NamedTuple):
    """The middle gap lies in shortest..longest; `stretch` more is a late one, not a missed one."""

    shortest: int
    longest: int
    rule: Callable[[Sequence[date]], tuple[str, str]]
    stretch: int = 0


def pattern_of(dates: Sequence[date]) -> Pattern:
    """The pattern in dates, of which the latest 400 are looked at; each day counts once."""
    days = sorted(set(dates))[-MOST_DATES:]
    gaps = tuple((after - before).days for before, after in pairwise(days))
    if not gaps:
        return Pattern(None, UNKNOWN, gaps)
    if on_days := _on_weekdays(days, gaps):
        return on_days
    middle = median(gaps)
    for period in _PERIODS:
        if period.shortest <= middle <= period.longest:
            return _judged(days, gaps, period)
    return Pattern(None, UNKNOWN, gaps)


def _judged(days: Sequence[date], gaps: tuple[int, ...], period: _Period) -> Pattern:
    share = sum(_counts(gap, period) for gap in gaps) / len(gaps)
    confidence = _confidence(share, len(days))
    if confidence == UNKNOWN:
        return Pattern(None, UNKNOWN, gaps)
    rrule, unsure = period.rule(days)
    if unsure and "INTERVAL=4" in rrule:
        confidence = MAYBE
    return Pattern(rrule, confidence, gaps, unsure)


def _counts(gap: int, period: _Period) -> float:
    if period.shortest <= gap <= period.longest + period.stretch:
        return 1
    return 0.5 if any(n * period.shortest <= gap <= n * period.longest for n in (2, 3)) else 0


def _confidence(share: float, n: int) -> str:
    if n == 2:
        return MAYBE if share == 1 else UNKNOWN
    score = share * min(1, n / 4)
    if score >= 0.75:
        return LIKELY
    return MAYBE if score >= 0.5 else UNKNOWN


def _on_weekdays(days: Sequence[date], gaps: tuple[int, ...]) -> Pattern | None:
    """Several days a week: each day, Monday to Friday, or the two to six days that come up."""
    if median(gaps) > 5 or len(days) < 3:
        return None
    weeks = max(1, round(((days[-1] - days[0]).days + 1) / 7))
    seen = Counter(day.weekday() for day in days)
    usual = sorted(weekday for weekday, count in seen.items() if count >= weeks * 0.5)
    if len(usual) < 2:
        return None
    share, next_ones = _share_on(days, usual)
    confidence = _confidence(share, len(days))
    if confidence == UNKNOWN or next_ones < 0.5:
        return None
    span = (days[-1] - days[0]).days
    return _weekday_pattern(usual, seen, gaps, confidence, is_short=span < _FEW_WEEKS)


def _share_on(days: Sequence[date], usual: Sequence[int]) -> tuple[float, float]:
    """The share of gaps that count, and of those that lead from one usual day to the next one."""
    score, next_ones = 0.0, 0
    for before, after in pairwise(days):
        if after.weekday() not in usual:
            continue
        between = sum(
            (before + timedelta(days=n)).weekday() in usual
            for n in range(1, min((after - before).days, 40) + 1)
        )
        score += 1 if between == 1 else 0.5 if between in (2, 3) else 0
        next_ones += between == 1
    return score / (len(days) - 1), next_ones / (len(days) - 1)


def _weekday_pattern(
    usual: list[int], seen: Counter[int], gaps: tuple[int, ...], confidence: str, *, is_short: bool
) -> Pattern:
    if len(usual) == 7:
        return Pattern("FREQ=DAILY", confidence, gaps)
    if len(usual) < 5 and is_short and median(gaps) == 1:
        unsure = N_("The dates are too few to tell whether it is done every day.")
        return Pattern("FREQ=DAILY", MAYBE, gaps, unsure)
    rrule = f"FREQ=WEEKLY;BYDAY={','.join(WEEKDAYS[weekday] for weekday in usual)}"
    if is_short:
        unsure = N_(
            "The dates cover less than two weeks. Is it really never done on the other days?"
        )
        return Pattern(rrule, MAYBE, gaps, unsure)
    return Pattern(rrule, confidence, gaps)


def _weekly(days: Sequence[date], interval: int = 1) -> tuple[str, str]:
    every = f"FREQ=WEEKLY{f';INTERVAL={interval}' if interval > 1 else ''}"
    seen = Counter(day.weekday() for day in days)
    weekday, count = seen.most_common(1)[0]
    if count / len(days) <= 0.5:
        return every, N_("The dates fall on changing weekdays. On which day of the week is it due?")
    return f"{every};BYDAY={WEEKDAYS[weekday]}", ""


def _fortnightly(days: Sequence[date]) -> tuple[str, str]:
    return _weekly(days, 2)


def _every_month(days: Sequence[date], interval: int = 1) -> tuple[str, str]:
    """The day of the month that most dates share; the first in this order where several do."""
    step = {(after - before).days for before, after in pairwise(days)}
    if interval == 1 and step == {28} and len(days) > 2:
        asked = N_("The dates are 28 days apart: is it every four weeks, or every month?")
        return f"FREQ=WEEKLY;INTERVAL=4;BYDAY={WEEKDAYS[days[0].weekday()]}", asked
    every = f"FREQ=MONTHLY{f';INTERVAL={interval}' if interval > 1 else ''}"
    part, count = _best(
        [_month_day(days), _last_day(days), _nth_weekday(days), *_working_days(days)]
    )
    if count / len(days) < _ENOUGH:
        return every, N_("The dates fall on changing days. On which day of the month is it due?")
    return f"{every};{part}", ""


def _best(choices: list[tuple[str, int]]) -> tuple[str, int]:
    return max(choices, key=lambda choice: choice[1])


def _month_day(days: Sequence[date]) -> tuple[str, int]:
    day, count = Counter(day.day for day in days).most_common(1)[0]
    return f"BYMONTHDAY={day}", count


def _last_day(days: Sequence[date]) -> tuple[str, int]:
    return "BYMONTHDAY=-1", sum(day.day == monthrange(day.year, day.month)[1] for day in days)


def _nth_weekday(days: Sequence[date]) -> tuple[str, int]:
    seen = Counter(((day.day - 1) // 7 + 1, day.weekday()) for day in days)
    (nth, weekday), count = seen.most_common(1)[0]
    last = Counter(day.weekday() for day in days if (day + timedelta(days=7)).month != day.month)
    if last and last.most_common(1)[0][1] > count:
        weekday, count = last.most_common(1)[0]
        nth = -1
    return f"BYDAY={nth}{WEEKDAYS[weekday]}", count


def _working_days(days: Sequence[date]) -> list[tuple[str, int]]:
    first = sum(day == _working_day(day, 1) for day in days)
    last = sum(day == _working_day(day, -1) for day in days)
    workdays = "BYDAY=MO,TU,WE,TH,FR;BYSETPOS"
    return [(f"{workdays}=1", first), (f"{workdays}=-1", last)]


def _working_day(day: date, which: int) -> date:
    found = day.replace(day=1 if which > 0 else monthrange(day.year, day.month)[1])
    while found.weekday() > 4:
        found += timedelta(days=which)
    return found


def _quarterly(days: Sequence[date]) -> tuple[str, str]:
    return _every_month(days, 3)


def _half_yearly(days: Sequence[date]) -> tuple[str, str]:
    return _every_month(days, 6)


def _yearly(days: Sequence[date]) -> tuple[str, str]:
    (month, day), count = Counter((each.month, each.day) for each in days).most_common(1)[0]
    if count / len(days) < _ENOUGH:
        return "FREQ=YEARLY", N_("The dates change from year to year. On which day is it due?")
    return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}", ""


def _daily(_days: Sequence[date]) -> tuple[str, str]:
    return "FREQ=DAILY", ""


_PERIODS = (
    _Period(1, 1, _daily),
    _Period(6, 8, _weekly),
    _Period(13, 15, _fortnightly),
    _Period(27, 32, _every_month, 3),  # the second Friday can be 35 days later
    _Period(88, 93, _quarterly),
    _Period(181, 185, _half_yearly),
    _Period(360, 370, _yearly),
)
