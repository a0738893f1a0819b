"""Dates and the gaps between them as a person reads them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

_SHOWN = 6
_FEW = 8


def gap_words(gaps: Sequence[int]) -> str:
    """The gaps in days: each, or the most frequent ones of many."""
    if len(set(gaps)) == 1:
        apart = "a day apart" if gaps[0] == 1 else f"{gaps[0]} days apart"
        return f"each {apart}" if len(gaps) > 1 else apart
    if len(gaps) > _FEW:
        usual = Counter(gaps).most_common(3)
        return f"gaps in days: {', '.join(f'{gap} ({times} times)' for gap, times in usual)}"
    return f"gaps in days: {', '.join(map(str, gaps))}"


def listed(days: Sequence[date]) -> str:
    """The last dates, in one line: "… 4 Sep, 11 Sep, 18 Sep 2026"."""
    shown = [f"{day.day} {day:%b}" for day in days[-_SHOWN:]]
    shown[-1] += f" {days[-1].year}"
    return f"{'… ' if len(days) > _SHOWN else ''}{', '.join(shown)}"
