"""Dates and the gaps between them as a person reads them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from webapp.rules.capture_time import MONTHS
from webapp.rules.sentences import in_a_row, say, say_many

_SHOWN = 6
_FEW = 8


def gap_words(gaps: Sequence[int]) -> str:
    """The gaps in days: each, or the most frequent ones of many."""
    if len(set(gaps)) == 1:
        if len(gaps) > 1:
            return say_many("each a day apart", "each %(num)s days apart", gaps[0])
        return say_many("a day apart", "%(num)s days apart", gaps[0])
    if len(gaps) > _FEW:
        usual = [
            say("%(gap)s (%(times)s times)", gap=gap, times=times)
            for gap, times in Counter(gaps).most_common(3)
        ]
        return say("gaps in days: %(gaps)s", gaps=in_a_row(usual))
    return say("gaps in days: %(gaps)s", gaps=in_a_row(list(map(str, gaps))))


def listed(days: Sequence[date]) -> str:
    """The last dates, in one line: "… 4 Sep, 11 Sep, 18 Sep 2026"."""
    shown = [
        say("%(day)s %(month)s", day=day.day, month=say(MONTHS[day.month - 1]))
        for day in days[-_SHOWN:]
    ]
    shown[-1] = say("%(date)s %(year)s", date=shown[-1], year=days[-1].year)
    row = in_a_row(shown)
    return say("… %(dates)s", dates=row) if len(days) > _SHOWN else row
