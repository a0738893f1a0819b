"""Cadences in words, both ways: "every weekday", "monthly on the last Friday".

Only what can be understood in one way is understood. "Biweekly" (twice a week, or every second
week) and "every second Tuesday" (fortnightly, or the month's second) are left to a question.
"""

from collections.abc import Iterable

from webapp.rules.cadence_reading import COUNTED, WORKDAYS, words_to_rrule
from webapp.rules.moment_words import MONTHS, WEEKDAYS
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import parse_rule, rule_text
from webapp.rules.sentences import N_, listed, n_, say, say_many

__all__ = [
    "count_word",
    "counted_day",
    "every",
    "month_day_word",
    "months_in_a_row",
    "rrule_to_words",
    "spoken",
    "words_to_rrule",
]

DAY_NAMES = WEEKDAYS
MONTH_NAMES = MONTHS

_ALONE = {
    "DAILY": N_("daily"),
    "WEEKLY": N_("weekly"),
    "MONTHLY": N_("monthly"),
    "YEARLY": N_("yearly"),
}
_EACH = {
    "DAILY": n_("every day", "every %(num)s days"),
    "WEEKLY": n_("every week", "every %(num)s weeks"),
    "MONTHLY": n_("every month", "every %(num)s months"),
    "YEARLY": n_("every year", "every %(num)s years"),
}
# Translators: ordinal numbers of days in a month, by their English endings: 1st, 2nd, 3rd, 4th.
_ENDINGS = {1: N_("%(num)sst"), 2: N_("%(num)snd"), 3: N_("%(num)srd"), 4: N_("%(num)sth")}
_COUNTS = (N_("first"), N_("second"), N_("third"), N_("fourth"), N_("fifth"))


def rrule_to_words(rrule: str) -> str:
    """The rule in words that words_to_rrule reads back; the rule itself where there are none."""
    rule = parse_rule(rrule)
    written, words = rule_text(rule), _words(rule)
    return words if words_to_rrule(words) == written else written


def spoken(cadence: str) -> str:
    """A cadence in English words so that it can be said in another language; else as it is."""
    rrule = words_to_rrule(cadence)
    return rrule_to_words(rrule) if rrule else cadence


def _words(rule: Rule) -> str:
    if rule == Rule("WEEKLY", by_day=tuple((0, day) for day in WORKDAYS)):
        return say("every weekday")
    which = _which(rule)
    if not which:
        return every(rule)
    if rule.freq == "WEEKLY" and rule.interval == 1:
        # Translators: %(days)s is one weekday or several: “every Monday and Thursday”.
        return say("every %(days)s", days=which)
    often = every(rule) if rule.interval > 1 else say(_ALONE[rule.freq])
    # Translators: “monthly on the last Friday”, “every 2 weeks on Monday”.
    return say("%(often)s on %(days)s", often=often, days=which)


def every(rule: Rule) -> str:
    """How often, without the days: "every 2 weeks"."""
    return say_many(*_EACH[rule.freq], rule.interval)


def _which(rule: Rule) -> str:
    if rule.by_month and rule.by_month_day:
        month = say(MONTH_NAMES[rule.by_month[0] - 1])
        return say("%(day)s %(month)s", day=rule.by_month_day[0], month=month)
    if rule.by_set_pos:
        # Translators: “the first weekday”, of a month; a weekday is Monday to Friday.
        return say("the %(count)s weekday", count=count_word(rule.by_set_pos[0]))
    if rule.by_month_day:
        # Translators: days of a month: “the 1st and 15th”, “the last day”.
        return say("the %(days)s", days=listed([month_day_word(day) for day in rule.by_month_day]))
    if any(n for n, _day in rule.by_day):
        return say("the %(days)s", days=listed([counted_day(n, day) for n, day in rule.by_day]))
    return listed([say(DAY_NAMES[day]) for _n, day in rule.by_day])


def counted_day(n: int, day: int) -> str:
    """A day of a month by its count: "last Friday"."""
    # Translators: “last Friday”, “second Tuesday” of a month.
    return say("%(count)s %(weekday)s", count=count_word(n), weekday=say(DAY_NAMES[day]))


def count_word(n: int) -> str:
    """A count from the front, or below zero from the end: "second", "last"."""
    if n > 0:
        return say(COUNTED[n - 1]) if n <= len(COUNTED) else _ordinal(n)
    # Translators: “second to last”: counted from the end of the month.
    return say("last") if n == -1 else say("%(count)s to last", count=count_word(-n))


def months_in_a_row(months: Iterable[int]) -> str:
    """Months by their numbers: "March, June and July"."""
    return listed([say(MONTH_NAMES[month - 1]) for month in months])


def month_day_word(day: int) -> str:
    """A day of a month by its number: "15th", "last day"."""
    return _ordinal(day) if day > 0 else say("%(count)s day", count=count_word(day))


def _ordinal(n: int) -> str:
    ending = 4 if n in (11, 12, 13) else min(n % 10 or 4, 4)
    return say(_ENDINGS[ending], num=n)
