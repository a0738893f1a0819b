"""A rule in words, also where the builder has none: several times a day, seasons, quarters."""

from dataclasses import replace

from webapp.rules.cadence_words import (
    DAY_NAMES,
    count_word,
    counted_day,
    every,
    month_day_word,
    months_in_a_row,
    rrule_to_words,
)
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import rule_text
from webapp.rules.sentences import listed, say, say_many


def said(rule: Rule, minute: int = 0) -> str | None:
    """The rule as people say it; None when that would need the rule itself."""
    words = _without_hours(replace(rule, by_hour=(), by_minute=()))
    if not words or not rule.by_hour:
        return words
    hours = [f"{hour:02}:{minute:02}" for hour in rule.by_hour]
    gaps = {b - a for a, b in zip(rule.by_hour, rule.by_hour[1:], strict=False)}
    if len(hours) > 3 and len(gaps) == 1:
        return say_many(
            "%(often)s, every hour from %(first)s to %(last)s",
            "%(often)s, every %(num)s hours from %(first)s to %(last)s",
            gaps.pop(),
            often=words,
            first=hours[0],
            last=hours[-1],
        )
    # Translators: %(times)s are times of day: “every day at 08:00 and 16:00”.
    return say("%(often)s at %(times)s", often=words, times=listed(hours))


def _without_hours(rule: Rule) -> str | None:
    plain = rrule_to_words(rule_text(rule))
    if not plain.startswith("FREQ="):
        return plain
    if rule.freq == "YEARLY" or rule.by_set_pos:
        return _in_months(rule)
    if rule.by_month:
        core = _without_hours(replace(rule, by_month=()))
        return _in_season(core, rule.by_month) if core else None
    return None


def _in_months(rule: Rule) -> str | None:
    often = say("yearly") if rule.interval == 1 else every(replace(rule, freq="YEARLY"))
    if rule.by_month in ((3, 6, 9, 12), (1, 4, 7, 10)) and rule.interval == 1:
        often = say("quarterly")
    if rule.freq == "MONTHLY" and rule.interval > 1:
        return None
    if rule.by_week_no and rule.by_day:
        weeks = listed(list(map(str, rule.by_week_no)))
        return say(
            "%(often)s on %(days)s of week %(weeks)s", often=often, days=_days(rule), weeks=weeks
        )
    if rule.by_year_day:
        days = listed(list(map(str, rule.by_year_day)))
        return say("%(often)s on day %(days)s of the year", often=often, days=days)
    return _on_which(rule, often)


def _on_which(rule: Rule, often: str) -> str | None:
    which, months = _which(rule), months_in_a_row(rule.by_month)
    if not which:
        return say("%(often)s in %(months)s", often=often, months=months) if months else None
    if months:
        # Translators: “yearly on the first Monday of March and September”.
        return say("%(often)s on %(days)s of %(months)s", often=often, days=which, months=months)
    return say("%(often)s on %(days)s", often=often, days=which)


def _which(rule: Rule) -> str | None:
    if rule.by_set_pos:
        return say("the %(count)s weekday", count=listed(list(map(count_word, rule.by_set_pos))))
    if rule.by_month_day:
        return say("the %(days)s", days=listed(list(map(month_day_word, rule.by_month_day))))
    if rule.by_day and all(-3 < n <= 5 and n for n, _day in rule.by_day):
        return say("the %(days)s", days=listed([counted_day(n, day) for n, day in rule.by_day]))
    return None


def _days(rule: Rule) -> str:
    return listed([say(DAY_NAMES[day]) for _n, day in rule.by_day])


def _in_season(often: str, months: tuple[int, ...]) -> str:
    """Say "from April to October", "except in July", "in March and May"."""
    missing = tuple(month for month in range(1, 13) if month not in months)
    starts = [month for month in months if (month - 2) % 12 + 1 not in months]
    if len(missing) <= 3:
        return say("%(often)s except in %(months)s", often=often, months=months_in_a_row(missing))
    if len(starts) == 1 and len(months) > 2:
        first, last = starts[0], (starts[0] + len(months) - 2) % 12 + 1
        names = {"first": months_in_a_row((first,)), "last": months_in_a_row((last,))}
        return say("%(often)s from %(first)s to %(last)s", often=often, **names)
    return say("%(often)s in %(months)s", often=often, months=months_in_a_row(months))
