"""The smaller parts of a cadence in words: lists of days, counted days, months and dates.

Patterns are for the plain view of a reading, where every form stands between single blanks.
"""

import re
from dataclasses import replace

from webapp.rules.capture.vocabulary import DAYS, MONTHS
from webapp.rules.recurrence import Rule

AND = r"(?: , and | , plus | , | and | / | plus )"
DAY = r"(?:mon|tue|wed|thu|fri|sat|sun)"
WORKDAY = r"(?:weekday|(?:working|business|work|week) day)"
PART = r"(?: (?:morning|afternoon|evening|night)s?)?"
_TO = r"(?: - | to | through )"
_ITEM = rf"(?:{DAY}s?(?:{_TO}{DAY}s?)?|{WORKDAY}s?|weekends?)"
DAY_LIST = rf"{_ITEM}{PART}(?:{AND}(?:on )?(?:every )?{_ITEM}{PART})*"
# "2nd to the last", "second-to-last", "3rd last"
COUNT = (
    r"(?:\d{1,2}th(?:(?: -)?(?: (?:to|from)(?: -)?(?: the)?)? last)?"
    r"|last|very last|next to (?:the )?last)"
)
NOUN = rf"(?:{DAY}s?|(?:calendar )?days?|{WORKDAY}s?|weekends?)"
COUNTED = rf"(?:the )?{COUNT}(?: {NOUN})?"
COUNTED_LIST = rf"{COUNTED}(?:{AND}(?:on )?{COUNTED})*"
MONTH = rf"(?:{'|'.join(MONTHS)})"
MONTH_LIST = rf"{MONTH}(?:{AND}(?:in )?{MONTH})*"
_N = r"\d{1,2}(?:th)?"
DATE = (
    rf"(?:{MONTH} (?:the )?{_N}(?! ?:)(?:{AND}{_N})*|(?:the )?{_N}(?:{AND}(?:the )?{_N})*(?:"
    rf" of)? {MONTH})"
)
DATE_LIST = rf"{DATE}(?:{AND}{DATE})*"

WORKDAYS = tuple((0, day) for day in range(5))
_QUARTER = {"start": (1, 4, 7, 10), "end": (3, 6, 9, 12)}


def days_of(words: str) -> tuple[tuple[int, int], ...]:
    """The weekdays of a DAY_LIST, each once, in the order of the week."""
    days: set[int] = set()
    for item in re.findall(_ITEM, words):
        days |= _days_of_item(item)
    return tuple((0, day) for day in sorted(days))


def _days_of_item(item: str) -> set[int]:
    if re.fullmatch(rf"{WORKDAY}s?", item):
        return {0, 1, 2, 3, 4}
    if item.startswith("weekend"):
        return {5, 6}
    first, *others = [DAYS.index(day) for day in re.findall(DAY, item)]
    last = others[0] if others else first
    return {(first + n) % 7 for n in range((last - first) % 7 + 1)}


def repeats(words: str) -> bool:
    """Does a list of days without "every" mean every week: a plural, a range, a kind of day?"""
    return bool(
        re.search(
            rf"\b{DAY}s\b|{_TO}|{WORKDAY}|weekends| / |(?:morning|afternoon|evening|night)s\b",
            words,
        )
    )


def months_of(words: str) -> tuple[int, ...]:
    """The numbers of the months named, sorted."""
    return tuple(sorted({MONTHS.index(name) + 1 for name in re.findall(rf"\b{MONTH}\b", words)}))


def season_of(first: str, last: str) -> tuple[int, ...]:
    """The months from one to another, over the new year if need be, sorted."""
    a, b = MONTHS.index(first), MONTHS.index(last)
    return tuple(sorted((a + n) % 12 + 1 for n in range((b - a) % 12 + 1)))


def dates_of(words: str) -> Rule | None:
    """Every year on these dates, when one rule can say that; else None."""
    pairs = []
    for date in re.findall(DATE, words):
        month = months_of(date)[0]
        pairs.append((month, tuple(sorted(int(n) for n in re.findall(r"\d{1,2}", date)))))
    days = {numbers for _month, numbers in pairs}
    if len(days) != 1:
        return None
    return Rule("YEARLY", by_month=tuple(sorted({m for m, _ in pairs})), by_month_day=days.pop())


def counted_of(rule: Rule, words: str) -> Rule | None:
    """The rule on the days of a COUNTED_LIST; None when one rule cannot say them."""
    noun = ""
    kinds: set[str] = set()
    for item in reversed(list(re.finditer(rf"({COUNT})(?: ({NOUN}))?", words))):
        noun = item[2] or noun
        number = _number(item[1])
        kind = _kind(noun)
        kinds.add(kind)
        rule = _with(rule, kind, number, noun)
    if len(kinds) != 1 or "weekend" in kinds or (rule.by_set_pos and len(rule.by_set_pos) > 3):
        return None
    return rule


def _kind(noun: str) -> str:
    if re.fullmatch(rf"{WORKDAY}s?", noun):
        return "workday"
    if noun.startswith("weekend"):
        return "weekend"
    return "weekday" if re.match(DAY, noun) else "date"


def _with(rule: Rule, kind: str, number: int, noun: str) -> Rule:
    if kind == "workday":
        return replace(rule, by_day=WORKDAYS, by_set_pos=(number, *rule.by_set_pos))
    if kind == "weekday":
        return replace(rule, by_day=((number, DAYS.index(noun[:3])), *rule.by_day))
    return replace(rule, by_month_day=(number, *rule.by_month_day))


def _number(count: str) -> int:
    digits = re.match(r"\d+", count)
    if digits:
        return -int(digits[0]) if "last" in count else int(digits[0])
    return -2 if count.startswith("next") else -1


def of_quarter(words: str) -> Rule | None:
    """Once a quarter on a day counted from its start or its end ("last Friday of the quarter").

    None where the number can be one of a month or of the whole quarter ("the 15th").
    """
    rule = counted_of(Rule("MONTHLY"), words)
    numbers = _numbers(rule) if rule else ()
    if not rule or not numbers or min(numbers) < 0 < max(numbers):
        return None
    highest = 1 if rule.by_month_day and "day" not in words else 4
    if not all(-10 <= n <= highest for n in numbers):
        return None
    months = _QUARTER["end" if max(numbers) < 0 else "start"]
    return replace(rule, freq="MONTHLY" if rule.by_set_pos else "YEARLY", by_month=months)


def _numbers(rule: Rule) -> tuple[int, ...]:
    return (*(n for n, _day in rule.by_day if n), *rule.by_month_day, *rule.by_set_pos)


def of_year(words: str, months: tuple[int, ...] = ()) -> Rule | None:
    """Once a year on counted days, in the months named or over the whole year."""
    rule = counted_of(Rule("YEARLY", by_month=months), words)
    if not rule or months:
        return replace(rule, freq="MONTHLY") if rule and rule.by_set_pos else rule
    if rule.by_set_pos:
        ends = {n < 0 for n in rule.by_set_pos}
        month = (12,) if ends == {True} else (1,)
        return replace(rule, freq="MONTHLY", by_month=month) if len(ends) == 1 else None
    if rule.by_month_day:
        return _day_of_year(rule, words)
    return rule


def _day_of_year(rule: Rule, words: str) -> Rule | None:
    if not re.search(r"\bday", words):
        return None  # "the 31st of every year": of which month?
    return replace(rule, by_month_day=(), by_year_day=rule.by_month_day)
