"""When, in a captured sentence: the cadence and the time of day, each with what is left to ask."""

import re
from dataclasses import dataclass, field
from datetime import time

from webapp.rules.cadence_words import rrule_to_words, words_to_rrule
from webapp.rules.deadline import format_clock

LONGEST_PHRASE = 12

_UNCLEAR = re.compile(
    r"(?i)\b(?:bi-?weekly|bi-?monthly|semi-?(?:weekly|monthly|annually)"
    r"|(?:twice|thrice|\w+ times)(?: an?| per| every| each)? (?:day|week|month|quarter|year)"
    r"|(?:twice|thrice|\w+ times) (?:daily|weekly|monthly|yearly)"
    r"|every (?:second|third|fourth|fifth|\d+(?:st|nd|rd|th))"
    r" (?:mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?)\b(?! of)"
)
_OFTEN = re.compile(r"(?i)\b(?:hourly|every (?:\w+ )?(?:hours?|min(?:ute)?s?|seconds?))\b")
_ONE_DATE = re.compile(
    r"(?i)\b(?:by|on|before|next|this) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
)
_LIMIT = re.compile(
    r"(?i)\b(?:until|except|starting|unless|when done|after completion"
    r"|for (?:the next |up to )?(?:\w+ )?(?:occurrences|times|weeks?|months?|years?)|in week \d+"
    r"|from (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\b"
    r"[^,.;|]*?(?=\s+(?:at|by|before)\b|[,.;|]|$)"
)
_BEFORE = r"(?:no later than|not later than|before|by|until|till|at|due(?: at| by)?)"
_CLOCK = (
    r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2}))?\s?(?P<half>[ap]\.?m?\b\.?)?(?: ?o['’]clock)?"
)
_NO_TIME = (
    r"(?![\w:/%°]| ?(?:%|°|degrees|min|days|hours|weeks|people|places|locations|sites|rooms"
    r"|stores|shops))"
)
_TIME = re.compile(
    rf"(?i)\b{_BEFORE} {_CLOCK}{_NO_TIME}(?P<more>(?:(?:,? (?:and|or) |, )\d{{1,2}}(?::\d\d)?\b)+)?"
)
_ALONE = re.compile(r"(?i)\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s?(?P<half>[ap]\.?m\b\.?)")
_ALONE_24 = re.compile(r"\b(?P<hour>\d{1,2}):(?P<minute>\d{2})(?P<half>)\b")
_NAMED_TIME = re.compile(
    rf"(?i)\b{_BEFORE} (?:the )?(?P<name>noon|midday|midnight|lunch(?:time)?|eod|cob"
    r"|end of (?:the )?(?:day|shift)|close of business|opening(?: time)?|closing(?: time)?"
    r"|we (?:open|close))\b"
)
# Before these words, a cadence would be torn out of a longer one that is not understood.
_OPEN_START = re.compile(
    r"(?i)(?:\b(?:every|each|other|except|not|once|first|last|few|several)|\d\w*) $"
)
_MORNING = re.compile(r"(?i)\bmornings?\b")
_LATER = re.compile(r"(?i)\b(?:afternoon|evening|night)s?\b|\bnightly\b")
_CLOSING = re.compile(r"(?i)\bclos(?:e|es|ing)\b|\block(?:s|ing)? up\b")


@dataclass(slots=True)
class When:
    """What was understood; text is the sentence with the understood parts cut out."""

    text: str
    rrule: str | None = None
    words: str | None = None
    confidence: str = "unknown"
    evidence: list[str] = field(default_factory=list)
    deadline: time | None = None
    questions: list[str] = field(default_factory=list)

    def cut(self, start: int, end: int) -> str:
        """Take a part out of the text and return it."""
        part = self.text[start:end]
        self.text = f"{self.text[:start]} | {self.text[end:]}"
        return part.strip(" .,;:()|")


def read_when(sentence: str) -> When:
    """Cadence and deadline of a sentence."""
    when = When(sentence)
    _read_cadence(when)
    _read_deadline(when, sentence)
    return when


def _read_cadence(when: When) -> None:
    if _ask_unclear(when):
        return
    found = _longest_cadence(when.text)
    if not found:
        _ask_how_often(when)
        return
    start, end, when.rrule = found
    when.evidence.append(when.cut(start, end).lower())
    when.words = rrule_to_words(when.rrule)
    when.confidence = "stated"
    _ask_for_the_rest(when, when.rrule)


def _ask_unclear(when: When) -> bool:
    if found := _UNCLEAR.search(when.text):
        part = when.cut(*found.span())
        when.questions.append(f"On which days is “{part}”?")
    elif found := _OFTEN.search(when.text):
        part = when.cut(*found.span())
        when.questions.append(f"At which times of the day is “{part}”?")
    else:
        return False
    when.evidence.append(part.lower())
    return True


def _ask_how_often(when: When) -> None:
    found = _ONE_DATE.search(when.text)
    if not found:
        when.questions.append("How often is this done?")
        return
    part = when.cut(*found.span())
    when.evidence.append(part.lower())
    when.questions.append(f"Is “{part}” every week, or only once?")


def _ask_for_the_rest(when: When, rrule: str) -> None:
    """A cadence may be stated and still leave open where it counts from, or where it ends."""
    missing = {
        "FREQ=WEEKLY": "On which day of the week is it due?",
        "FREQ=MONTHLY": "On which day of the month is it due?",
        "FREQ=YEARLY": "On which day of the year is it due?",
    }
    if rrule in missing:
        when.confidence = "likely"
        when.questions.append(missing[rrule])
    elif "INTERVAL=" in rrule:
        when.confidence = "likely"
        when.questions.append("On which date is it due first?")
    if limit := _LIMIT.search(when.text):
        when.confidence = "maybe"
        when.questions.append(f"What does “{when.cut(*limit.span())}” change about the cadence?")
    if another := _longest_cadence(when.text):
        part = when.cut(*another[:2])
        when.confidence = "maybe"
        when.questions.append(f"Is “{part}” a second process?")


def _longest_cadence(text: str) -> tuple[int, int, str] | None:
    tokens = [found.span() for found in re.finditer(r"[^\s|]+", text)]
    for size in range(min(LONGEST_PHRASE, len(tokens)), 0, -1):
        for first, last in zip(tokens, tokens[size - 1 :], strict=False):
            phrase = text[first[0] : last[1]]
            rrule = words_to_rrule(phrase.strip("()")) if "|" not in phrase else None
            if rrule and not _OPEN_START.search(text[: first[0]]):
                return first[0], last[1], rrule
    return None


def _read_deadline(when: When, sentence: str) -> None:
    if named := _NAMED_TIME.search(when.text):
        part = when.cut(*named.span())
        when.deadline = time(12) if named["name"].lower() in ("noon", "midday") else None
        if when.deadline is None:
            when.questions.append(f"At what time of day is “{part}”?")
        return
    patterns = (_TIME, _ALONE, _ALONE_24)
    found = next((found for each in patterns if (found := each.search(when.text))), None)
    if not found:
        when.questions.append("By what time is it due?")
        return
    part = when.cut(*found.span())
    possible = _clocks(found, sentence)
    if len(possible) == 1 and not found.groupdict().get("more"):
        when.deadline = possible[0]
    elif len(possible) == 2:
        first, second = map(format_clock, possible)
        when.questions.append(f"Is “{part}” {first} or {second}?")
    else:
        when.questions.append(f"Which time of day is meant by “{part}”?")


def _clocks(found: re.Match[str], sentence: str) -> list[time]:
    """The times that can be meant. One when it is sure, by this rule:

    am or pm, a 24-hour time (17:30, 06:00), or the word morning, afternoon, evening or night
    decides. Else 7 to 11 is the morning and 12 is noon, unless the work is about closing;
    1 to 6 can be either.
    """
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").lower()[:1]
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        return []
    if half:
        return [time(hour % 12 + 12 * (half == "p"), minute)]
    if hour > 12 or found["hour"].startswith("0"):
        return [time(hour, minute)]
    early, late = time(hour % 12, minute), time(hour % 12 + 12, minute)
    morning, later = _MORNING.search(sentence), _LATER.search(sentence)
    if bool(morning) != bool(later):
        return [early] if morning else [late]
    if hour >= 7 and not morning and not _CLOSING.search(sentence):
        return [late] if hour == 12 else [early]
    return [early, late]
