"""Dates as project tools and spreadsheets write them, each form by its own strict pattern.

What can be read in two ways (9/6/2026) is read only once the whole column has shown which is meant.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from webapp.importers.items import When

DAY_FIRST, MONTH_FIRST = "day first", "month first"

_MONTH_NAMES = (
    "jan january januar janvier enero gennaio janeiro januari",
    "feb february februar février fevrier febrero febbraio fevereiro februari",
    "mar march märz maerz mars marzo março maart mrz",
    "apr april avril abril aprile avr abr",
    "may mai mayo maggio maio mei",
    "jun june juni juin junio giugno junho",
    "jul july juli juillet julio luglio julho",
    "aug august août aout agosto augustus",
    "sep sept september septembre septiembre settembre setembro",
    "oct october okt oktober octobre octubre ottobre outubro",
    "nov november novembre noviembre novembro",
    "dec december dez dezember décembre decembre diciembre dicembre dezembro",
)
MONTHS = {name: n for n, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}

_ZONE = r"(?P<zone>Z|UTC|(?:GMT|UTC)?[+-]\d{1,2}:?\d{0,2}|GMT)"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:[.,]\d+)?)?"
    rf"\s*(?P<half>[AaPp])?(?:\.?[Mm]\.?)?\s*{_ZONE}?"
)
_END = rf"(?:,?\s*(?:T|at|um|à)?\s*{_CLOCK}(?:\s*\([^)]*\))?)?"
_MONTH = r"(?P<name>[^\W\d_]{3,11})\.?"
_NTH = r"(?:st|nd|rd|th|º|\.)?"
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,?\s+)?"
_FORMS = tuple(
    re.compile(f"@?{form}{_END}")
    for form in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}}){_NTH},?\s+(?P<year>\d{{4}})",
        (
            rf"{_WEEKDAY}(?P<day>\d{{1,2}}){_NTH}(?:\s+(?:of|de)|[-/])?\s*{_MONTH}[\s/,-]*(?:de\s+)?"
            r"(?P<year>\d{4})"
        ),
        (
            r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]"
            r"(?P<far>\s*(?:오전|오후|上午|下午|午前|午後))?"
        ),
    )
)
_NUMBERS = re.compile(
    rf"(?P<one>\d{{1,2}})(?P<sign>[/.-])(?P<two>\d{{1,2}})(?P=sign)(?P<year>\d{{4}}|\d{{2}}){_END}"
)
_AFTERNOON = ("오후", "下午", "午後")
_EARLIEST, _LATEST = 1990, 2100


@lru_cache(maxsize=50_000)
def read_when(text: str, order: str | None = None) -> When | None:
    """The date in a cell, or None; of a range ("May 2 → May 9") it is the end.

    `order` says how numbers such as 9/6/2026 are meant; without it they are not read, unless only
    one reading exists (22/9/2025) or dots show that the day comes first.
    """
    text = text.strip(" \"'")
    if "→" in text:
        text = text.rpartition("→")[2].strip()
    if not 6 <= len(text) <= 60 or not any(letter.isdigit() for letter in text):
        return None
    for form in _FORMS:
        if found := form.fullmatch(text):
            return _named(found)
    found = _NUMBERS.fullmatch(text)
    return _numbered(found, order) if found else None


def _named(found: re.Match[str]) -> When | None:
    parts = found.groupdict()
    month = MONTHS.get(parts["name"].casefold()) if "name" in parts else int(parts["month"])
    return _when(int(parts["year"]), month or 0, int(parts["day"]), parts)


def _numbered(found: re.Match[str], order: str | None) -> When | None:
    one, two = int(found["one"]), int(found["two"])
    order = order or order_of([found[0]]) or (DAY_FIRST if found["sign"] == "." else None)
    if order is None:
        return None
    year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    day, month = (one, two) if order == DAY_FIRST else (two, one)
    return _when(year, month, day, found.groupdict())


def _when(year: int, month: int, day: int, parts: dict[str, str | None]) -> When | None:
    try:
        at = _clock(parts)
        moment = datetime.combine(date(year, month, day), time(*(at or (0, 0))))
    except ValueError:
        return None
    if not _EARLIEST <= year <= _LATEST:
        return None
    zone = parts.get("zone")
    return When(moment.date(), moment.time() if at else None, is_utc=at is not None and _utc(zone))


def _clock(parts: dict[str, str | None]) -> tuple[int, int] | None:
    if parts.get("hour") is None:
        return None
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower()
    if parts.get("far"):
        half = "p" if (parts["far"] or "").strip() in _AFTERNOON else "a"
    if half:
        hour = hour % 12 + 12 * (half == "p")
    return hour, int(parts["minute"] or 0)


def _utc(zone: str | None) -> bool:
    """Is it universal time? An offset such as GMT+5:30 means the exporter's own clock."""
    digits = re.sub(r"\D", "", zone or "")
    return zone is not None and not digits.strip("0")


def order_of(texts: Iterable[str]) -> str | None:
    """Which of day and month comes first in a column; None while nothing shows it."""
    shown = set()
    for text in texts:
        if not (found := _NUMBERS.fullmatch(text.strip())):
            continue
        if int(found["one"]) > 12:
            shown.add(DAY_FIRST)
        elif int(found["two"]) > 12:
            shown.add(MONTH_FIRST)
    return shown.pop() if len(shown) == 1 else None


def is_numbers(text: str) -> bool:
    """Is this a date of numbers only, whose order has to be found out?"""
    found = _NUMBERS.fullmatch(text.strip())
    return found is not None and found["sign"] != "."


def of_epoch(text: str) -> When | None:
    """A count of milliseconds or seconds since 1970, in UTC; None for anything else."""
    digits = text.strip(" \"'")
    if not re.fullmatch(r"\d{9,14}", digits):
        return None
    seconds = int(digits) / (1000 if len(digits) > 10 else 1)
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
    return of_moment(moment)


def of_moment(moment: datetime) -> When | None:
    """A date-time of a spreadsheet cell (naive) or of a program (aware, told in UTC)."""
    is_utc = moment.tzinfo is not None
    there = moment.astimezone(UTC) if is_utc else moment
    if not _EARLIEST <= there.year <= _LATEST:
        return None
    at = there.time().replace(second=0, microsecond=0, tzinfo=None)
    return When(there.date(), at if is_utc or at != time(0) else None, is_utc)


def of_cell(cell: object, order: str | None = None) -> When | None:
    """The date in a cell of a spreadsheet: a real date, or text."""
    if isinstance(cell, datetime):
        return of_moment(cell)
    if isinstance(cell, date):
        return When(cell) if _EARLIEST <= cell.year <= _LATEST else None
    return read_when(str(cell), order) if isinstance(cell, str) else None


def only_date(when: When | None) -> When | None:
    """The date alone, of tools that store midnight: 23:00 in summer time is the next day."""
    if when is None or when.at is None:
        return when
    moment = datetime.combine(when.day, when.at, UTC if when.is_utc else None)
    return When((moment + timedelta(hours=12)).date())
