"""A rule in words, also where the builder has none: several times a day, seasons, quarters."""

from dataclasses import replace

from webapp.rules.cadence_words import DAY_NAMES, MONTH_NAMES, rrule_to_words
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import rule_text

_ENDS = {
    1: "first",
    2: "second",
    3: "third",
    4: "fourth",
    5: "fifth",
    -1: "last",
    -2: "second to last",
}


def said(rule: Rule, minute: int = 0) -> str | None:
    """The rule as people say it; None when that would need the rule itself."""
    words = _without_hours(replace(rule, by_hour=(), by_minute=()))
    if not words or not rule.by_hour:
        return words
    hours = [f"{hour:02}:{minute:02}" for hour in rule.by_hour]
    gaps = {b - a for a, b in zip(rule.by_hour, rule.by_hour[1:], strict=False)}
    if len(hours) > 3 and len(gaps) == 1:
        gap = gaps.pop()
        each = "every hour" if gap == 1 else f"every {gap} hours"
        return f"{words}, {each} from {hours[0]} to {hours[-1]}"
    return f"{words} at {_listed(hours)}"


def _without_hours(rule: Rule) -> str | None:
    plain = rrule_to_words(rule_text(rule))
    if not plain.startswith("FREQ="):
        return plain
    if rule.freq == "YEARLY" or rule.by_set_pos:
        return _in_months(rule)
    if rule.by_month:
        core = _without_hours(replace(rule, by_month=()))
        return f"{core} {_season(rule.by_month)}" if core else None
    return None


def _in_months(rule: Rule) -> str | None:
    months = _listed([MONTH_NAMES[month - 1] for month in rule.by_month])
    every = "yearly" if rule.interval == 1 else f"every {rule.interval} years"
    if rule.by_month in ((3, 6, 9, 12), (1, 4, 7, 10)) and rule.interval == 1:
        every = "quarterly"
    if rule.freq == "MONTHLY" and rule.interval > 1:
        return None
    if rule.by_week_no and rule.by_day:
        return f"{every} on {_days(rule)} of week {_listed(list(map(str, rule.by_week_no)))}"
    if rule.by_year_day:
        return f"{every} on day {_listed(list(map(str, rule.by_year_day)))} of the year"
    which = _which(rule)
    if not which:
        return f"{every} in {months}" if months else None
    return f"{every} on the {which} of {months}" if months else f"{every} on the {which}"


def _which(rule: Rule) -> str | None:
    if rule.by_set_pos:
        return f"{_listed([_ENDS.get(n, f'{n}th') for n in rule.by_set_pos])} weekday"
    if rule.by_month_day:
        days = [f"{_ENDS[n]} day" if n in (-1, -2) else _ordinal(n) for n in rule.by_month_day]
        return _listed(days)
    if rule.by_day and all(n in _ENDS for n, _day in rule.by_day):
        return _listed([f"{_ENDS[n]} {DAY_NAMES[day]}" for n, day in rule.by_day])
    return None


def _days(rule: Rule) -> str:
    return _listed([DAY_NAMES[day] for _n, day in rule.by_day])


def _season(months: tuple[int, ...]) -> str:
    """Say "from April to October", "except in July", "in March and May"."""
    missing = [month for month in range(1, 13) if month not in months]
    starts = [month for month in months if (month - 2) % 12 + 1 not in months]
    if len(missing) <= 3:
        return f"except in {_listed([MONTH_NAMES[month - 1] for month in missing])}"
    if len(starts) == 1 and len(months) > 2:
        last = (starts[0] + len(months) - 2) % 12 + 1
        return f"from {MONTH_NAMES[starts[0] - 1]} to {MONTH_NAMES[last - 1]}"
    return f"in {_listed([MONTH_NAMES[month - 1] for month in months])}"


def _ordinal(n: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{'th' if n in (11, 12, 13) else ending}"


def _listed(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
