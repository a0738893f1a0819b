"""What the tests of closed days share: the states of runs, the kinds of events."""

from datetime import date, timedelta

from sqlalchemy import select

from tests.factories import proof
from webapp.models import Event, Run

NOTE = {"kind": "note", "text": "Closed."}
GATE = (("Gate latch", proof("note")),)
TWO = (("Gate latch", proof("note")), ("Door", proof("note")))
TODAY, DAY = date(2026, 11, 23), timedelta(days=1)


def states(session) -> list[tuple[str, str]]:
    query = select(Run).order_by(Run.deadline_at)
    return [(run.occurrence[:10], run.state) for run in session.scalars(query).unique()]


def kinds(session) -> list[str]:
    return list(session.scalars(select(Event.kind).order_by(Event.seq)))
