"""At what time of day, in words: "before 9", "between 9 and 10", "at 10, 12 and 17", "by noon"."""

import re
from dataclasses import dataclass, field
from datetime import time

from webapp.rules.capture.hours import HALF_PAST, ONE, SURE, both_halves, possible_times
from webapp.rules.capture.moments import (
    NAMED,
    take_moment_beside,
    told_moment,
    told_opening,
)
from webapp.rules.capture.phrases import DAY
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
_LIST = (
    rf"(?:{_BY} )?(?P<list>{ONE}(?:(?: ,| and| then| again| /| or| plus)+(?: at)? {ONE})"
    rf"{{1,11}}){_ZONE}"
)
_WINDOW = (
    rf"(?:(?:between|from|anywhere between|any time between) )?(?P<opens>{ONE})(?: in the"
    rf" morning)?"
    rf" (?:and|to|-|until|through) (?P<due>{ONE}){_ZONE}(?: in the (?:evening|afternoon|morning))?"
)
_PART = r"(?: (?:in the|at) (?:morning|afternoon|evening|night))?"
_SINGLE = rf"{_BY}(?: the)? (?P<one>{ONE}){_ZONE}{_PART}"
_ALONE = rf"(?P<one>{SURE}|\d{{1,2}} oclock|{HALF_PAST}){_ZONE}{_PART}"
_AFTER = (
    rf"(?<!quarter )(?:after|from|starting at|starting from|not before|no earlier than"
    rf"|no sooner than|any time after) (?P<opens>{ONE}){_ZONE}"
)
_EVERY_DAY = re.compile(r"\b(?:every (?:day|night|evening)|daily|nightly)\b")
_SOME_DAYS = re.compile(rf"\b(?:{DAY}s?|week\w*|month\w*|year\w*|except)\b")
_AT = re.compile(r"(?i)(?:due )?at\b|12\b|midnight\b")


@dataclass(slots=True)
class Clock:
    """Local wall times: when it may begin, and when it is due, several times a day if so said."""

    opens: time | None = None
    times: list[time] = field(default_factory=list)


def read_clock(reading: Reading, *, is_hourly: bool = False) -> Clock:
    """Take the times of day out of the text; what can mean two is asked."""
    clock = Clock()
    hint = reading.plain
    has_window = _take_window(reading, clock, hint, is_hourly=is_hourly)
    if not has_window or is_hourly:
        _take_opening(reading, clock, hint)
        if not clock.times:
            _take_due(reading, clock, hint)
    if not is_hourly:
        _ask_of_another(reading, clock)
    return clock


def _ask_of_another(reading: Reading, clock: Clock) -> None:
    """Ask what is due at one more time: "… and at noon Jon checks the trays"."""
    window = reading.search(_WINDOW)
    another = window if window and _is_window(window) else None
    another = another or _first(reading, _SINGLE) or reading.search(_ALONE)
    if clock.times and another:
        words = reading.take(*another.span(), "deadline")
        reading.ask("second", say("What is due at “%(words)s”?", words=words))


def _take_due(reading: Reading, clock: Clock, hint: str) -> None:
    if _take_list(reading, clock, hint):
        return
    if told := told_moment(reading, f"{ONE}{_ZONE}"):
        possible = possible_times(told["one"], hint)
        _settle(reading, clock, reading.take(*told.span(), "deadline"), possible)
        return
    found = _first(reading, _SINGLE) or reading.search(_ALONE)
    named = reading.search(NAMED)
    if found and named and named[0].startswith(("after", "once", "when")):
        words = reading.take(*named.span(), "opens")
        reading.ask("opens", say("Which time of day is meant by “%(words)s”?", words=words))
        named = None
    if found and not (named and named.start() < found.start()):
        possible = [] if _is_bent(reading.plain, found) else possible_times(found["one"], hint)
        words = reading.take(*found.span(), "deadline")
        if "midnight" in found["one"]:
            _settle_midnight(reading, clock, words)
        else:
            _settle(reading, clock, words, possible)
        take_moment_beside(reading, found.end())
    elif named:
        words = reading.take(*named.span(), "deadline")
        reading.ask("deadline", say("At what time of day is “%(words)s”?", words=words))
    else:
        reading.ask("deadline", say("By what time is it due?"))


def _settle_midnight(reading: Reading, clock: Clock, words: str) -> None:
    """Midnight begins each day, where it is due every day; else it may end the one named."""
    said = " ".join(token.form for token in reading.tokens)
    if _EVERY_DAY.search(said) and _AT.match(words) and not _SOME_DAYS.search(said):
        clock.times = [time(0)]
        reading.assumed.append(
            say("“%(words)s” is read as 00:00, when the day begins.", words=words)
        )
        return
    question = say(
        "Is “%(words)s” %(first)s or %(second)s?", words=words, first="00:00", second="23:59"
    )
    reading.ask("deadline", question, "00:00", "23:59")


def _is_bent(plain: str, found: re.Match[str]) -> bool:
    """Do the words around a time mean another one ("10 minutes before 9", "by 9 or 10")?"""
    before = re.search(r"(?:minutes|hours?) $", plain[: found.start()])
    return bool(before or re.match(rf" (?:or|to|-) (?:{ONE})(?![^ ])", plain[found.end() :]))


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
    if not found or not _is_window(found):
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
        return not _is_range(found)
    both = found["opens"].startswith("@") and found["due"].startswith("@")
    return bool(re.search(r" (?:to|-|until|through) ", found[0])) and (
        both or found["due"].startswith("@")
    )


def _is_range(found: re.Match[str]) -> bool:
    """Are two bare numbers what something reads ("must stay between 2 and 8")?"""
    reads = r"(?:be|stays?|reads?|remains?|keeps?|shows?|is|are) (?:it |them )?$"
    return "@" not in found[0] and bool(
        re.search(rf"(?:^| ){reads}", found.string[: found.start()])
    )


def _take_opening(reading: Reading, clock: Clock, hint: str) -> None:
    found = told_opening(reading, f"{ONE}{_ZONE}") or reading.search(_AFTER)
    if not found:
        return
    possible = [] if "midnight" in found["opens"] else possible_times(found["opens"], hint)
    words = reading.take(*found.span(), "opens")
    if len(possible) == 1:
        clock.opens = possible[0]
    else:
        reading.ask("opens", say("Which time of day is meant by “%(words)s”?", words=words))


def _take_list(reading: Reading, clock: Clock, hint: str) -> bool:
    found = reading.search(_LIST)
    written = re.findall(ONE, found["list"]) if found else []
    if not found or not _is_list(found, written):
        return False
    own = "" if len(written) > 1 else hint
    times = [possible_times(each, own) for each in written]
    words = reading.take(*found.span(), "deadline")
    times = [] if re.search(r" or |midnight", found["list"]) else times
    sure = [each[0] for each in times if len(each) == 1]
    if sure and len(sure) == len(times) and sure == sorted(set(sure)):
        clock.times = sure
    else:
        reading.ask("deadline", say("Which times of day are meant by “%(words)s”?", words=words))
    return True


def _is_list(found: re.Match[str], written: list[str]) -> bool:
    by = re.match(_BY, found[0])
    return len(written) > 1 and (bool(by) or all(each.startswith("@") for each in written))
