"""A cadence said in words: in a title, the name of a list, a label, or a column for it."""

import re
from functools import lru_cache
from typing import NamedTuple

from webapp.importers.items import Item
from webapp.rules.cadence import CadenceError, parse_rrule
from webapp.rules.cadence_words import words_to_rrule
from webapp.rules.sentences import N_, say

LONGEST_PHRASE = 8
STATED, LIKELY, MAYBE = "stated", "likely", "maybe"

_DAY = (
    "mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs(?:day)?)?|fri(?:day)?"
    "|sat(?:urday)?|sun(?:day)?"
)
_HINT = re.compile(
    rf"\b(?:every|each|daily|nightly|(?:semi-?|bi-?)?(?:weekly|monthly|annual|annually|yearly)"
    rf"|quarterly|yearly|annual|half-?yearly|fortnight|fortnightly|weekdays?|eom|eow|eoy|hourly"
    rf"|month[ -]end|year[ -]end|quarter[ -]end|twice|thrice|once|\d+ times|(?:{_DAY})s?)\b"
)
_UNCLEAR = re.compile(
    r"(?i)\b(?:bi-?weekly|bi-?monthly|bi-?annual(?:ly)?|semi-?weekly|semi-?monthly|hourly"
    r"|(?:twice|thrice|\w+ times)(?: an?| per| every| each)? (?:day|week|month|quarter|year)"
    r"|(?:twice|thrice) (?:daily|weekly|monthly|yearly)|every (?:few|couple)\b[\w ]{0,20}"
    r"|every (?:\w+ )?(?:hours?|minutes?))\b"
)
_ALSO = {
    "annual": "FREQ=YEARLY",
    "half-yearly": "FREQ=MONTHLY;INTERVAL=6",
    "half yearly": "FREQ=MONTHLY;INTERVAL=6",
    "semi-annual": "FREQ=MONTHLY;INTERVAL=6",
    "semi-annually": "FREQ=MONTHLY;INTERVAL=6",
    "semiannual": "FREQ=MONTHLY;INTERVAL=6",
    "eom": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "month end": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "month-end": "FREQ=MONTHLY;BYMONTHDAY=-1",
    "fortnight": "FREQ=WEEKLY;INTERVAL=2",
    "weekday": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "every day": "FREQ=DAILY",
    "week": "FREQ=WEEKLY",
    "month": "FREQ=MONTHLY",
    "year": "FREQ=YEARLY",
    "day": "FREQ=DAILY",
    "quarter": "FREQ=MONTHLY;INTERVAL=3",
}
MEANT_AGAIN = re.compile(
    r"(?i)\b(?:templates?|sops?|checklists?|routines?|playbooks?|runbooks?|procedures?|recurring"
    r"|process(?:es)?|recurrent|repeating|operations manual)\b"
)
_ONLY_IN_COLUMN = ("week", "month", "year", "day", "quarter")
_ONE_DAY = re.compile(rf"(?i)\b(?P<day>{_DAY})\b")
_STEMS = ("mo", "tu", "we", "th", "fr", "sa", "su")
_SAID_BEFORE = re.compile(
    r"(?i)^(?:frequency|cadence|recurrence|recurs|repeats?|schedule|how often|when)\s*[:=-]\s*(.+)$"
)


# Where words stand that say how often.
OWN_RULE, COLUMN = N_("its own rule"), N_("the column for it")
DESCRIPTION, LIST_NAME = N_("the description"), N_("the name of its list")


class Said(NamedTuple):
    """A cadence in words. rrule None: the words are known to say how often, but not what."""

    phrase: str
    rrule: str | None
    confidence: str
    where: str

    @property
    def evidence(self) -> str:
        """The words, and where they stand."""
        return say("“%(words)s” in %(where)s", words=self.phrase, where=say(self.where))


def is_silent(item: Item) -> bool:
    """Does nothing on the item say how often? Asked of many items, so it only looks for hints."""
    if item.rule or item.rhythm or item.notes or _has_hint(item.title):
        return False
    return not (_is_telling(item.tags) or _is_telling(item.group) or _is_telling(item.place))


@lru_cache(maxsize=5000)
def _is_telling(name: str) -> bool:
    """Does the name of a list or label speak of a rhythm, or of work done again and again?"""
    return bool(name) and (_has_hint(name) or MEANT_AGAIN.search(name) is not None)


def _has_hint(text: str) -> bool:
    return _HINT.search(text.lower()) is not None


def said_of(item: Item) -> Said | None:
    """What the item's own words say of its cadence, the surest place first."""
    if item.rule:
        return _of_rule(item.rule)
    if item.rhythm and (said := _in_column(item.rhythm)):
        return said
    if said := find(item.title, N_("the title")):
        return said
    first = _SAID_BEFORE.match(item.notes)
    if first and (said := _in_column(first[1])):
        return said._replace(where=DESCRIPTION)
    if re.match(r"(?i)(?:every|each|daily|weekly|monthly|quarterly)\b", item.notes) and (
        said := find(item.notes, DESCRIPTION)
    ):
        return said._replace(confidence=LIKELY if said.rrule else said.confidence)
    for text, where in ((item.tags, N_("a label")), (item.group, LIST_NAME),
                        (item.place, N_("the name of its board"))):  # fmt: skip
        if text and (said := find(text, where)):
            return said
    return None


def _of_rule(rule: str) -> Said | None:
    """A rule that the tool itself gives; an end of it (COUNT, UNTIL) is not a cadence's."""
    parts = [part for part in rule.split(";") if not part.startswith(("COUNT=", "UNTIL=", "WKST="))]
    try:
        return Said(rule, parse_rrule(";".join(parts)), STATED, OWN_RULE)
    except CadenceError:
        return Said(rule, None, MAYBE, OWN_RULE)


def _in_column(text: str) -> Said | None:
    phrase = text.strip()
    if phrase.upper().startswith(("RRULE:", "FREQ=")):
        return _of_rule(phrase.upper().removeprefix("RRULE:"))
    rrule = words_to_rrule(phrase[:80]) or _ALSO.get(phrase.casefold())
    if rrule:
        return Said(phrase, rrule, STATED, COLUMN)
    return find(phrase, COLUMN)


@lru_cache(maxsize=8_000)
def find(text: str, where: str) -> Said | None:
    """The longest cadence in a text; a single weekday is only perhaps one."""
    if not _has_hint(text):
        return None
    if unclear := _UNCLEAR.search(text):
        return Said(unclear[0], None, STATED, where)
    if found := _longest(text):
        phrase, rrule = found
        return Said(phrase, rrule, STATED if phrase.casefold() not in _ALSO else LIKELY, where)
    if day := _ONE_DAY.search(text):
        rrule = f"FREQ=WEEKLY;BYDAY={day[0][:2].upper()}"
        return Said(day[0], rrule, MAYBE, where)
    return None


def _longest(text: str) -> tuple[str, str] | None:
    tokens = [found.span() for found in re.finditer(r"[^\s()\[\]|:–—]+", text)][:40]
    for size in range(min(LONGEST_PHRASE, len(tokens)), 0, -1):
        for first, last in zip(tokens, tokens[size - 1 :], strict=False):
            phrase = text[first[0] : last[1]].strip(" ,.;")
            if rrule := words_to_rrule(phrase) or _also(phrase):
                return phrase, rrule
    return None


def _also(phrase: str) -> str | None:
    known = phrase.casefold()
    return None if known in _ONLY_IN_COLUMN else _ALSO.get(known)
