"""Several times a day by the hour: "every 2 hours from 8 to 18 on weekdays"."""

from dataclasses import replace
from datetime import time

from webapp.rules.capture.clock import Clock
from webapp.rules.capture.readers import hourly, read
from webapp.rules.capture.reading import Asked, Reading
from webapp.rules.capture.understood import When
from webapp.rules.recurrence import Rule
from webapp.rules.sentences import say


def read_hourly(reading: Reading, when: When, clock: Clock, of_clock: list[Asked]) -> Rule | None:
    """Read "every 2 hours from 8 to 18 on weekdays": due at each of these hours."""
    found = hourly(reading.plain)
    if not found:
        return None
    hours = _hours(found[0], found["each"], clock)
    words = reading.take(*found.span(), "cadence").lower()
    when.evidence.append(words)
    of_clock[:] = [asked for asked in of_clock if asked.question != "By what time is it due?"]
    days = read(reading.plain)
    if not hours:
        reading.ask("cadence", say("At which times of the day is “%(words)s”?", words=words))
        if days:
            when.evidence.append(reading.take(days[0], days[1], "cadence").lower())
        return None
    rule = Rule("DAILY")
    if days and days[2].rule:
        when.evidence.append(reading.take(days[0], days[1], "cadence").lower())
        rule = days[2].rule
    when.confidence = "stated"
    clock.times, clock.opens = [time(hour) for hour in hours], None
    reading.assumed.append(
        say(
            "“%(words)s” is due at %(first)s first and %(last)s last.",
            words=words,
            first=f"{hours[0]:02}:00",
            last=f"{hours[-1]:02}:00",
        )
    )
    return replace(rule, by_hour=tuple(hours))


def _hours(words: str, each: str | None, clock: Clock) -> list[int]:
    step = int(each) if each and each.isdigit() else 2 if each == "other" else 1
    if "hour" not in words or "half" in words or each in ("few", "couple of") or not step:
        return []
    if not clock.opens or len(clock.times) != 1 or clock.opens.minute or clock.times[0].minute:
        return []
    return list(range(clock.opens.hour, clock.times[0].hour + 1, step))
