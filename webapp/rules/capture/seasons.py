"""The part of the year in which a cadence holds: months, seasons, and what lies between feasts."""

import re

from webapp.rules.capture import phrases as p
from webapp.rules.capture.feasts import FEAST
from webapp.rules.capture.reading import Reading
from webapp.rules.capture.understood import Limits
from webapp.rules.sentences import say

_SEASON = (
    rf"(?:,? ?(?:only )?(?:from |between |during |in )?)(?P<first>{p.MONTH})(?:"
    rf" (?P<a>\d{{1,2}}(?:th)?))?"
    r" (?P<to>to|through|until|-|and)(?: the end of)? "
    rf"(?P<last>{p.MONTH})(?: (?P<b>\d{{1,2}}(?:th)?))?(?: (?:only|each year|every year"
    rf"|inclusive))?"
)
_IN_MONTHS = rf"(?:only )?(?:in|during|throughout) (?P<months>{p.MONTH_LIST})(?: only)?"
_IN_SEASON = (
    r"(?:only )?(?:in|during|throughout|over|outside)(?: the)? (?P<season>summer|winter|spring"
    r"|autumn|fall"
    r"|(?:school |summer |winter )?(?:term|terms|season|holidays|break|semester)|(?:the )?school"
    r" year"
    r"|term time)"
)
_EDGE = (
    rf"(?:{FEAST}|(?:the )?(?:(?:end|start|beginning|middle) of )?(?:the )?(?:{p.DATE}|{p.MONTH}"
    r"|(?:school )?year|summer|winter|spring|autumn|fall|season|term|holidays))"
)
_BETWEEN = (
    rf"(?:only )?(?:(?:between|from) {_EDGE} (?:and|to|until|through|-) {_EDGE}"
    rf"|{FEAST} (?:to|until|through|-) {_EDGE}|{_EDGE} (?:to|until|through|-) {FEAST})"
    r"(?: (?:only|each year|every year|inclusive))?"
)
_AT_FEAST = (
    r"(?:only )?(?:on|by|before|after|since|during|over|around|about|throughout|outside|at|in|for)"
    rf" {FEAST}"
)
# Between what has no date in any calendar and no feast's name, up to whoever does the work.
_UNKNOWN = re.compile(
    r"(?:^|(?<=[.;]))\s*(?P<words>(?i:only )?(?i:between|since|throughout) [^,.;:|]*?)"
    r"(?=,| [A-Z][\w’'-]+ [a-z]+s\b)"
)


def take_season(reading: Reading, limits: Limits) -> None:
    """Take the season out that narrows the cadence; which months it is, is asked where unsure."""
    found = reading.search(_SEASON)
    if found and not (found["to"] == "and" and "between" not in found[0]):
        words = reading.take(*found.span(), "cadence")
        limits.words.append(words.lower())
        limits.unsure = True
        if found["a"] or found["b"]:
            reading.ask(
                "exception", say("Is it due “%(words)s” every year, or only once?", words=words)
            )
            return
        limits.months = p.season_of(found["first"], found["last"])
        reading.ask(
            "exception", say("Is it due “%(words)s” every year, or only once?", words=words)
        )
    elif found := reading.search(_BETWEEN) or reading.search(_IN_SEASON):
        words = reading.take(*found.span(), "cadence")
        limits.unsure = limits.loose = True
        reading.ask("exception", say("Which months are meant by “%(words)s”?", words=words))


def read_months(reading: Reading, limits: Limits) -> None:
    """Take "in March and April" out, once the cadence itself is known."""
    if found := reading.search(_IN_MONTHS):
        limits.months = p.months_of(found["months"])
        words = reading.take(*found.span(), "cadence")
        limits.words.append(words.lower())
        limits.unsure = True
        reading.ask(
            "exception", say("Is it due “%(words)s” every year, or only once?", words=words)
        )


def read_feast(reading: Reading) -> bool:
    """Take "on Christmas Eve" out, and ask what it changes; False when there is none."""
    found = reading.search(_AT_FEAST)
    if found:
        words = reading.take(*found.span(), "cadence")
        question = say("What does “%(words)s” change about the cadence?", words=words)
        reading.ask("exception", question)
        return True
    unknown = _UNKNOWN.search(reading.raw)
    if unknown:
        words = reading.take_raw(*unknown.span("words"), "cadence")
        question = say("What does “%(words)s” change about the cadence?", words=words)
        reading.ask("exception", question)
    return bool(unknown)
