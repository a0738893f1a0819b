"""The events of the record that tell of a person: found, and erased."""

import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

from sqlalchemy import ColumnElement, String, cast, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Event
from webapp.rules import erasure as rules
from webapp.rules.erasure import Trace

AT_ONCE = 500
Item = TypeVar("Item")


def telling_of(session: Session, org_id: str, trace: Trace, about: Iterable[str] = ()) -> set[int]:
    """Return the numbers of the events whose words tell of the person.

    The database looks for id and names in all of them, and rules/erasure.py judges what it finds;
    the events of the step runs `about` are judged without being looked through.
    """
    text = cast(Event.payload, String)
    in_words = [text.contains(each, autoescape=True) for each in (trace.person, *as_written(trace))]
    suspected = or_(Event.actor == trace.person, Event.subject == trace.person, *in_words)
    found = set(_judged(session, org_id, trace, suspected))
    for chunk in in_chunks(sorted(about)):
        found |= set(_judged(session, org_id, trace, Event.subject.in_(chunk)))
    return found


def erase(session: Session, org_id: str, seqs: set[int]) -> None:
    """Take payload and salt of these events away for good; their hashes stay."""
    for chunk in in_chunks(sorted(seqs)):
        session.execute(
            update(Event)
            .where(Event.org_id == org_id, Event.seq.in_(chunk), Event.salt.is_not(None))
            .values(payload=None, salt=None)
            .execution_options(synchronize_session=False)
        )


def _judged(
    session: Session, org_id: str, trace: Trace, suspected: ColumnElement[bool]
) -> Iterator[int]:
    query = select(Event.seq, Event.kind, Event.actor, Event.subject, Event.payload).where(
        Event.org_id == org_id, Event.salt.is_not(None), suspected
    )
    for seq, kind, actor, subject, payload in session.execute(
        query.execution_options(yield_per=AT_ONCE)
    ):
        if rules.tells_of(trace, kind, actor, subject, payload):
            yield seq


def as_written(trace: Trace) -> list[str]:
    """Return names as JSON writes them: letters beyond ASCII are escaped there."""
    return sorted(json.dumps(name)[1:-1] for name in trace.names)


def in_chunks(items: list[Item]) -> Iterator[list[Item]]:
    """Yield the items in lists that fit into one query."""
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]
