"""Days, moments, numbers and lists as the language spoken now writes them.

English days are British ("Monday 23 November"). Times are HH:MM and digits Latin in every language,
as the phone shows them, so that what is read out at one end is found at the other.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from webapp.rules.deadline import format_wait
from webapp.rules.sentences import Sentence
from webapp.words import apart, decimal_sign, language, translated
from webapp.words import gettext as _

PARTS = re.compile(r"(\d+)([dhm])")
# A weekday, a day of the month, and the year where it is said (CLDR's patterns for dates).
DATES = {
    "en": ("EEEE ", "d MMMM", " y"),
    "es": ("EEEE ", "d 'de' MMMM", " 'de' y"),
    "fr": ("EEEE ", "d MMMM", " y"),
    "de": ("EEEE, ", "d. MMMM", " y"),
    "pt": ("EEEE, ", "d 'de' MMMM", " 'de' y"),
    "ar": ("EEEE ", "d MMMM", " y"),
}


def local_time(moment: datetime, zone: str) -> str:
    """Return the wall time at a location: "07:15"."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def city(zone: str) -> str:
    """Return the city of a time zone, as the phone names it: "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def local_day(moment: datetime, zone: str) -> str:
    """Return the day at a location: "Monday 23 November"."""
    return day(moment.astimezone(ZoneInfo(zone)).date())


def day(which: date, *, weekday: bool = True, year: bool = False) -> str:
    """Return a day: "Monday 23 November", without its weekday or with its year as asked."""
    before, pattern, after = DATES[language()]
    pattern = before * weekday + pattern + after * year
    return format_date(which, pattern, locale=language())


def weekday(number: int) -> str:
    """Return the name of a weekday; 0 is Monday."""
    return str(Locale.parse(language()).days["stand-alone"]["wide"][number])


def short_weekday(which: date) -> str:
    """Return a day's weekday in short: "Mon"."""
    return format_date(which, "EEE", locale=language())


def month(number: int) -> str:
    """Return the name of a month, 1 to 12."""
    return str(Locale.parse(language()).months["stand-alone"]["wide"][number])


def wait(minutes: int) -> str:
    """Return a wait in words: "10 min", "1 d 2 h"."""
    return " ".join(_unit(unit, count) for count, unit in PARTS.findall(format_wait(minutes)))


def listed(names: Sequence[str]) -> str:
    """Return names in a row: "Ana", "Ana and Ben", "Ana, Ben and Fay"."""
    *some, last = map(said, names)
    if not some:
        return last
    # Translators: a list of names; %(some)s are all but the last one, with commas.
    return _("%(some)s and %(last)s", some=row(*some), last=last)


def row(*words: str) -> str:
    """Return short words beside each other as their language does; what is empty is left out."""
    return _(", ").join(apart(word) for word in words if word)


def one_of(names: Sequence[str]) -> str:
    """Return names of which one is meant: "Ana", "Ana or Ben", "Ana, Ben or Fay"."""
    *some, last = map(said, names)
    if not some:
        return last
    # Translators: a list of names of which one is meant; %(some)s are all but the last one.
    return _("%(some)s or %(last)s", some=row(*some), last=last)


def first_up(words: str) -> str:
    """Return words as a sentence begins."""
    text = said(words)
    return text[:1].upper() + text[1:]


def said(text: str) -> str:
    """Return a sentence in the language spoken now; what people wrote stays as it is."""
    return translated(text) if isinstance(text, Sentence) else text


def number(value: object) -> str:
    """Return a number as it was written, with the decimal sign of the language."""
    return str(value).replace(".", decimal_sign(), 1)


def quoted(text: str) -> str:
    """Return what people wrote between the quotation marks of the language: “Gate latch”."""
    return _("“%(text)s”", text=text)


def _unit(unit: str, count: str) -> str:
    # Translators: minutes, hours and days, as short as they are written beside a number.
    short = {"m": _("%(count)s min", count=count), "h": _("%(count)s h", count=count)}
    return short[unit] if unit in short else _("%(count)s d", count=count)
