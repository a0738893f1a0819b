"""Whether a person is there for a step: who left never is, who is away is not on those days."""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

# The first and the last local date of an absence, both included.
Span = tuple[date, date]


def judged_on(deadline_at: datetime, zone: ZoneInfo, now: datetime) -> date:
    """The local date on which the people of a step have to be there.

    Before its deadline a step is judged by the local date of its deadline, so that work goes to
    the person who is there when it counts; after that by the local date of now.
    """
    return max(now, deadline_at).astimezone(zone).date()


def is_away(absences: Iterable[Span], day: date) -> bool:
    """Whether one of these absences covers the local date."""
    return any(first <= day <= last for first, last in absences)


def reason_against(has_left: bool, absences: Iterable[Span], day: date) -> str | None:
    """Why a person cannot take work on that local date ("deactivated", "absent"), or None."""
    if has_left:
        return "deactivated"
    return "absent" if is_away(absences, day) else None
