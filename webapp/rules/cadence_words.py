"""Cadences in words, both ways: "every weekday", "monthly on the last Friday".

Only what can be understood in one way is understood. "Biweekly" (twice a week, or every second
week) and "every second Tuesday" (fortnightly, or the month's second) are left to a question.
"""

from webapp.rules.cadence_reading import COUNTED, WORKDAYS, words_to_rrule
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import parse_rule, rule_text

__all__ = ["rrule_to_words", "words_to_rrule"]

DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July",
    "August", "September", "October", "November", "December",
)  # fmt: skip

_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_ALONE = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "monthly", "YEARLY": "yearly"}


def rrule_to_words(rrule: str) -> str:
    """The rule in words that words_to_rrule reads back; the rule itself where there are none."""
    rule = parse_rule(rrule)
    written, words = rule_text(rule), _words(rule)
    return words if words_to_rrule(words) == written else written


def _words(rule: Rule) -> str:
    if rule == Rule("WEEKLY", by_day=tuple((0, day) for day in WORKDAYS)):
        return "every weekday"
    which = _which(rule)
    if not which:
        return _every(rule)
    if rule.freq == "WEEKLY" and rule.interval == 1:
        return f"every {which}"
    return f"{_every(rule) if rule.interval > 1 else _ALONE[rule.freq]} on {which}"


def _every(rule: Rule) -> str:
    unit = _UNITS[rule.freq]
    return f"every {unit}" if rule.interval == 1 else f"every {rule.interval} {unit}s"


def _which(rule: Rule) -> str:
    if rule.by_month and rule.by_month_day:
        return f"{rule.by_month_day[0]} {MONTH_NAMES[rule.by_month[0] - 1]}"
    if rule.by_set_pos:
        return f"the {_count_word(rule.by_set_pos[0])} weekday"
    if rule.by_month_day:
        return f"the {_listed([_month_day_word(day) for day in rule.by_month_day])}"
    if any(n for n, _day in rule.by_day):
        return f"the {_listed([f'{_count_word(n)} {DAY_NAMES[day]}' for n, day in rule.by_day])}"
    return _listed([DAY_NAMES[day] for _n, day in rule.by_day])


def _count_word(n: int) -> str:
    if n > 0:
        return COUNTED[n - 1] if n <= len(COUNTED) else _ordinal(n)
    return "last" if n == -1 else f"{_count_word(-n)} to last"


def _month_day_word(day: int) -> str:
    return _ordinal(day) if day > 0 else f"{_count_word(day)} day"


def _ordinal(n: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{'th' if n in (11, 12, 13) else ending}"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
