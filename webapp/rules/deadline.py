"""Waits ("10m"), clock times ("07:15") and dates ("2026-12-25") as people write them."""

import re
from datetime import date, time

from webapp.rules.sentences import say, say_many

LONGEST_WAIT = 31 * 24 * 60

_DAY_MINUTES = 24 * 60
_WAIT = re.compile(
    r"(?:(?P<d>\d{1,5})\s*d(?:ays?)?)?\s*"
    r"(?:(?P<h>\d{1,5})\s*h(?:(?:ou)?rs?)?)?\s*"
    r"(?:(?P<m>\d{1,5})\s*(?:m(?:in(?:ute)?s?)?)?)?"
)
_NEGATIVE = re.compile(r"[-−]\s*\d.*")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")


class DeadlineError(ValueError):
    """A wait, a clock time or a date that cannot be read; str(error) is a sentence for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_wait(text: str | int) -> int:
    """Minutes from "5m", "2h", "1d", "1h30m" or plain minutes "90"; at most 31 days.

    DeadlineError "wait_negative" below 0, "wait_too_long" above 31 days, else "bad_wait".
    """
    written = str(text).strip().lower()
    if _NEGATIVE.fullmatch(written):
        words = say(
            "“%(text)s” is less than 0. 0 means at once; write it like 10m or 2h.", text=text
        )
        raise DeadlineError("wait_negative", words)
    found = _WAIT.fullmatch(written)
    if isinstance(text, bool) or not written or not found:
        raise DeadlineError(
            "bad_wait",
            say("“%(text)s” is not a waiting time. Write it like 10m, 2h, 1d or 1h30m.", text=text),
        )
    days, hours, minutes = (int(found[unit] or 0) for unit in "dhm")
    total = days * _DAY_MINUTES + hours * 60 + minutes
    if total > LONGEST_WAIT:
        raise DeadlineError(
            "wait_too_long", say("“%(text)s” is too long. Wait 31 days at most.", text=text)
        )
    return total


def format_wait(minutes: int) -> str:
    """The shortest writing that parse_wait reads back: 90 -> "1h30m", 0 -> "0m"."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [f"{days}d" * bool(days), f"{hours}h" * bool(hours), f"{left}m" * bool(left)]
    return "".join(parts) or "0m"


def wait_words(minutes: int) -> str:
    """A wait as people say it: 90 -> "1 hour 30 minutes"."""
    days, rest = divmod(minutes, _DAY_MINUTES)
    hours, left = divmod(rest, 60)
    parts = [
        say_many("%(num)s day", "%(num)s days", days) if days else None,
        say_many("%(num)s hour", "%(num)s hours", hours) if hours else None,
        say_many("%(num)s minute", "%(num)s minutes", left) if left or not minutes else None,
    ]
    first, *others = filter(None, parts)
    for other in others:
        # Translators: “1 hour 30 minutes”: a longer and a shorter part of a wait.
        first = say("%(longer)s %(shorter)s", longer=first, shorter=other)
    return first


def parse_clock(value: str | int | time) -> time:
    """A local wall time to the minute from "07:15".

    Unquoted in YAML 1.1, 17:15 arrives as the base-60 number 1035, which is its minute of the day;
    numbers below 60 or above 1439 cannot come from that and are refused ("bad_clock").
    """
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0, tzinfo=None)
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value < _DAY_MINUTES:
        return time(*divmod(value, 60))
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise DeadlineError(
            "bad_clock",
            say("“%(value)s” is not a time of day. Write it like 07:15 or 17:30.", value=value),
        )
    return time(int(found[1]), int(found[2]))


def format_clock(value: time) -> str:
    """The time as "07:15"."""
    return value.strftime("%H:%M")


def parse_date(text: str) -> date:
    """A date from "2026-12-25"; DeadlineError "bad_date"."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        words = say("“%(text)s” is not a date. Write it like 2026-12-25.", text=text)
        raise DeadlineError("bad_date", words) from error
