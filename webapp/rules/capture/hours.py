"""A time of day as it is written, and the times that it can mean."""

import re
from datetime import time

_NO_CLOCK = (
    r"(?! ?(?:%|°|/|degrees|minutes?|days|hours?|weeks|months|years|seconds|people|places|locations"
    r"|sites|rooms|stores|shops|different|other|more|of|or more|c|f|kg|g|lb|lbs|km|m|cm|l|ml"
    r"|euros|ppm|psi|bar|ph|lux|mm|percent|litres|liters|bottles|units|boxes|bags|points|copies"
    r"|rounds|laps"
    r"|dollars|st|nd|rd|th|- \w|times)(?: |$)|:|\.\d| ?%)"
)
_TWELVE = r"(?:(?:(?:12|@12(?::00)?(?:pm)?) )?noon|(?:(?:12|@(?:12|00?)(?::00)?(?:am)?) )?midnight)"
# "half past 8", "a quarter to 9", "20 past 8"; "10 to 9" is a span of hours as well.
HALF_PAST = (
    r"(?:(?:half|(?:an? )?quarter|(?:5|10|20|25)(?: minutes)?) (?:past|after)|(?:an? )?quarter"
    r" (?:to|before)) (?:\d{1,2}|one)(?! ?:)"
)
ONE = (
    rf"(?:{_TWELVE}|@\d{{1,2}}(?:[:h]?\d{{2}})?(?::00)?(?:a|p)?m?|{HALF_PAST}|one oclock"
    rf"|\d{{1,2}}(?:\.\d\d)?(?: oclock)?{_NO_CLOCK})"
)
SURE = rf"(?:{_TWELVE}|@\d{{1,2}}(?:[:h]?\d{{2}})?(?::00)?(?:a|p)?m?)"
_MORNING = re.compile(r"\bmornings?\b")
_LATER = re.compile(r"\b(?:(?:afternoon|evening|night)s?|tonight|nightly)\b")
_CLOSING = re.compile(r"\bclos(?:e|es|ing)\b|\block(?:s|ing)? up\b")


def possible_times(written: str, hint: str) -> list[time]:
    """The times that can be meant. One when it is sure, by this rule:

    am or pm, a 24-hour time (17:30, 06:00), or the word morning, afternoon, evening or night
    decides. Else 7 to 11 is the morning, unless the work is about closing; 12 is noon, in the
    morning too; 1 to 6 can be either.
    """
    both = both_halves(written)
    if len(both) < 2:
        return both
    if both[1].hour == 12 and re.search(r"\bnight|\bin the morning", hint):
        return []  # twelve at night is the end of one day and the start of the next
    morning, later = _MORNING.search(hint), _LATER.search(hint)
    if both[1].hour == 12 and morning and not later:
        return both[1:]
    if bool(morning) != bool(later):
        return both[:1] if morning else both[1:]
    hour = both[0].hour or 12
    if hour >= 7 and not morning and not _CLOSING.search(hint):
        return both[1:] if hour == 12 else both[:1]
    return both


def both_halves(written: str) -> list[time]:
    """Morning and afternoon, or the one time that the writing itself decides; none if"
    " impossible.
    """
    if written.endswith(("noon", "midnight")):
        return [time(12) if written.endswith("noon") else time(0)]
    hour, minute, half, sure = _parts(written)
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return []
    if half:
        return [time(hour % 12 + 12 * (half == "p"), minute)]
    if hour > 12 or sure:
        return [time(hour, minute)]
    return [time(hour % 12, minute), time(hour % 12 + 12, minute)]


def _parts(written: str) -> tuple[int, int, str, bool]:
    """Hour, minute, "a" or "p" or nothing, and whether it is written on the 24-hour clock."""
    written = written.replace("one", "1").removeprefix("an ").removeprefix("a ")
    digits = re.findall(r"\d+", written.removesuffix(":00") if written.count(":") > 1 else written)
    first = digits[0]
    if len(first) == 4:
        return int(first[:2]), int(first[2:]), "", True
    minute = int(digits[1]) if len(digits) > 1 else 0
    hour = int(first)
    is_past = re.search(r" (?:past|after) ", written)
    if written.startswith("half"):
        minute = 30
    elif written.startswith("quarter"):
        hour, minute = (hour, 15) if is_past else (hour - 1 or 12, 45)
    elif is_past:
        hour, minute = minute, hour
    half = re.search(r"[ap](?=m?$)", written)
    return (
        hour,
        minute,
        half[0] if half else "",
        first.startswith("0") or bool(re.search(r"\dh", written)),
    )
