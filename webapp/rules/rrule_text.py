"""Recurrence rules as text: strict reading and one normal form (RFC 5545 section 3.3.10)."""

import re
from functools import lru_cache
from typing import NoReturn

from webapp.rules.recurrence import FREQUENCIES, WEEKDAYS, Rule
from webapp.rules.sentences import N_, say

# part -> (field, lowest, highest, may be counted from the end)
_NUMBERS = {
    "BYMONTH": ("by_month", 1, 12, False),
    "BYWEEKNO": ("by_week_no", 1, 53, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYSETPOS": ("by_set_pos", 1, 366, True),
}
_ORDER = ("BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYHOUR", "BYMINUTE", "BYSETPOS")
_LONGEST = 500


class CadenceError(ValueError):
    """A cadence or time zone that cannot be used; str(error) is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@lru_cache(maxsize=1024)
def parse_rule(text: str) -> Rule:
    """Read a rule, with or without "RRULE:" in front; CadenceError "impossible_rrule"."""
    parts = _split(text)
    rule = Rule(
        freq=_freq(parts),
        interval=_interval(parts.get("INTERVAL", "1")),
        by_day=_by_day(parts["BYDAY"]) if "BYDAY" in parts else (),
        week_start=_week_start(parts.get("WKST", "MO")),
        **{_NUMBERS[part][0]: _numbers(part, parts[part]) for part in _NUMBERS if part in parts},
    )
    _refuse_combinations(rule)
    return rule


def rule_text(rule: Rule) -> str:
    """The normal form: fixed order of parts, lists sorted, defaults left out."""
    parts = [f"FREQ={rule.freq}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    by_parts = {part: getattr(rule, _NUMBERS[part][0]) for part in _ORDER}
    shown = {part: ",".join(map(str, values)) for part, values in by_parts.items() if values}
    parts += [f"{part}={shown[part]}" for part in _ORDER[:4] if part in shown]
    if rule.by_day:
        parts.append(f"BYDAY={','.join(_weekday_text(*day) for day in rule.by_day)}")
    parts += [f"{part}={shown[part]}" for part in _ORDER[4:] if part in shown]
    if rule.week_start and _week_start_matters(rule):
        parts.append(f"WKST={WEEKDAYS[rule.week_start]}")
    return ";".join(parts)


_NO_WEEKDAY = N_("%(part)s=%(text)s is not a weekday. Use MO, TU, WE, TH, FR, SA or SU.")


def _split(text: str) -> dict[str, str]:
    body = text.strip().upper().removeprefix("RRULE:").strip().rstrip(";")
    if len(body.split()) > 1 or "RRULE:" in body:
        _refuse(N_("Give one recurrence rule only, on one line, without DTSTART or exceptions."))
    if not body or len(body) > _LONGEST:
        _refuse(N_("Give a recurrence rule such as FREQ=DAILY or FREQ=WEEKLY;BYDAY=MO,TH."))
    parts: dict[str, str] = {}
    for piece in body.split(";"):
        name, equals, value = piece.partition("=")
        if not equals or not value:
            _refuse(
                say(
                    "“%(piece)s” is no part of a rule. Write NAME=VALUE, like FREQ=DAILY.",
                    piece=piece,
                )
            )
        if name in parts:
            _refuse(
                say(
                    "%(name)s is given twice. Give one recurrence rule, with each part once.",
                    name=name,
                )
            )
        parts[name] = value
    _refuse_unknown(parts)
    return parts


def _refuse_unknown(parts: dict[str, str]) -> None:
    if "COUNT" in parts or "UNTIL" in parts:
        _refuse(
            N_(
                "A cadence has no end of its own. Leave out COUNT and UNTIL, and stop the process"
                " when the work is over."
            )
        )
    if "BYSECOND" in parts:
        _refuse(N_("Deadlines are to the minute. Leave out BYSECOND."))
    for name in parts.keys() - _NUMBERS.keys() - {"FREQ", "INTERVAL", "BYDAY", "WKST"}:
        _refuse(say("%(name)s is no part of a recurrence rule. Remove it.", name=name))


def _freq(parts: dict[str, str]) -> str:
    freq = parts.get("FREQ", "")
    if freq in ("SECONDLY", "MINUTELY", "HOURLY"):
        _refuse(
            say(
                "%(freq)s is too often. For several times a day, use FREQ=DAILY with BYHOUR, like"
                " FREQ=DAILY;BYHOUR=8,12,16.",
                freq=freq,
            )
        )
    if freq not in FREQUENCIES:
        _refuse(N_("The rule needs FREQ=DAILY, WEEKLY, MONTHLY or YEARLY."))
    return freq


def _interval(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or int(text) == 0:
        _refuse(
            say("INTERVAL=%(text)s cannot be used. Use a whole number from 1 to 9999.", text=text)
        )
    return int(text)


def _numbers(part: str, text: str) -> tuple[int, ...]:
    _field, lowest, highest, from_end = _NUMBERS[part]
    values = set()
    for piece in text.split(","):
        if not re.fullmatch(r"[+-]?[0-9]{1,3}", piece):
            _refuse(
                say(
                    "%(part)s=%(text)s cannot be read. Use whole numbers with commas between.",
                    part=part,
                    text=text,
                )
            )
        number = int(piece)
        size = abs(number) if from_end else number
        if not lowest <= size <= highest:
            _refuse(
                say(
                    "%(part)s=%(text)s does not exist. Use %(lowest)s to %(highest)s.",
                    part=part,
                    text=piece,
                    lowest=lowest,
                    highest=highest,
                )
            )
        values.add(number)
    return tuple(sorted(values, key=lambda number: (number < 0, number)))


def _by_day(text: str) -> tuple[tuple[int, int], ...]:
    days = set()
    for piece in text.split(","):
        found = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", piece)
        if not found:
            _refuse(say(_NO_WEEKDAY, part="BYDAY", text=piece))
        n = int(found[1] or 0)
        if found[1] and not 1 <= abs(n) <= 53:
            _refuse(
                say(
                    "BYDAY=%(text)s does not exist. Count weekdays from 1 to 53, or from -1 back.",
                    text=piece,
                )
            )
        days.add((n, WEEKDAYS.index(found[2])))
    return tuple(sorted(days, key=lambda day: (day[0] < 0, day)))


def _week_start(text: str) -> int:
    if text not in WEEKDAYS:
        _refuse(say(_NO_WEEKDAY, part="WKST", text=text))
    return WEEKDAYS.index(text)


def _refuse_combinations(rule: Rule) -> None:
    """The combinations that RFC 5545 rules out, and the ones that it leaves unclear."""
    if rule.by_month_day and rule.freq == "WEEKLY":
        _refuse(N_("A weekly rule cannot name days of the month. Use FREQ=MONTHLY for BYMONTHDAY."))
    if rule.by_year_day and rule.freq != "YEARLY":
        _refuse(N_("BYYEARDAY works only with FREQ=YEARLY."))
    if rule.by_week_no and (rule.freq != "YEARLY" or not rule.by_day or rule.week_start):
        _refuse(
            N_("BYWEEKNO works only with FREQ=YEARLY, a BYDAY, and weeks that start on Monday.")
        )
    if any(n for n, _weekday in rule.by_day):
        if rule.freq not in ("MONTHLY", "YEARLY") or rule.by_week_no:
            _refuse(
                N_("A counted weekday such as 1MO works only with FREQ=MONTHLY or FREQ=YEARLY.")
            )
        if (rule.freq == "MONTHLY" or rule.by_month) and any(abs(n) > 5 for n, _ in rule.by_day):
            _refuse(
                N_("A month has at most five of a weekday. Count from 1 to 5, or from -1 to -5.")
            )
    if rule.by_set_pos and not _expands(rule):
        _refuse(
            N_("BYSETPOS chooses among days or times. Name them with BYDAY, BYMONTHDAY or BYHOUR.")
        )


def _expands(rule: Rule) -> bool:
    days = rule.by_day or rule.by_month_day or rule.by_year_day or rule.by_week_no
    return bool(days or rule.by_month or rule.by_hour or rule.by_minute)


def _week_start_matters(rule: Rule) -> bool:
    return rule.freq == "WEEKLY" and bool(rule.interval > 1 or rule.by_set_pos)


def _weekday_text(n: int, weekday: int) -> str:
    return f"{n or ''}{WEEKDAYS[weekday]}"


def _refuse(message: str) -> NoReturn:
    raise CadenceError("impossible_rrule", message)
