"""Moments of the day that have a name ("before we open"), and the time that is told beside them."""

import re

from webapp.rules.capture.phrases import DAY, MONTH
from webapp.rules.capture.reading import Reading

NAMED = (
    r"(?:at|by|before) the (?:end|start|beginning) of(?= every (?:day|weekday|(?:working"
    r"|business) day))|"
    r"(?:at|by|before|until|no later than|due|after|around|due by|once|when)(?: the)?"
    r" (?:(?:lunch(?:time)?|dinner(?:time)?|breakfast|eod|cob|end of (?:the )?(?:day|shift|business"
    r"|night)"
    r"|close of (?:business|play|day)|close|opening(?: time)?|closing(?: time)?|sunrise|sunset|dawn"
    r"|dusk|start of (?:the )?(?:day|shift|business)|start of day)|we (?:open|close)"
    r"|(?:the )?\w+ (?:opens|closes))|eod|cob|end of day|close of business|end of shift"
)
_OTHER = (
    rf"(?!(?:{DAY}s?|{MONTH}|every|at|on|by|around|about|weekdays?|weekends?|end|start|noon|half"
    r"|quarter|minutes?|hours?|(?:working |business |calendar )?days?|weeks?|months?|years?|of"
    r"|sometimes|always|and|or|then)(?: |$))"
)
_WORD = rf"{_OTHER}[a-z]+"
_HAPPENS = (
    r"(?:opens?|closes?|starts?|begins?|arrives?|comes?(?: in)?|gets? (?:in|here|up)|leaves?"
    r"|goes live|is served|are served|turns? up|shows? up)"
)
_NOUN = (
    r"(?:closing|opening|close|lunch|dinner|breakfast|service|school|church|sunset|sunrise)"
    r"(?: time)?"
)
_THING = rf"(?:(?:the|our) 1th )?{_WORD}(?: -)?(?: {_WORD}){{0,2}}?"
_MOMENT = rf"{_THING}(?: {_HAPPENS}(?: (?:up|(?:the|our|its) {_WORD}))?)?"
_TIME = r"(?: ,| \()?(?: at| by)? "
_BEFORE = r"(?:(?:just|right|shortly) )?(?:before|by the time|until|ahead of|in time for)"
_AFTER = r"(?:after|once|when|as soon as)"


def told_moment(reading: Reading, one: str) -> re.Match[str] | None:
    """A moment by which it is due, told at once ("before we open at 7"); `one` is a time."""
    named = rf"(?:{_BEFORE} {_MOMENT}|(?!after|once|when)(?:{NAMED}))"
    return _told(reading, rf"{named}{_TIME}(?P<one>{one})(?: \))?")


def told_opening(reading: Reading, one: str) -> re.Match[str] | None:
    """A moment from which on it may be done, told at once ("after we open at 7")."""
    happens = rf"(?:we|they|the {_WORD}(?: {_WORD})?) {_HAPPENS}"
    named = rf"(?:the )?(?:{_WORD} )?{_NOUN}(?: {_HAPPENS})?"
    return _told(reading, rf"{_AFTER} (?:{happens}|{named}){_TIME}(?P<opens>{one})(?: \))?")


def _told(reading: Reading, pattern: str) -> re.Match[str] | None:
    """The place, unless somebody is named in it: then work stands between moment and time."""
    found = reading.search(pattern)
    if not found:
        return None
    _first, *words = reading.words(*found.span()).split()
    return None if any(word[:1].isupper() for word in words) else found


def take_moment_beside(reading: Reading, end: int) -> None:
    """Take the name of the moment out where it only repeats a time ("at 7, before we open")."""
    named = rf"(?:{NAMED}|{_BEFORE} {_THING} {_HAPPENS})"
    beside = re.compile(rf" (?:, |\( )?{named}(?: \))?(?= |$)").match(reading.plain, end)
    if beside:
        reading.take(beside.start() + 1, beside.end(), "deadline")
