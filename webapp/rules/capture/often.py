"""How often, in words: phrases to one recurrence rule, or to the question that is left.

Each reader knows one way to say it. A rule is built as a structure and written as an RRULE at the
end; what can be meant in two ways gives no rule and a question.
"""

import re
from dataclasses import dataclass, replace

from webapp.rules.capture import phrases as p
from webapp.rules.capture.reading import Asked
from webapp.rules.capture.vocabulary import DAY_NAMES
from webapp.rules.recurrence import Rule
from webapp.rules.sentences import N_, say

_EVERY = r"(?:(?:(?:once |every and )?(?:every|per)(?: single)?)|once an?)"
_STEP = r"(?:(?P<step>other|alternate|alternating|\d{1,3}(?:th)?) )?"
_UNIT = (
    r"(?P<unit>day|week|fortnight|month|quarter|half year|year|morning|afternoon|evening|night)s?"
)
_OFTEN = (
    r"(?P<often>(?:once )?(?:daily|weekly|monthly|quarterly|yearly|annually)|fortnightly|nightly"
    r"|half (?:- )?yearly|semi ?(?:- )?annually|semiannually|bi ?(?:- )?annually|(?:on"
    r" )?alternat(?:e|ing) (?:weeks|days)"
    r"|(?:on an? )(?:daily|weekly|monthly|quarterly|yearly|annually) basis)"
)
FREQUENCY = rf"(?:{_EVERY} {_STEP}{_UNIT}|{_OFTEN})"
JOIN = (
    r"(?: ,)?(?: \(| :| -)?(?: (?:on|at|in|by|due|due on|due by|from|every|no later than))?"
    r"(?: (?:the|an?))?"
)
_OF = r"(?: ,)?(?: (?:of|in|on|for|at))?"
PERIOD = (
    rf"(?:{_OF} (?:(?:{_EVERY}|the|an?)(?: calendar)? {_STEP}(?P<unit>week|month|quarter|year)s?"
    r"|(?P<often>weekly|monthly|quarterly|yearly|annually))"
    r"|(?P<bare> of (?:week|month|quarter|year)))"
)
LEAD = r"(?:(?:on|at|by|every|due|due on|due by) )?(?:every )?(?:the )?"
EDGE = r"(?:the )?(?:very )?(?P<edge>start|beginning|begin|end|close|middle)"
_ONES = {
    "day": ("DAILY", 1), "week": ("WEEKLY", 1), "fortnight": ("WEEKLY", 2),
    "month": ("MONTHLY", 1), "quarter": ("MONTHLY", 3), "half year": ("MONTHLY", 6),
    "year": ("YEARLY", 1), "daily": ("DAILY", 1), "weekly": ("WEEKLY", 1),
    "monthly": ("MONTHLY", 1), "quarterly": ("MONTHLY", 3), "yearly": ("YEARLY", 1),
    **dict.fromkeys(("morning", "afternoon", "evening", "night"), ("DAILY", 1)),
    "annually": ("YEARLY", 1), "fortnightly": ("WEEKLY", 2), "nightly": ("DAILY", 1),
}  # fmt: skip


ONE_DAY = {
    "FREQ=WEEKLY": N_("On which day of the week is it due?"),
    "FREQ=MONTHLY": N_("On which day of the month is it due?"),
    "FREQ=YEARLY": N_("On which day of the year is it due?"),
}
# The commonest answers, to be chosen with one tap.
CHOICES = {
    "FREQ=WEEKLY": tuple(f"every {day.title()}" for day in DAY_NAMES),
    "FREQ=MONTHLY": (
        "monthly on the 1st",
        "monthly on the 15th",
        "monthly on the last day",
        "monthly on the first weekday",
        "monthly on the last weekday",
        "monthly on the last Friday",
    ),
    "FREQ=YEARLY": (),
}


@dataclass(frozen=True, slots=True)
class Often:
    """What one phrase means: a rule, or None with a question.

    `perhaps` is the rule that it means once other words say that the work comes round.
    """

    rule: Rule | None
    confidence: str = "stated"
    asked: tuple[Asked, ...] = ()
    assumed: tuple[str, ...] = ()
    perhaps: Rule | None = None


DAILY = Often(Rule("DAILY"))


def frequency(found: re.Match[str]) -> Rule | None:
    """The rule of a FREQUENCY, without any day; None for what can be meant in two ways."""
    groups = found.groupdict()
    if bare := groups.get("bare"):
        return Rule(*_ONES[bare.removeprefix(" of ")])
    if often := groups.get("often"):
        words = re.sub(r"^once |^on an? | basis$|[- ]", "", often)
        if words in ("halfyearly", "semiannually"):
            return Rule("MONTHLY", 6)
        if words.startswith(("alternat", "onalternat")):
            return Rule("DAILY" if words.endswith("days") else "WEEKLY", 2)
        return Rule(*_ONES[words]) if words in _ONES else None
    freq, interval = _ONES[groups["unit"]]
    step = groups.get("step") or "1"
    times = 2 if step in ("other", "alternate", "alternating") else int(step.removesuffix("th"))
    return Rule(freq, interval * times) if times else None


def alone(found: re.Match[str]) -> Often | None:
    """Read "every 2 weeks", "monthly": how often, and no day."""
    rule = frequency(found)
    if not rule:
        return which_of_two(found[0])
    return Often(rule)


def which_of_two(words: str) -> Often:
    """Ask what "biannually" means."""
    asked = Asked(
        "cadence",
        say("Is “%(words)s” twice a year, or every second year?", words=words),
        ("every 6 months", "every 2 years"),
    )
    return Often(None, "unknown", (asked,))


def on_days(found: re.Match[str]) -> Often | None:
    """Read "every other week on Monday", "daily from Monday to Friday"."""
    rule = frequency(found)
    days = p.days_of(found["days"])
    if not rule:
        return None
    if rule.freq == "DAILY" and rule.interval == 1:
        return Often(Rule("WEEKLY", by_day=days))
    if rule.freq == "MONTHLY" and len(days) == 1:
        return which_week(found[0], DAY_NAMES[days[0][1]].title())
    return Often(replace(rule, by_day=days)) if rule.freq == "WEEKLY" else None


def which_week(words: str, day: str) -> Often:
    """Ask which Friday "monthly on Friday" is."""
    choices = (f"monthly on the {n} {day}" for n in ("first", "second", "third", "fourth", "last"))
    asked = Asked(
        "cadence",
        say("Which %(day)s of the month is “%(words)s”?", day=say(day), words=words),
        tuple(choices),
    )
    return Often(None, "unknown", (asked,))


def day_number(found: re.Match[str]) -> Often | None:
    """Read "every month on day 15"."""
    rule, number = frequency(found), int(found["number"])
    if not rule or rule.freq != "MONTHLY" or not 1 <= number <= 31:
        return ask_when(found[0])
    return Often(replace(rule, by_month_day=(number,)))


def of_period(found: re.Match[str]) -> Often | None:
    """Read "last working day of the quarter", "every month on the 4th"."""
    rule, words = frequency(found), found["which"]
    if not rule:
        return None
    if found.groupdict().get("unit") == "week" or rule.freq == "WEEKLY":
        return ask_weekday(found[0])
    if found.groupdict().get("unit") == "quarter" or "quarterly" in found[0]:
        quarterly = p.of_quarter(words) if rule.interval == 3 else None
        if quarterly:
            return Often(quarterly)
        months = p.counted_of(rule, words)
        return Often(months) if months else None
    made = p.of_year(words) if rule.freq == "YEARLY" else p.counted_of(rule, words)
    if made and rule.freq == "YEARLY":
        made = replace(made, interval=rule.interval * (12 if made.freq == "MONTHLY" else 1))
        made = replace(made, interval=1) if rule.interval == 1 else made
    return Often(made) if made else ask_when(found[0])


def ask_weekday(words: str) -> Often:
    """Ask for the weekday, with the seven to choose from."""
    names = (f"every {day.title()}" for day in DAY_NAMES)
    asked = Asked(
        "cadence", say("On which day of the week is “%(words)s”?", words=words), tuple(names)
    )
    return Often(None, "unknown", (asked,))


def ask_when(words: str) -> Often:
    """Ask for the days in words."""
    asked = Asked("cadence", say("On which days exactly is “%(words)s”?", words=words))
    return Often(None, "unknown", (asked,))


def edge(found: re.Match[str]) -> Often | None:
    """Read "at the end of each month", "start of the quarter"; a week's or a middle is asked."""
    unit, name = found["of"], found["edge"]
    if unit == "week":
        return ask_weekday(found[0])
    if name == "middle":
        return ask_when(found[0])
    which = "last day" if name in ("end", "close") else "1th day"
    if unit == "quarter":
        rule = p.of_quarter(which)
    elif unit == "year":
        month, day = (12, 31) if which == "last day" else (1, 1)
        rule = Rule("YEARLY", by_month=(month,), by_month_day=(day,))
    else:
        rule = p.counted_of(Rule("MONTHLY"), which)
    return Often(rule) if rule else None


def month_end(found: re.Match[str]) -> Often | None:
    """Read "at month-end", "quarter end"."""
    unit = found["unit"] or "month"
    last = say("“%(found)s” is read as the last day of the %(unit)s.", found=found[0], unit=unit)
    rules = {
        "month": Rule("MONTHLY", by_month_day=(-1,)),
        "quarter": Rule("YEARLY", by_month=(3, 6, 9, 12), by_month_day=(-1,)),
        "year": Rule("YEARLY", by_month=(12,), by_month_day=(31,)),
    }
    return Often(rules[unit], "stated", (), (last,))
