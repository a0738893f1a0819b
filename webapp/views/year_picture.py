"""Twelve months as small calendars: weeks are columns, days are rows, each day one mark.

A mark tells by its shape and how much of it is full: a dot, half a square, a whole one. So it
reads in grey and for every eye; the table beneath says the same in numbers.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from webapp.formats import month
from webapp.rules.sentences import N_
from webapp.services.process_year import STATES, Year
from webapp.views import drawing
from webapp.words import direction
from webapp.words import gettext as _

CELL = 14
WEEKS = 6
DAY = timedelta(days=1)
# In the order in which the legend and the table name them.
LEGEND = (
    ("on_time", N_("Closed, and nobody had to chase it")),
    ("moved", N_("Missed, and moved on by itself")),
    ("owner", N_("Missed, and came to the last of its chain")),
    ("open", N_("Due, and not closed yet")),
    ("off", N_("Closed that day, or called off")),
)


def months(year: Year) -> list[dict[str, Any]]:
    """Return each month with its picture, the same in numbers, and its name."""
    return [_month(year, first) for first in _firsts(year)]


def legend() -> list[dict[str, Any]]:
    """Return each mark with what it means."""
    return [
        {"picture": drawing.picture("day-mark", CELL, CELL, [mark(kind, 0, 0)]), "words": _(words)}
        for kind, words in LEGEND
    ]


def mark(kind: str, x: float, y: float) -> Markup:
    """Return the mark of one day, in the cell whose corner is there."""
    middle = (x + CELL / 2, y + CELL / 2)
    if kind == "on_time":
        return drawing.circle(*middle, 3.5, "full")
    if kind == "moved":
        half = drawing.path(f"M{x + 2} {y + 2}V{y + 12}H{x + 12}Z", "full")
        return drawing.rect(x + 2, y + 2, 10, 10, "open") + half
    if kind == "owner":
        return drawing.rect(x + 1, y + 1, 12, 12, "full need")
    if kind == "open":
        return drawing.rect(x + 2, y + 2, 10, 10, "open dashed")
    if kind == "off":
        return drawing.path(f"M{x + 3} {y + 7}h8", "base")
    return drawing.circle(*middle, 1, "base")


def state_of(year: Year, day: date) -> str:
    """Return what a day was: the worst of its runs; closed, or nothing planned, without any."""
    runs = year.days.get(day, [])
    if runs:
        return min(runs, key=STATES.index)
    return "off" if day in year.closed else "none"


def _firsts(year: Year) -> Iterator[date]:
    first = year.first
    while first <= year.last:
        yield first
        first = (first + 31 * DAY).replace(day=1)


def _month(year: Year, first: date) -> dict[str, Any]:
    last = min(year.last, (first + 31 * DAY).replace(day=1) - DAY)
    days = [first + DAY * number for number in range((last - first).days + 1)]
    counts = Counter(state for day in days for state in year.days.get(day, []))
    marks = [mark(state_of(year, day), *_corner(first, day)) for day in days]
    return {
        # Translators: “November 2026”.
        "name": _("%(month)s %(year)s", month=month(first.month), year=first.year),
        "picture": drawing.picture("month-days", WEEKS * CELL, 7 * CELL, marks),
        "counts": {kind: counts[kind] for kind in STATES},
        "total": sum(counts[kind] for kind in ("on_time", "moved", "owner", "open")),
    }


def _corner(first: date, day: date) -> tuple[int, int]:
    """Weeks go on as the language is written."""
    column = (day.day - 1 + first.weekday()) // 7
    column = WEEKS - 1 - column if direction() == "rtl" else column
    return column * CELL, day.weekday() * CELL
