"""How a moment is spoken of at a location: its time, with the day when that is not today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

FURTHEST_BEHIND = timedelta(hours=12)  # Baker Island
NEXT_TO_TODAY = {-1: "yesterday", 1: "tomorrow"}


def local_date(moment: datetime, zone: str) -> date:
    """Return the date on the wall at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def earliest_today(now: datetime) -> date:
    """Return the date of now in the zone that is furthest behind: no place is before it."""
    return (now - FURTHEST_BEHIND).date()


def clock_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return "07:15" today, "07:15 yesterday", "07:15 on Friday", else "07:15 on 3 October"."""
    day = day_words(moment, now, zone)
    joint = "" if day in ("", *NEXT_TO_TODAY.values()) else "on"
    return " ".join(filter(None, [f"{moment.astimezone(ZoneInfo(zone)):%H:%M}", joint, day]))


def day_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return "" for today, else "yesterday", "tomorrow", "Friday" or "3 October"."""
    there = local_date(moment, zone)
    days = (there - local_date(now, zone)) // timedelta(days=1)
    if days == 0 or days in NEXT_TO_TODAY:
        return NEXT_TO_TODAY.get(days, "")
    return f"{there:%A}" if -7 < days < 7 else f"{there.day} {there:%B}"


def date_words(day: date, today: date) -> str:
    """Return "Friday 27 November", with the year when it is not this one."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%A} {day.day} {day:%B}{year}"


def span_words(first: date, last: date, today: date) -> str:
    """Return "23 November", "23–27 November" or "30 November – 4 December", the year if another."""
    year = f" {last.year}" if last.year != today.year else ""
    end = f"{last.day} {last:%B}{year}"
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    begins = f" {first.year}" if first.year != last.year else ""
    return f"{first.day} {first:%B}{begins} – {end}"
