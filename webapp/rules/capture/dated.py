"""How often, in words, where days or dates come first: "Mondays", "1st and 15th", "every 4"
" July".
"""

import re
from dataclasses import replace

from webapp.rules.cadence_words import months_in_a_row, spoken
from webapp.rules.capture import phrases as p
from webapp.rules.capture.often import Often, ask_weekday, ask_when, frequency
from webapp.rules.capture.reading import Asked
from webapp.rules.capture.vocabulary import DAY_NAMES
from webapp.rules.recurrence import Rule
from webapp.rules.sentences import say

_ENDS_THERE = re.compile(r" *(?:$|[,.;:()|@!-]|(?:at|by|before|and|every|for|we|i|with) )")
_A_THING = re.compile(
    r" (?:floor|street|avenue|time|attempt|aisle|row|week|quarter|half|place|shift)s?\b"
)
COUNT_WORDS = ("first", "second", "third", "fourth", "fifth")


def weekdays(found: re.Match[str]) -> Often | None:
    """Read "every Monday and Thursday", "Tuesdays", "Mon-Fri", "every 4 weekends"."""
    days, step = p.days_of(found["days"]), found["step"] or ""
    every = bool(found["every"])
    if step.endswith("th") and not every:
        return None
    if step.endswith("th"):
        return _every_nth(found[0], step, days)
    if step:
        interval = 2 if not step.isdigit() else int(step)
        plural = found["days"].endswith("s")
        if not interval or (step.isdigit() and not (plural and every)):
            return None
        return Often(Rule("WEEKLY", interval, by_day=days))
    rule = Rule("WEEKLY", by_day=days)
    if every or p.repeats(found["days"]):
        return Often(rule)
    if len(days) > 1:
        asked = Asked("cadence", say("Is “%(found)s” every week?", found=found[0]), (_every(days),))
        return Often(rule, "likely", (asked,))
    question = say("Is “%(found)s” every week, or only once?", found=found[0])
    return Often(None, "unknown", (Asked("cadence", question, (_every(days),)),), perhaps=rule)


def _every(days: tuple[tuple[int, int], ...]) -> str:
    return "every " + " and ".join(DAY_NAMES[day].title() for _n, day in days)


def _every_nth(words: str, step: str, days: tuple[tuple[int, int], ...]) -> Often | None:
    number = int(step.removesuffix("th"))
    if number < 2:
        return None
    if len(days) > 1:
        return ask_when(words)
    day = DAY_NAMES[days[0][1]].title()
    choices = [f"every {number} weeks on {day}"]
    if number <= len(COUNT_WORDS):
        choices.append(f"monthly on the {COUNT_WORDS[number - 1]} {day}")
    return Often(None, "unknown", (Asked("cadence", _which_of(words, choices), tuple(choices)),))


def _which_of(words: str, choices: list[str]) -> str:
    """Ask which of two cadences is meant, or whether it is the only one there is."""
    first, *others = map(spoken, choices)
    if not others:
        return say("Is “%(words)s” %(often)s?", words=words, often=first)
    # Translators: %(often)s and %(other)s are cadences: “every 2 weeks on Tuesday”.
    return say("Is “%(words)s” %(often)s or %(other)s?", words=words, often=first, other=others[0])


def counted(found: re.Match[str]) -> Often | None:
    """Read "1st and 15th", "third Thursday", "last working day": of every month, by assumption."""
    words, every = found["which"], bool(found["every"])
    items = re.findall(p.COUNT, words)
    noun = re.search(p.NOUN, words)
    rule = p.counted_of(Rule("MONTHLY"), words)
    after = found.string[found.end() :]
    if (not noun and not found["lead"] and not _ENDS_THERE.match(after)) or _A_THING.match(after):
        return None
    if not rule or re.fullmatch(r"(?:the )?(?:1th|last|very last)(?: days?)?", words):
        return None
    if len(items) == 1 and not noun:
        return _which_month(found[0], words) if found["lead"] or every else None
    assumed = (say("“%(found)s” is read as of every month.", found=found[0]),)
    return Often(rule, "likely", (), assumed)


def _which_month(words: str, which: str) -> Often:
    number = re.sub(r"\D", "", which)
    choice = f"monthly on day {number}" if not number else f"on the {number}. of every month"
    choice = f"every month on the {_ordinal(int(number))}" if number else choice
    asked = Asked(
        "cadence", say("Is “%(words)s” every month, or only once?", words=words), (choice,)
    )
    perhaps = Rule("MONTHLY", by_month_day=(int(number),)) if number else None
    return Often(None, "unknown", (asked,), perhaps=perhaps)


def _ordinal(n: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{'th' if n in (11, 12, 13) else ending}"


def every_date(found: re.Match[str]) -> Often | None:
    """Read "every July 4th", "every year on 25 December", "1 March and 1 September every year"."""
    rule = p.dates_of(found["dates"])
    if not rule:
        return ask_when(found[0])
    base = frequency(found) if {"unit", "often"} & found.groupdict().keys() else Rule("YEARLY")
    if not base or base.freq != "YEARLY":
        return None
    return Often(replace(rule, interval=base.interval))


def counted_in_month(found: re.Match[str]) -> Often | None:
    """Read "fourth Thursday in November", "every February on the last"."""
    months = p.months_of(found["months"])
    rule = p.of_year(found["which"], months)
    groups = found.groupdict()
    base = frequency(found) if groups.get("unit") or groups.get("often") else Rule("YEARLY")
    if not rule or not base or base.freq != "YEARLY":
        return ask_when(found[0])
    interval = base.interval * (12 if rule.freq == "MONTHLY" and base.interval > 1 else 1)
    rule = replace(rule, interval=interval)
    if "every" in found[0] or groups.get("unit") or groups.get("often") or len(months) > 1:
        return Often(rule)
    question = say("Is “%(found)s” every year, or only once?", found=found[0])
    return Often(rule, "likely", (Asked("cadence", question, (f"every year on the {found[0]}",)),))


def every_month_named(found: re.Match[str]) -> Often | None:
    """Read "every June", "yearly in March and September": on which day is left to ask."""
    months = p.months_of(found["months"])
    groups = found.groupdict()
    base = frequency(found) if groups.get("unit") or groups.get("often") else Rule("YEARLY")
    if not base or base.freq != "YEARLY":
        return None
    names = months_in_a_row(months)
    asked = Asked("cadence", say("On which day of %(names)s is it due?", names=names))
    return Often(replace(base, by_month=months), "likely", (asked,))


def in_week(found: re.Match[str]) -> Often | None:
    """Read "every Friday in week 12"."""
    number = int(found["week"])
    groups = found.groupdict()
    base = frequency(found) if groups.get("unit") or groups.get("often") else Rule("YEARLY")
    if not base or base.freq != "YEARLY" or not 1 <= number <= 53:
        return ask_when(found[0])
    days = p.days_of(found["days"])
    return Often(replace(base, by_week_no=(number,), by_day=days))


def times_on_days(found: re.Match[str]) -> Often | None:
    """Read "twice a week on Monday and Thursday", when the days named are as many as the times."""
    times = 2 if found["times"] == "twice" else int(re.sub(r"\D", "", found["times"]) or 0)
    days, counts = found["days"], found["which"]
    if days and found["period"].startswith("week"):
        named = p.days_of(days)
        return Often(Rule("WEEKLY", by_day=named)) if len(named) == times else None
    if counts and found["period"].startswith("month"):
        rule = p.counted_of(Rule("MONTHLY"), counts)
        return Often(rule) if rule and len(re.findall(p.COUNT, counts)) == times else None
    if found["dates"] and found["period"][:4] in ("year", "annu"):
        rule = p.dates_of(found["dates"])
        return Often(rule) if rule and len(rule.by_month) == times else ask_when(found[0])
    return None


def of_week(found: re.Match[str]) -> Often:
    """Read "at the end of the week": which weekday that is, is asked."""
    return ask_weekday(found[0])
