"""Reading a cadence from words; see cadence_words for the other direction.

Each reader below knows one way to say it and answers None to everything else.
"""

import re
from dataclasses import replace

from webapp.rules.cadence import CadenceError, parse_rrule
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import rule_text

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
COUNTED = ("first", "second", "third", "fourth", "fifth")
WORKDAYS = (0, 1, 2, 3, 4)

_DAY_STEMS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(?:mon|tues?|weds?|thu|thurs?|fri|sat|sun|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
_DAYS = rf"{_DAY}s?"
_AND = re.compile(r"\s*[,/]\s*(?:and\s+)?|\s+(?:and|&)\s+")
_WORKDAY = r"(?:weekday|workday|working day|business day)"
_COUNT = r"(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth)"
_ITEM = re.compile(
    rf"(?:the )?(?:(?P<count>{_COUNT})(?P<back> (?:to (?:the )?)?last)?|last)"
    rf"(?: (?P<noun>day|{_DAYS}|{_WORKDAY}))?"
)
_UNITS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_UNIT_WORDS: dict[str, Rule] = {
    **dict.fromkeys(("daily", "everyday", "nightly", "once daily"), Rule("DAILY")),
    **dict.fromkeys(("weekly", "once weekly"), Rule("WEEKLY")),
    **dict.fromkeys(("monthly", "once monthly"), Rule("MONTHLY")),
    **dict.fromkeys(("yearly", "annually", "once yearly"), Rule("YEARLY")),
    **dict.fromkeys(("fortnightly", "every fortnight"), Rule("WEEKLY", 2)),
    **dict.fromkeys(("quarterly", "every quarter", "once a quarter"), Rule("MONTHLY", 3)),
}


def words_to_rrule(text: str) -> str | None:
    """The normal-form rule that the words mean, or None when they do not mean exactly one."""
    rule = _read(_plain(text))
    try:
        return parse_rrule(rule_text(rule)) if rule else None
    except CadenceError:
        return None  # readable, and impossible: 30 February


def _read(words: str) -> Rule | None:
    readers = (_unit, _weekdays, _unit_on_which, _which_of_unit, _date_of_year, _all_but)
    return next((rule for reader in readers if (rule := reader(words))), None)


def _plain(text: str) -> str:
    words = " ".join(text.casefold().split()).strip(" .,;:")
    words = re.sub(r"\b(?:each|every single)\b", "every", words)
    words = re.sub(r"(?<=[a-z])\.(?= |,|$)", "", words)  # "mon. and thu."
    return re.sub(rf"^on (?={_DAYS}\b|every\b|the\b)", "", words)


def _unit(words: str) -> Rule | None:
    """Read "every 2 weeks", "monthly", "every other day", "every morning"."""
    if words in _UNIT_WORDS:
        return _UNIT_WORDS[words]
    if re.fullmatch(r"every (?:morning|afternoon|evening|night)", words):
        return Rule("DAILY")
    found = re.fullmatch(
        r"(?:every|once (?:a|per|every))(?: (other|\d{1,3})(?:st|nd|rd|th)?)?"
        r" (day|week|month|year)s?",
        words,
    )
    if not found:
        return None
    return Rule(_UNITS[found[2]], 2 if found[1] == "other" else int(found[1] or 1))


def _weekdays(words: str) -> Rule | None:
    """Read "every weekday", "Mondays and Thursdays", "mon-fri", "every 4 weekends"."""
    words = re.sub(r" (?:mornings?|afternoons?|evenings?|nights?)$", "", words)
    found = re.fullmatch(r"(every )?(?:(other|\d{1,2}(?=.+s$)) )?(.+)", words)
    days = _day_list(found[3]) if found else ()
    if not found or not days or (not found[1] and (found[2] or not _repeats(words))):
        return None
    return Rule("WEEKLY", 2 if found[2] == "other" else int(found[2] or 1), by_day=days)


def _repeats(words: str) -> bool:
    """Without "every", only a plural or a range recurs: "by Monday" is one date."""
    return words.endswith("s") or bool(re.search(r"-| to | through ", words))


def _unit_on_which(words: str) -> Rule | None:
    """Read "weekly on Friday", "every 3 months on the 1st", "every year on 4 July"."""
    start, on, which = words.partition(" on ")
    unit = _unit(start)
    return _with_which(unit, which) if unit and on else None


def _which_of_unit(words: str) -> Rule | None:
    """Read "the last Friday of the month", "1st of every month", "at month-end"."""
    if re.fullmatch(r"(?:at |every |at every )?month[ -]end", words):
        return Rule("MONTHLY", by_month_day=(-1,))
    which, of, unit_words = words.partition(" of ")
    unit = Rule("MONTHLY") if unit_words == "the month" else _unit(unit_words)
    if not of or not unit or unit.freq != "MONTHLY":
        return None
    which = re.sub(r"^(?:at |by )?(?:every )?(?:the )?", "", which)
    edges = {"end": "last day", "beginning": "first day", "start": "first day"}
    return _month_days(unit, edges.get(which, which))


def _date_of_year(words: str) -> Rule | None:
    """Read "every July 4th"."""
    return _year_date(Rule("YEARLY"), words[6:]) if words.startswith("every ") else None


def _all_but(words: str) -> Rule | None:
    """Read "every day except Sundays", "daily except on weekends"."""
    found = re.fullmatch(r"(.+?),? (?:except|but not)(?: on| for)? (.+)", words)
    whole = _read(found[1]) if found else None
    without = _day_list(found[2]) if found else ()
    if not whole or not without or whole.interval > 1:
        return None
    days = tuple((0, day) for day in range(7)) if whole.freq == "DAILY" else whole.by_day
    left = tuple(day for day in days if day not in without)
    return Rule("WEEKLY", by_day=left) if left and whole.freq in ("DAILY", "WEEKLY") else None


def _with_which(unit: Rule, which: str) -> Rule | None:
    if unit.freq == "WEEKLY":
        days = _day_list(which)
        return replace(unit, by_day=days) if days else None
    if unit.freq == "YEARLY":
        return _year_date(unit, which)
    return _month_days(unit, which) if unit.freq == "MONTHLY" else None


def _day_list(words: str) -> tuple[tuple[int, int], ...]:
    """Weekdays by name, range or kind; empty when anything else is among them."""
    if re.fullmatch(rf"{_WORKDAY}s?", words):
        return tuple((0, day) for day in WORKDAYS)
    if words in ("weekend", "weekends"):
        return ((0, 5), (0, 6))
    span = re.fullmatch(rf"({_DAY})s?(?: ?- ?| to | through )({_DAY})s?", words)
    if span:
        first, last = _DAY_STEMS.index(span[1][:3]), _DAY_STEMS.index(span[2][:3])
        return tuple((0, (first + n) % 7) for n in range((last - first) % 7 + 1))
    names = _AND.split(words)
    if not all(re.fullmatch(_DAYS, name) for name in names):
        return ()
    return tuple((0, _DAY_STEMS.index(name[:3])) for name in names)


def _year_date(unit: Rule, words: str) -> Rule | None:
    found = re.fullmatch(
        r"(?:the )?(?:(?P<d>\d{1,2})(?:st|nd|rd|th)?(?: of)? )?(?P<m>[a-z]{3,9})"
        r"(?: (?P<d2>\d{1,2})(?:st|nd|rd|th)?)?",
        words,
    )
    if not found or bool(found["d"]) == bool(found["d2"]) or not _is_month(found["m"]):
        return None
    month = MONTHS.index(found["m"][:3]) + 1
    return replace(unit, by_month=(month,), by_month_day=(int(found["d"] or found["d2"]),))


def _is_month(word: str) -> bool:
    names = "january february march april may june july august september october november december"
    return word in MONTHS or word == "sept" or word in names.split()


def _month_days(unit: Rule, words: str) -> Rule | None:
    """Read "1st and 15th", "last day", "first and third Friday", "last weekday"."""
    items = [_ITEM.fullmatch(item) for item in _AND.split(words)]
    rule, noun = unit, "day"
    for item in reversed(items):  # a count alone takes the noun after it
        if item is None:
            return None
        noun = (item["noun"] or noun).removesuffix("s")
        rule = _with_counted(rule, _number(item["count"], item["back"]), noun)
    if (rule.by_day and rule.by_month_day) or (rule.by_set_pos and len(items) > 1):
        return None
    return rule


def _number(count: str | None, back: str | None) -> int:
    if count is None:
        return -1  # "last" alone
    digits = re.sub(r"\D", "", count)
    number = int(digits) if digits else COUNTED.index(count) + 1
    return -number if back else number


def _with_counted(rule: Rule, number: int, noun: str) -> Rule:
    if noun == "day":
        return replace(rule, by_month_day=(*rule.by_month_day, number))
    if re.fullmatch(_WORKDAY, noun):
        return replace(rule, by_day=tuple((0, day) for day in WORKDAYS), by_set_pos=(number,))
    return replace(rule, by_day=(*rule.by_day, (number, _DAY_STEMS.index(noun[:3]))))
