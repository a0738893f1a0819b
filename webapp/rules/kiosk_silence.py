"""When a kiosk that says nothing is worth a look: it hangs on a wall, and is off at night."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

# Of opening hours; a kiosk says that it is there every few minutes.
WHILE_OPEN = timedelta(hours=1)
# Where nobody has said when the place is open.
WITHOUT_HOURS = timedelta(hours=26)


def is_dark(
    heard_at: datetime,
    now: datetime,
    zone: str,
    opens: time | None,
    closes: time | None,
    *,
    is_open_today: bool = True,
) -> bool:
    """Whether the kiosk has been silent for an hour of today's opening hours, or for over a day.

    `opens` and `closes` are local wall times; a place that closes after midnight, or has no hours,
    is judged by the day.
    """
    if opens is None or closes is None or closes <= opens:
        return now - heard_at >= WITHOUT_HOURS
    there = now.astimezone(ZoneInfo(zone))
    if not is_open_today or not opens <= there.time() < closes:
        return False
    opened_at = there.replace(
        hour=opens.hour, minute=opens.minute, second=opens.second, microsecond=0, fold=0
    )
    return now - max(heard_at, opened_at) >= WHILE_OPEN
