"""When, in a captured text: the cadence as a structure, the rule from it, and the times of day."""

import re
from dataclasses import replace

from webapp.rules.cadence import CadenceError, parse_rrule
from webapp.rules.capture.clock import Clock, read_clock
from webapp.rules.capture.hourly import read_hourly
from webapp.rules.capture.limits import read_condition, read_limits, take_repeats
from webapp.rules.capture.often import CHOICES, DAILY, ONE_DAY, Often
from webapp.rules.capture.readers import bent, dated, hourly, read, unclear, unread, vague
from webapp.rules.capture.reading import Asked, Reading
from webapp.rules.capture.said import said
from webapp.rules.capture.seasons import read_feast, read_months
from webapp.rules.capture.understood import Limits, When
from webapp.rules.recurrence import Rule
from webapp.rules.rrule_text import parse_rule, rule_text
from webapp.rules.sentences import Sentence, say

_QUOTED = re.compile(r"“%\((\w+)\)s”")


def read_when(reading: Reading) -> When:
    """Take cadence, limits and times of day out of the text; what is left open is asked.

    The questions are in the order of the draft: how often first, then the time of day.
    """
    before = len(reading.asked)
    when, rule = When(), None
    limits = read_limits(reading)
    often_a_day = hourly(reading.plain)
    of_times = reading.asked[before:]
    del reading.asked[before:]
    clock = read_clock(reading, is_hourly=bool(often_a_day))
    of_clock = reading.asked[before:]
    del reading.asked[before:]
    if often_a_day:
        rule = read_hourly(reading, when, clock, of_clock)
    else:
        rule = _read_cadence(reading, when, clock)
    reading.asked += of_times
    _limit(reading, when, limits, rule)
    when.opens, when.times = clock.opens, clock.times
    if not when.rrule or "BYHOUR" not in when.rrule:
        _several_times(when)
    reading.asked += of_clock
    return when


def _read_cadence(reading: Reading, when: When, clock: Clock) -> Rule | None:
    found = unclear(reading.plain)
    if found and (meant := _twice_a_day(reading, found, clock)):
        found = (found[0], found[1], meant)
    found = found or read(reading.plain) or vague(reading.plain)
    if not found:
        reading.ask("cadence", say("How often is this done?"))
        return None
    start, end, often = _unbent(reading.plain, found)
    evidence = reading.take(start, end, "cadence").lower()
    when.evidence.append(evidence)
    if often.perhaps and (rule := _settled(reading, when, often.perhaps)):
        return rule
    reading.assumed += [_as_written(words, evidence) for words in often.assumed]
    for asked in often.asked:
        reading.ask(asked.about, _as_written(asked.question, evidence), *asked.choices)
    if often.rule:
        when.confidence = often.confidence
        return _with_another(reading, when, often.rule)
    if another := read(reading.plain):
        when.evidence.append(reading.take(another[0], another[1], "cadence").lower())
    _ask_of_unread(reading, when)
    return None


def _settled(reading: Reading, when: When, perhaps: Rule) -> Rule | None:
    """The rule of a day that stands alone, where other words say how often ("Weekly: … Monday")."""
    another = read(reading.plain)
    both = _together(another[2].rule, perhaps) if another and another[2].rule else None
    if another and both:
        when.evidence.append(reading.take(another[0], another[1], "cadence").lower())
        when.confidence = "stated"
    return both


def _twice_a_day(reading: Reading, found: tuple[int, int, Often], clock: Clock) -> Often | None:
    """Several times a day are known once as many times are named ("twice a day at 8 and 16")."""
    words = reading.plain[found[0] : found[1]]
    return (
        DAILY if "day" in words.split() + ["day"] * ("daily" in words) and clock.times[1:] else None
    )


def _unbent(plain: str, found: tuple[int, int, Often]) -> tuple[int, int, Often]:
    start, end, often = found
    wider = bent(plain, start, end) if often.rule else None
    if not wider:
        return found
    words = plain[wider[0] : wider[1]]
    asked = Asked("cadence", say("When exactly is “%(words)s”?", words=words))
    return wider[0], wider[1], Often(None, "unknown", (asked,))


def _as_written(words: str, evidence: str) -> str:
    """The sentence with the words as they stand in the text, in place of the grammar's forms."""
    name = _QUOTED.search(words.msgid) if isinstance(words, Sentence) else None
    if not isinstance(words, Sentence) or not name:
        return words
    return Sentence.of(words.msgid, words.many, words.values | {name[1]: evidence})


def _with_another(reading: Reading, when: When, rule: Rule) -> Rule:
    """The rule with what a second phrase adds ("weekly … on Fridays"); else that is asked about."""
    another = unclear(reading.plain) or read(reading.plain)
    if not another and rule.freq == "YEARLY":
        another = dated(reading.plain)
    if not another:
        _ask_of_unread(reading, when)
    if not another or _says_no_more(another[2], rule):
        return rule
    words = reading.words(another[0], another[1])
    if both := _together(rule, another[2].rule or another[2].perhaps):
        when.evidence.append(reading.take(another[0], another[1], "cadence").lower())
        return both
    _ask_whether_second(reading, when, words)
    return rule


def _ask_of_unread(reading: Reading, when: When) -> None:
    if beside := unread(reading.plain):
        _ask_whether_second(reading, when, reading.words(*beside.span()))


def _ask_whether_second(reading: Reading, when: When, words: str) -> None:
    when.lower("maybe")
    reading.ask("second", say("Is “%(words)s” a second process?", words=words))


def _together(rule: Rule, other: Rule | None) -> Rule | None:
    """One rule for two phrases, where one says only how often and the other on which days."""
    if not other or rule.freq != other.freq:
        return None
    bare, full = (rule, other) if rule == Rule(rule.freq, rule.interval) else (other, rule)
    if bare != Rule(bare.freq, bare.interval) or full.interval > 1:
        return None
    return replace(full, interval=bare.interval)


def _says_no_more(other: Often, rule: Rule) -> bool:
    """Does a second cadence only repeat the first ("the weekly report, every Monday")?"""
    bare = Rule(rule.freq, rule.interval)
    return other.rule in (rule, bare)


def _limit(reading: Reading, when: When, limits: Limits, rule: Rule | None) -> None:
    if rule:
        read_months(reading, limits)
    when.evidence += limits.words
    when.limits = limits
    when.starts, when.ends = limits.starts, limits.ends
    if repeats := take_repeats(reading):
        when.ends, limits.unsure, limits.loose = repeats, True, True
    limited = limits.on(rule) if rule else None
    if rule and not limited:
        reading.ask("exception", say("Which days are left out, and which are not?"))
    _settle(reading, when, limited or rule, limits)
    if limits.unsure:
        when.lower("likely" if limited and not limits.loose else "maybe")
    if rule and (read_feast(reading) or read_condition(reading)):
        when.lower("maybe")


def _settle(reading: Reading, when: When, rule: Rule | None, limits: Limits) -> None:
    """Write the rule, and ask for what a rule alone cannot know: its day, and where it counts"
    " from.
    """
    try:
        when.rrule = parse_rrule(rule_text(rule)) if rule else None
    except CadenceError:
        words = when.evidence[-1] if when.evidence else "this"
        reading.ask(
            "cadence", say("“%(words)s” never falls on any date. When is it due?", words=words)
        )
        when.confidence = "unknown"
        return
    if not when.rrule or not rule:
        when.confidence = "unknown"
        return
    if late := [day for day in rule.by_month_day if day > 28]:
        reading.assumed.append(say("A month without day %(late)s is left out.", late=late[0]))
    when.words = said(rule) or (when.evidence[0] if when.evidence else None)
    bare = rule_text(replace(rule, by_month=(), by_hour=()))
    if bare in ONE_DAY and rule.interval == 1:
        when.lower("likely")
        if not any(asked.about == "cadence" for asked in reading.asked):
            reading.ask("cadence", ONE_DAY[bare], *CHOICES[bare])
    elif rule.interval > 1:
        when.lower("likely")
        if not limits.starts:
            reading.ask("starts", say("On which date is it due first?"))


def _several_times(when: When) -> None:
    """Put several times of one minute into the rule, where it can say them."""
    minutes = {clock.minute for clock in when.times}
    if not when.rrule or len(when.times) < 2 or len(minutes) > 1 or "BYSETPOS" in when.rrule:
        return
    rule = replace(parse_rule(when.rrule), by_hour=tuple(clock.hour for clock in when.times))
    when.rrule = parse_rrule(rule_text(rule))
    when.words = said(rule, minutes.pop())
