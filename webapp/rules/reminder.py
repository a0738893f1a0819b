"""When the holders of a run's steps are reminded, once, before it is due."""

from datetime import datetime, timedelta

from webapp.rules.deadline import wait_words
from webapp.rules.sentences import say

# Who has less than this from opening to deadline has only just seen the work.
SHORTEST_WINDOW = timedelta(minutes=15)
SHORTEST_LEAD = timedelta(minutes=5)
LONGEST_LEAD = timedelta(hours=24)
NEVER = 0
_MINUTE = timedelta(minutes=1)


def remind_at(
    opens_at: datetime, deadline_at: datetime, set_minutes: int | None
) -> datetime | None:
    """When to remind whoever still has something to do; None for never. Times are aware UTC.

    `set_minutes` before the deadline is what the process says, 0 is never, None is by rule: when
    a quarter of the window is left, at least 5 minutes and at most 24 hours, in whole minutes. By
    rule a window of under 15 minutes has none; nobody is reminded of what has only just opened.
    """
    lead = _by_rule(deadline_at - opens_at) if set_minutes is None else set_minutes * _MINUTE
    at = deadline_at - lead
    return at if lead and at > opens_at else None


def _by_rule(window: timedelta) -> timedelta:
    if window < SHORTEST_WINDOW:
        return timedelta(0)
    lead = max(SHORTEST_LEAD, min(window / 4, LONGEST_LEAD))
    return lead - lead % _MINUTE


def in_words(window: timedelta | None, set_minutes: int | None) -> str:
    """When a process with this window from opening to deadline reminds: "11 minutes before".

    What the rule decides says so; without a window it can only say how.
    """
    if set_minutes is not None:
        return _lead_words(set_minutes * _MINUTE, window)
    if window is None:
        return say("by rule: when a quarter of the time is left")
    return say("by rule: %(words)s", words=_lead_words(_by_rule(window), window))


def _lead_words(lead: timedelta, window: timedelta | None) -> str:
    if not lead:
        return say("never")
    if window is not None and lead >= window:
        return say("never, it opens later than that")
    return say("%(wait)s before", wait=wait_words(int(lead / _MINUTE)))
