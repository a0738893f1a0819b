"""Steps that open a while after the one before: "two hours after that", "30 minutes later".

Where such words stand in the text, the reading gets a mark in their place, so that no cadence and
no time of day is read from them and the step that they belong to is known.
"""

import re

from webapp.rules.capture.reading import MOST_MARKS, Reading, whole
from webapp.rules.deadline import LONGEST_WAIT, DeadlineError, parse_wait

_HALF = r"(?: and (?:an?|one) half)"
_COUNT = (
    rf"(?:(?P<count>\d{{1,3}}(?:[.,]5)?|an?|one)(?P<half>{_HALF})?|(?P<part>half an?|(?:a )?quarter"
    r" of an)|(?:a )?few|several|(?:a )?couple of)"
)
_LENGTH = rf"{_COUNT}(?: -)? (?P<unit>minute|hour|h|day|week)s?(?P<more>{_HALF})?"
_LONG = re.sub(r"\?P<\w+>", "?:", _LENGTH)
_THAT = r"(?:that|this|it|which|the step before|the (?:previous|first|last) step)"
_NEXT_DAY = r"(?:on )?the (?:next|following) day"
_LATER = rf"{_LONG} (?:later(?: on)?|afterwards?|after {_THAT})|{_NEXT_DAY}"
_AFTER = rf"after (?:another |an? (?:further|additional) )?{_LONG}(?! (?:of|from|on|in)(?: |$))"
_WAITS = rf"(?:waits?|leaves? it) (?:for )?(?:another )?{_LONG}(?=(?: [,;.])* (?:and|then|before))"
# What these words begin, and what they end.
_JOINT = r"(?:^|(?<=[.;,:] )|(?<=\band )|(?<=\bthen )|(?<=\bbut ))"
_BEGINS = re.compile(rf"{_JOINT}(?:{_LATER})(?= |$)")
_BEGINS_AFTER = re.compile(rf"{_JOINT}(?:{_AFTER})(?= )")
_WAITS_FIRST = whole(_WAITS)
_ENDS = re.compile(rf"(?<= )(?:{_LATER}|{_AFTER})(?= *$| [.;,)]| and | then )")
_MINUTES = {"minute": 1, "hour": 60, "h": 60, "day": 24 * 60, "week": 7 * 24 * 60}


def take_later(reading: Reading) -> None:
    """Put a mark in the place of each of these words; `reading.marked` keeps them, in order."""
    for pattern, begins in (
        (_BEGINS, True), (_BEGINS_AFTER, True), (_WAITS_FIRST, True), (_ENDS, False),
    ):  # fmt: skip
        while len(reading.marked) < MOST_MARKS and (found := pattern.search(reading.plain)):
            reading.take_marked(*found.span(), "later", begins=begins)


def wait_of(words: str) -> int | None:
    """The minutes that these words name; None where they are not exact, or over 31 days."""
    plain = Reading(words).plain
    if re.search(_NEXT_DAY, plain):
        return _MINUTES["day"]
    found = whole(_LENGTH).search(plain)
    if not found or not (found["count"] or found["part"]):
        return None
    count = _count(found) * _MINUTES[found["unit"]]
    return round(count) if 1 <= count <= LONGEST_WAIT else None


def minutes_of(answer: str) -> int | None:
    """The minutes of an answer ("2h", "90", "half an hour"); None if it names no one length."""
    try:
        return parse_wait(answer) or None
    except DeadlineError:
        return wait_of(answer) if re.fullmatch(_LONG, Reading(answer).plain.strip()) else None


def _count(found: re.Match[str]) -> float:
    if found["part"]:
        return 0.5 if found["part"].startswith("half") else 0.25
    count = found["count"].replace(",", ".")
    more = 0.5 if found["half"] or found["more"] else 0
    return more + (float(count) if count[0].isdigit() else 1)
