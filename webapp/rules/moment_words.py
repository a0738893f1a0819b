"""How a moment is spoken of at a location: its time, with the day when that is not today."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from webapp.rules.sentences import N_, say

FURTHEST_BEHIND = timedelta(hours=12)  # Baker Island
NEXT_TO_TODAY = {-1: N_("yesterday"), 1: N_("tomorrow")}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
# Translators: the months as they stand in a date: “3 October”.
MONTHS = (
    N_("January"),
    N_("February"),
    N_("March"),
    N_("April"),
    N_("May"),
    N_("June"),
    N_("July"),
    N_("August"),
    N_("September"),
    N_("October"),
    N_("November"),
    N_("December"),
)


def local_date(moment: datetime, zone: str) -> date:
    """Return the date on the wall at that moment."""
    return moment.astimezone(ZoneInfo(zone)).date()


def earliest_today(now: datetime) -> date:
    """Return the date of now in the zone that is furthest behind: no place is before it."""
    return (now - FURTHEST_BEHIND).date()


def clock_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return "07:15" today, "07:15 yesterday", "07:15 on Friday", else "07:15 on 3 October"."""
    there, days = moment.astimezone(ZoneInfo(zone)), _days_ahead(moment, now, zone)
    time = f"{there:%H:%M}"
    if days == 0:
        return time
    if days in NEXT_TO_TODAY:
        # Translators: “07:15 yesterday”, “07:15 tomorrow”.
        return say("%(time)s %(day)s", time=time, day=say(NEXT_TO_TODAY[days]))
    # Translators: “07:15 on Friday”, “07:15 on 3 October”.
    return say("%(time)s on %(day)s", time=time, day=day_words(moment, now, zone))


def day_words(moment: datetime, now: datetime, zone: str) -> str:
    """Return "" for today, else "yesterday", "tomorrow", "Friday" or "3 October"."""
    there, days = local_date(moment, zone), _days_ahead(moment, now, zone)
    if days == 0:
        return ""
    if days in NEXT_TO_TODAY:
        return say(NEXT_TO_TODAY[days])
    return weekday(there) if -7 < days < 7 else day_and_month(there)


def date_words(day: date, today: date) -> str:
    """Return "Friday 27 November", with the year when it is not this one."""
    # Translators: “Friday 27 November”; the date comes with its year when it is not this one.
    return say("%(weekday)s %(date)s", weekday=weekday(day), date=_with_year(day, today.year))


def span_words(first: date, last: date, today: date) -> str:
    """Return "23 November", "23–27 November" or "30 November – 4 December", the year if another."""
    end = _with_year(last, today.year)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        # Translators: “23–27 November”: a first day, then the last day's date.
        return say("%(first)s–%(last)s", first=first.day, last=end)
    # Translators: “30 November – 4 December”.
    return say("%(first)s – %(last)s", first=_with_year(first, last.year), last=end)


def weekday(day: date) -> str:
    """Return "Friday"."""
    return say(WEEKDAYS[day.weekday()])


def day_and_month(day: date) -> str:
    """Return "3 October"."""
    # Translators: “3 October”: a day of the month and the month.
    return say("%(day)s %(month)s", day=day.day, month=say(MONTHS[day.month - 1]))


def _with_year(day: date, said: int) -> str:
    return day_and_month(day) if day.year == said else whole_date(day)


def whole_date(day: date) -> str:
    """Return "3 October 2027"."""
    # Translators: “3 October 2027”: a date and its year.
    return say("%(date)s %(year)s", date=day_and_month(day), year=day.year)


def _days_ahead(moment: datetime, now: datetime, zone: str) -> int:
    return (local_date(moment, zone) - local_date(now, zone)) // timedelta(days=1)
