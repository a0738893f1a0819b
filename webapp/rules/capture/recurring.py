"""Whether words tell of work that comes round, and how that shows; or of work that happens once."""

import re
from functools import lru_cache

from webapp.rules.capture.phrases import DATE, DAY, MONTH
from webapp.rules.capture.readers import hourly, read, unclear, vague
from webapp.rules.capture.reading import TAKEN, Reading, whole

_ONCE = (
    rf"(?:next|this|coming|the coming) (?:spring|summer|autumn|fall|winter|week|month|quarter"
    rf"|year|{MONTH}|{DAY}|season|weekend)"
    r"|tomorrow|today|tonight|asap|as soon as possible|right away|some ?day|one of these days"
    rf"|(?:on|by|before|in|until|around) (?:the )?(?:{MONTH} (?:the )?\d{{1,2}}(?:th)?"
    rf"|\d{{1,2}}(?:th)?(?: of)? {MONTH})(?: ,)? 20\d\d"
    rf"|(?:in|by|before) (?:{MONTH} )?20\d\d|in \d{{1,3}} (?:days|weeks|months|years)|by (?:the"
    rf" )?end of (?:this \w+|next \w+)"
    r"|one ?(?:- )?time|one ?(?:- )?off|just once|only once|once and for all|a single time"
)
_MAYBE_ONCE = (
    rf"(?:on|by|before|in|until|around|during|over) (?:the )?(?:end of )?(?:{DATE}|{MONTH}|{DAY}"
    rf"|spring|summer|autumn|winter|fall|christmas|easter|year)"
    r"|by (?:the )?end of the year|before the (?:opening|launch|move|wedding|party)"
)
# What is done once by its nature, and what is so when a date stands beside it.
_PROJECT = (
    r"remodel|renovate|refurbish|redesign|relocate|migrate|rebuild|repaint|hire (?:an?|new"
    r"|another|some)"
    r"|build (?:an?|the new)|launch|install (?:the |an? )?new|buy (?:the |an? )?new|move to"
    r" (?:the |a )?new"
    r"|set up (?:the |an? )?new|open (?:the |an? )?(?:new|second|third)|implement|roll out"
)
_PROJECT_BY_DATE = (
    rf"{_PROJECT}|paint the|replace the|build|move the|organi[sz]e the|plan the|write the"
    rf"|develop|construct"
    r"|install|buy|find a new|onboard"
)


@lru_cache(maxsize=512)
def recurs(words: str) -> bool:
    """Does it say how often, or ask for it, other than on one named date?"""
    plain = Reading(words).plain
    if date := whole(_ONCE).search(plain):
        plain = plain[: date.start()] + TAKEN * len(date[0]) + plain[date.end() :]
    if hourly(plain) or unclear(plain):
        return True
    found = read(plain) or vague(plain)
    return bool(found and (found[2].rule or found[2].asked) and not _is_one_date(found[2].asked))


@lru_cache(maxsize=512)
def names_time(words: str) -> bool:
    """Does it name a time at all, be it only "Tuesday night", of which is asked whether weekly?"""
    plain = Reading(words).plain
    return bool(recurs(words) or read(plain))


def _is_one_date(asked: tuple[object, ...]) -> bool:
    return any("only once" in getattr(each, "question", "") for each in asked)


def is_named_by(words: str) -> bool:
    """Does the cadence only name a thing, as in "sends the daily report"?"""
    reading = Reading(words)
    found = read(reading.plain)
    if not found:
        return False
    before, after = reading.plain[: found[0]], reading.plain[found[1] :]
    has_article = re.search(r"(?:^| )(?:the|an?|our|my|her|his|their|its|this) $", before)
    is_whose = reading.words(*found[:2]).endswith(("'s", "’s"))
    return is_whose or bool(has_article and re.match(r" [a-z]", after))


def happens_once(words: str) -> str | None:
    """The words that show that this work happens once, or None."""
    if recurs(words):
        return None
    reading = Reading(words)
    if date := whole(_ONCE).search(reading.plain):
        return reading.words(*date.span())
    date = whole(_MAYBE_ONCE).search(reading.plain)
    by_nature = re.search(rf"(?i)\b(?:{_PROJECT})\b(?: \w+)?", words)
    if date and re.search(rf"(?i)\b(?:{_PROJECT_BY_DATE})\b", words):
        return reading.words(*date.span())
    return by_nature[0] if by_nature else None
