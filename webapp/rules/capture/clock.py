"""At what time of day, in words: "before 9", "between 9 and 10", "at 10, 12 and 17", "by noon"."""

import re
from dataclasses import dataclass, field
from datetime import time

from webapp.rules.capture.hours import both_halves, possible_times
from webapp.rules.capture.moments import (
    NAMED,
    take_moment_beside,
    told_moment,
    told_opening,
)
from webapp.rules.capture.reading import Reading
from webapp.rules.capture.verbs import base_verb
from webapp.rules.deadline import format_clock
from webapp.rules.sentences import say

_BY = (
    r"(?:no later than|not later than|at the latest by|latest by|latest at|latest|before|by"
    r"|until|at"
    r"|due(?: at| by)?|around|about|@|until about|by about|at about|at around|by around"
    r")"
)
_ZONE = r"(?: (?:sharp|local time|est|edt|cst|cdt|mst|mdt|pst|pdt|gmt|utc|cet|bst|et|ct|pt))?"
_NO_CLOCK = (
    r"(?! ?(?:%|°|/|degrees|minutes?|days|hours?|weeks|months|years|seconds|people|places|locations"
    r"|sites|rooms|stores|shops|different|other|more|of|or more|c|f|kg|g|lb|lbs|km|m|cm|l|ml"
    r"|euros|ppm|psi|bar|ph|lux|mm|percent|litres|liters|bottles|units|boxes|bags|points|copies"
    r"|rounds|laps"
    r"|dollars|st|nd|rd|th|- \w|times)(?: |$)|:|\.\d| ?%)"
)
_ONE = (
    r"(?:@\d{1,2}(?:[:h]?\d{2})?(?::00)?(?:a|p)?m?|(?:half|quarter) (?:past|to) one|one oclock"
    r"|(?:half past |quarter past |quarter to )?"
    rf"\d{{1,2}}(?:\.\d\d)?(?: oclock)?{_NO_CLOCK}|noon)"
)
_SURE = r"(?:@\d{1,2}(?:[:h]?\d{2})?(?::00)?(?:a|p)?m?|noon)"
_LIST = (
    rf"(?:{_BY} )?(?P<list>{_ONE}(?:(?: ,| and| then| again| /| or| plus)+(?: at)? {_ONE})"
    rf"{{1,11}}){_ZONE}"
)
_WINDOW = (
    rf"(?:(?:between|from|anywhere between|any time between) )?(?P<opens>{_ONE})(?: in the"
    rf" morning)?"
    rf" (?:and|to|-|until|through) (?P<due>{_ONE}){_ZONE}(?: in the (?:evening|afternoon|morning))?"
)
_PART = r"(?: (?:in the|at) (?:morning|afternoon|evening|night))?"
_SINGLE = rf"{_BY}(?: the)? (?P<one>{_ONE}){_ZONE}{_PART}"
_ALONE = rf"(?P<one>{_SURE}|\d{{1,2}} oclock|half past (?:\d{{1,2}}|one)){_ZONE}{_PART}"
_AFTER = (
    rf"(?:after|from|starting at|starting from|not before|no earlier than|no sooner than|any"
    rf" time after) (?P<opens>{_ONE}){_ZONE}"
)


@dataclass(slots=True)
class Clock:
    """Local wall times: when it may begin, and when it is due, several times a day if so said."""

    opens: time | None = None
    times: list[time] = field(default_factory=list)


def read_clock(reading: Reading, *, is_hourly: bool = False) -> Clock:
    """Take the times of day out of the text; what can mean two is asked."""
    clock = Clock()
    hint = reading.plain
    if _take_window(reading, clock, hint, is_hourly=is_hourly) and not is_hourly:
        return clock
    _take_opening(reading, clock, hint)
    if clock.times:
        return clock
    _take_due(reading, clock, hint)
    return clock


def _take_due(reading: Reading, clock: Clock, hint: str) -> None:
    if _take_list(reading, clock, hint):
        return
    if told := told_moment(reading, f"{_ONE}{_ZONE}"):
        possible = possible_times(told["one"], hint)
        _settle(reading, clock, reading.take(*told.span(), "deadline"), possible)
        return
    found = _first(reading, _SINGLE) or reading.search(_ALONE)
    named = reading.search(NAMED)
    if found and not (named and named.start() < found.start()):
        possible = [] if _is_bent(reading.plain, found) else possible_times(found["one"], hint)
        _settle(reading, clock, reading.take(*found.span(), "deadline"), possible)
        take_moment_beside(reading, found.end())
        if another := _first(reading, _SINGLE) or reading.search(_SURE):
            words = reading.words(*another.span())
            reading.ask("second", say("What is due at “%(words)s”?", words=words))
    elif named:
        words = reading.take(*named.span(), "deadline")
        reading.ask("deadline", say("At what time of day is “%(words)s”?", words=words))
    else:
        reading.ask("deadline", say("By what time is it due?"))


def _is_bent(plain: str, found: re.Match[str]) -> bool:
    """Do the words around a time mean another one ("10 minutes before 9", "by 9 or 10")?"""
    before = re.search(r"(?:minutes|hours?) $", plain[: found.start()])
    return bool(before or re.match(rf" (?:or|to|-) (?:{_ONE})(?![^ ])", plain[found.end() :]))


def _first(reading: Reading, pattern: str) -> re.Match[str] | None:
    """The first time that is none of a thing counted ("before 9 guests arrive")."""
    place = 0
    while found := reading.search_from(pattern, place):
        if not _counts_things(reading, found):
            return found
        place = found.end()
    return None


def _counts_things(reading: Reading, found: re.Match[str]) -> bool:
    """Is the number one of things, as in "before 9 guests arrive"?"""
    if not re.search(r"(?:^| )\d{1,2}$", found[0]):
        return False
    after = re.match(r" ([a-z]+s)(?= |$)", reading.plain[found.end() :])
    word = after[1] if after else ""
    if not word or base_verb(word) or re.fullmatch(r"(?:mon|tue|wed|thu|fri|sat|sun)s", word):
        return False
    following = reading.words(found.end() + 1, found.end() + 2)
    return following.islower() and word not in (
        "this",
        "always",
        "sometimes",
        "weekdays",
        "days",
        "weekends",
        "mornings",
        "evenings",
    )


def _settle(reading: Reading, clock: Clock, words: str, possible: list[time]) -> None:
    if len(possible) == 1:
        clock.times = possible
    elif len(possible) == 2:
        first, second = map(format_clock, possible)
        reading.ask(
            "deadline",
            say("Is “%(words)s” %(first)s or %(second)s?", words=words, first=first, second=second),
            first,
            second,
        )
    else:
        reading.ask("deadline", say("Which time of day is meant by “%(words)s”?", words=words))


def _take_window(reading: Reading, clock: Clock, hint: str, *, is_hourly: bool) -> bool:
    found = reading.search(_WINDOW)
    if not found or not _is_window(found) or _is_range(reading.plain, found):
        return False
    opens, due = possible_times(found["opens"], hint), possible_times(found["due"], hint)
    words = reading.take(*found.span(), "deadline")
    if len(opens) == 2 and len(due) == 1:
        opens = [each for each in opens if each < due[0]][-1:] if due[0] > opens[0] else opens
    if len(opens) == 1 and opens[0].hour >= 1:
        wide = (
            both_halves(found["due"]) if is_hourly or len(due) != 1 or due[0] <= opens[0] else due
        )
        due = [each for each in wide if each > opens[0]][:1] or due
    if len(opens) == 1 and len(due) == 1 and opens[0] < due[0]:
        clock.opens, clock.times = opens[0], due
    else:
        reading.ask("deadline", say("Which times of day are meant by “%(words)s”?", words=words))
    return True


def _is_window(found: re.Match[str]) -> bool:
    """Two times with "between" or "from", or both written as times: "9 and 10" alone is none."""
    if re.match(r"(?:between|from|any)", found[0]):
        return True
    both = found["opens"].startswith("@") and found["due"].startswith("@")
    return bool(re.search(r" (?:to|-|until|through) ", found[0])) and (
        both or found["due"].startswith("@")
    )


def _is_range(plain: str, found: re.Match[str]) -> bool:
    """Are two bare numbers what something reads ("must stay between 2 and 8")?"""
    reads = r"(?:be|stays?|reads?|remains?|keeps?|shows?|is|are) (?:it |them )?$"
    return "@" not in found[0] and bool(re.search(rf"(?:^| ){reads}", plain[: found.start()]))


def _take_opening(reading: Reading, clock: Clock, hint: str) -> None:
    found = told_opening(reading, f"{_ONE}{_ZONE}") or reading.search(_AFTER)
    if not found:
        return
    possible = possible_times(found["opens"], hint)
    words = reading.take(*found.span(), "opens")
    if len(possible) == 1:
        clock.opens = possible[0]
    else:
        reading.ask("opens", say("Which time of day is meant by “%(words)s”?", words=words))


def _take_list(reading: Reading, clock: Clock, hint: str) -> bool:
    found = reading.search(_LIST)
    written = re.findall(_ONE, found["list"]) if found else []
    if not found or not _is_list(found, written):
        return False
    own = "" if len(written) > 1 else hint
    times = [possible_times(each, own) for each in written]
    words = reading.take(*found.span(), "deadline")
    times = [] if " or " in found["list"] else times
    sure = [each[0] for each in times if len(each) == 1]
    if sure and len(sure) == len(times) and sure == sorted(set(sure)):
        clock.times = sure
    else:
        reading.ask("deadline", say("Which times of day are meant by “%(words)s”?", words=words))
    return True


def _is_list(found: re.Match[str], written: list[str]) -> bool:
    by = re.match(_BY, found[0])
    return len(written) > 1 and (bool(by) or all(each.startswith("@") for each in written))
