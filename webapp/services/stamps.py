"""Time stamps of published heads by an authority outside (RFC 3161): whom to ask for, and kept.

Only the newest head of each organisation is stamped: it binds every head before it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, CursorResult, Select, and_, func, or_, select, update
from sqlalchemy.orm import Session

from webapp.models import Event, Organisation, RecordStamp
from webapp.services.record_heads import PUBLISHED

FIRST_AGAIN = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_WORDS = 200


class Unstamped(NamedTuple):
    """A head to be stamped, and how often that was tried."""

    org_id: str
    seq: int
    hash: str
    tries: int


class Stamped(NamedTuple):
    """A head that an authority has stamped: its answer, the time in it, and who signed."""

    seq: int
    hash: str
    answer: bytes
    at: datetime
    authority: str


def text(seq: int, own: str) -> str:
    """Return what is stamped of a head: its number, a colon and its hash, and nothing else."""
    return f"{seq}:{own}"


def due(session: Session, now: datetime) -> list[Unstamped]:
    """Return the newest heads for which an authority is to be asked now."""
    untried = RecordStamp.seq.is_(None)
    again = and_(RecordStamp.answer.is_(None), RecordStamp.next_try_at <= now)
    found = session.execute(_newest().where(or_(untried, again)).order_by(Event.org_id))
    return [Unstamped(*row) for row in found]


def claim(session: Session, each: Unstamped, now: datetime) -> bool:
    """Note that it is being tried, and when again if nothing comes of it; False if another does.

    Two that begin at once break a key on their first try: the second has nothing to do.
    """
    again = now + min(LONGEST_WAIT, FIRST_AGAIN * 2 ** min(each.tries, 10))
    values = {"tries": each.tries + 1, "next_try_at": again}
    if each.tries == 0:
        session.add(RecordStamp(org_id=each.org_id, seq=each.seq, **values))
        session.flush()
        return True
    return _changed(session, each, RecordStamp.tries == each.tries, **values)


def keep(session: Session, each: Unstamped, answer: bytes, at: datetime, authority: str) -> bool:
    """Keep what the authority answered; False when there is an answer already."""
    return _changed(
        session,
        each,
        answer=answer,
        at=at,
        authority=authority[:LONGEST_WORDS],
        next_try_at=None,
        trouble=None,
    )


def failed(session: Session, each: Unstamped, why: str) -> None:
    """Note why a try gave no stamp."""
    _changed(session, each, trouble=why[:LONGEST_WORDS])


def all_of(session: Session, org_id: str, until: int) -> list[Stamped]:
    """Return the stamped heads up to that sequence number, oldest first."""
    query = _stamped(org_id).where(Event.seq <= until).order_by(Event.seq)
    return [_as_stamped(*row) for row in session.execute(query)]


def latest(session: Session, org_id: str) -> Stamped | None:
    """Return the newest stamped head; None before the first."""
    query = _stamped(org_id).order_by(Event.seq.desc()).limit(1)
    found = session.execute(query).first()
    return _as_stamped(*found) if found else None


def troubles(session: Session) -> Sequence[RecordStamp]:
    """Return the newest heads that were tried and have no stamp yet, each with its trouble."""
    query = _newest().where(RecordStamp.answer.is_(None), RecordStamp.trouble.is_not(None))
    return session.scalars(query.with_only_columns(RecordStamp)).all()


def _newest() -> Select[str, int, str, int]:
    """The newest head of each organisation, with the row of its stamp if there is one.

    Heads are found by their subject, which is the organisation: there are few such events.
    """
    newest = (
        select(Event.org_id, func.max(Event.seq).label("seq"))
        .join(Organisation, Organisation.id == Event.subject)
        .where(Event.org_id == Organisation.id, Event.kind == PUBLISHED)
        .group_by(Event.org_id)
        .subquery()
    )
    tries = func.coalesce(RecordStamp.tries, 0)
    return (
        select(Event.org_id, Event.seq, Event.hash, tries)
        .join(newest, and_(newest.c.org_id == Event.org_id, newest.c.seq == Event.seq))
        .outerjoin(RecordStamp, _is_of_event())
    )


def _stamped(org_id: str) -> Select[str, RecordStamp]:
    return (
        select(Event.hash, RecordStamp)
        .join(RecordStamp, _is_of_event())
        .where(Event.org_id == org_id, RecordStamp.answer.is_not(None))
    )


def _as_stamped(own: str, row: RecordStamp) -> Stamped:
    assert row.answer is not None
    assert row.at is not None
    assert row.authority is not None
    return Stamped(row.seq, own, row.answer, row.at, row.authority)


def _is_of_event() -> ColumnElement[bool]:
    return and_(RecordStamp.org_id == Event.org_id, RecordStamp.seq == Event.seq)


def _changed(
    session: Session, each: Unstamped, *also: ColumnElement[bool], **values: object
) -> bool:
    """Change the row of a head that has no stamp yet; whether there was one to change."""
    which = (RecordStamp.org_id == each.org_id, RecordStamp.seq == each.seq)
    statement = update(RecordStamp).where(*which, RecordStamp.answer.is_(None), *also)
    done = session.execute(statement.values(**values))
    return isinstance(done, CursorResult) and done.rowcount == 1
