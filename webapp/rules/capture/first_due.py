"""The first date of a cadence, where its words name one day of one year."""

import re
from datetime import date

from webapp.rules.capture.reading import Reading
from webapp.rules.capture.vocabulary import MONTHS
from webapp.rules.sentences import say

_MONTH = rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_WRITTEN = [
    re.compile(rf"\b{pattern}\b", re.IGNORECASE)
    for pattern in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
        rf"{_DAY}(?: of)? {_MONTH},? {_YEAR}",
        rf"{_MONTH} (?:the )?{_DAY},? {_YEAR}",
    )
]


def first_due(words: str) -> date | None:
    """The date that "2026-12-04", "starting 4 December 2026" or "Dec 4, 2026" names; else None.

    "12/4/2026" is two dates, and a day without its year leaves open which year is meant.
    """
    found = next(filter(None, (written.search(words) for written in _WRITTEN)), None)
    if found is None:
        return None
    said = found.groupdict()
    month = said.get("number") or MONTHS.index(said["month"].lower()) + 1
    try:
        return date(int(said["year"]), int(month), int(said["day"]))
    except ValueError:
        return None


def ask_start(reading: Reading, words: str) -> None:
    """Ask which date the words mean that say from when, unless they name one."""
    if not first_due(words):
        question = say("On which date is it due first (“%(words)s”)?", words=words)
        reading.ask("starts", question)
