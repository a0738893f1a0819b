"""Where a step run stands, in the words of the design: one name for each shape that pages draw.

The browser decides the same in static/js/state.js; a test holds the two to the same answers.
"""

from datetime import datetime, timedelta

SHORTEST = timedelta(minutes=30)
LONGEST = timedelta(days=1)
SHARE = 10
MARKS = {
    "open": "",
    "waiting": "wait",
    "claimed": "claimed",
    "in_review": "review",
    "done": "done",
    "skipped": "skipped",
    "void": "skipped",
}


def soon_from(opens_at: datetime, deadline_at: datetime) -> datetime:
    """Return when a step begins to be due soon.

    A tenth of the time that it is open before its deadline, and at least half an hour, at most a
    day: an opening check is due soon for minutes, a month-end close for hours.
    """
    tenth = (deadline_at - opens_at) / SHARE
    return deadline_at - min(max(tenth, SHORTEST), LONGEST)


def mark(
    state: str,
    *,
    opens_at: datetime,
    deadline_at: datetime,
    moved: bool,
    sent_back: bool,
    now: datetime,
) -> str:
    """Return the class of the mark: "" (open), wait, soon, late, moved, back, claimed, review,
    done or skipped.

    `moved` says that it was missed or has left whoever had it first; until then a step past its
    deadline is late.
    """
    if state != "open":
        return MARKS[state]
    if sent_back:
        return "back"
    if moved:
        return "moved"
    if now > deadline_at:
        return "late"
    return "soon" if now >= soon_from(opens_at, deadline_at) else ""
