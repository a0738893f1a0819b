"""A cadence as it is typed into a definition, as people say it, and in its normal form."""

from datetime import time

from webapp.rules.cadence import CadenceError, parse_rrule
from webapp.rules.cadence_words import rrule_to_words, words_to_rrule
from webapp.rules.capture.said import said
from webapp.rules.capture.stated import stated_rule
from webapp.rules.recurrence import clock_times
from webapp.rules.rrule_text import parse_rule
from webapp.rules.sentences import say

LONGEST_CADENCE = 200
MOST_TIMES_A_DAY = 24


def rule_of(cadence: str) -> str:
    """The RRULE that a cadence means, given in words or as an RRULE; CadenceError else."""
    if "FREQ=" in cadence.upper():
        return normal_rule(cadence)
    rrule = _in_words(cadence) if len(cadence) <= LONGEST_CADENCE else None
    if rrule is None:
        raise CadenceError(
            "impossible_rrule",
            say(
                "“%(cadence)s” does not say one thing clearly. Write it like “every"
                " weekday”, “every Monday and Thursday” or “monthly on the last Friday”, or as an"
                " RRULE.",
                cadence=cadence[:LONGEST_CADENCE],
            ),
        )
    return rrule


def _in_words(cadence: str) -> str | None:
    rrule = words_to_rrule(cadence) or stated_rule(cadence)
    return normal_rule(rrule) if rrule else None


def words_of_rule(rrule: str) -> str:
    """The rule in words that `rule_of` reads back; the rule itself where there are none."""
    words = said_rule(rrule)
    return words if words == rrule or _in_words(words) == rrule else rrule


def said_rule(rrule: str) -> str:
    """The rule as people say it; the rule itself where that would need it."""
    words = rrule_to_words(rrule)
    return words if words != rrule else said(parse_rule(rrule)) or rrule


def normal_rule(rrule: str) -> str:
    """The rule in its normal form; CadenceError for one that cannot be used.

    Runs are work for people, so a day has at most 24 due times. BYSETPOS with several times a
    day would have whole years listed, minute by minute, to find one.
    """
    rule = parse_rule(rrule)
    times = len(clock_times(rule, time(12)))
    if times > MOST_TIMES_A_DAY:
        words = say(
            "%(times)s due times a day are too many. Name at most %(most)s.",
            times=times,
            most=MOST_TIMES_A_DAY,
        )
        raise CadenceError("impossible_rrule", words)
    if times > 1 and rule.by_set_pos:
        words = say("BYSETPOS chooses among days. Leave it out, or name one time of the day.")
        raise CadenceError("impossible_rrule", words)
    return parse_rrule(rrule)
