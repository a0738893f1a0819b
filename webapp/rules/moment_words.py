"""How a moment is spoken of at a location: its time, with the day when that is not today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def local_date(moment: datetime, zone: str) -> date:
    """Return the date on the wall at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def clock_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return "07:15" today, "07:15 yesterday", "07:15 on Friday", else "07:15 on 3 October"."""
    there = moment.astimezone(ZoneInfo(zone))
    days = (local_date(now, zone) - there.date()) // timedelta(days=1)
    return " ".join(filter(None, [f"{there:%H:%M}", _day_words(there, days)]))


def _day_words(there: datetime, days: int) -> str:
    if days == 0:
        return ""
    if days in (1, -1):
        return "yesterday" if days == 1 else "tomorrow"
    return f"on {there:%A}" if -7 < days < 7 else f"on {there.day} {there:%B}"
