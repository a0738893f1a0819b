"""Writing the record: every change notes its events, and the commit chains them.

Noted events wait in the session until it commits; only then is the head of the organisation
locked, last of all, so that two writers queue for no longer than the chaining itself takes. On
PostgreSQL the next one goes on while the disk still writes, and the commit returns once it has.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, Text, bindparam, event, func, insert, select, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session, SessionTransaction, scoped_session

from webapp.models import Event, Organisation, RecordHead
from webapp.rules import record as rules
from webapp.rules.record_quick import Row, verify_rows

SYSTEM = "baton"
# Rows in memory at a time while a record is read from end to end.
AT_ONCE = 2000

# The tables, as the object mapper takes as long for each statement as the database does.
_EVENT, _HEAD = cast(Table, Event.__table__), cast(Table, RecordHead.__table__)
_HEAD_OF = select(_HEAD.c.seq, _HEAD.c.hash).where(_HEAD.c.org_id == bindparam("of"))
_MOVED = (
    update(_HEAD)
    .where(_HEAD.c.org_id == bindparam("of"))
    .values(seq=bindparam("to"), hash=bindparam("by"))
)


def note(
    session: Session,
    org_id: str,
    at: datetime,
    kind: str,
    actor: str,
    subject: str,
    payload: dict[str, Any],
) -> None:
    """Note an event of the organisation; `actor` is a person's id or `SYSTEM`."""
    waiting = session.info.setdefault("noted_events", [])
    waiting.append((org_id, at, kind, actor, subject, payload))


def keep(session: "scoped_session[Any]") -> None:
    """Make every commit of `session` write its noted events, and every rollback forget them."""
    if not event.contains(session, "before_commit", _chain_noted):
        event.listen(session, "before_commit", _chain_noted)
        event.listen(session, "after_commit", _let_go)
        event.listen(session, "after_transaction_end", _wait_for_the_disk)
        event.listen(session, "after_rollback", _forget_noted)


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """Do what fails alone: a savepoint, with which the events noted within are forgotten too."""
    waiting = session.info.setdefault("noted_events", [])
    before = len(waiting)
    try:
        with session.begin_nested():
            yield
    except BaseException:
        del waiting[before:]
        raise


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Do what is only to be looked at: afterwards all is as it was, the noted events too."""
    waiting = session.info.setdefault("noted_events", [])
    before = len(waiting)
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        if savepoint.is_active:  # what failed within has ended it already
            savepoint.rollback()
        del waiting[before:]


def _chain_noted(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is no end: the head is locked last of all
    chain(session)


def chain(session: Session) -> None:
    """Chain what was noted so far, not only at the commit; the head stays locked until then."""
    noted = session.info.pop("noted_events", [])
    if not noted:
        return
    session.flush()
    for org_id in sorted({entry[0] for entry in noted}):
        _append(session, org_id, [entry[1:] for entry in noted if entry[0] == org_id])


def _append(session: Session, org_id: str, entries: list[tuple[Any, ...]]) -> None:
    seq, last = _locked_head(session, org_id)
    rows = []
    for at, kind, actor, subject, payload in entries:
        salt = secrets.token_bytes(rules.SALT_BYTES)
        made = rules.make_event(org_id, seq + 1, at, kind, actor, subject, payload, salt, last)
        seq, last = made.seq, made.hash
        rows.append(_as_row(made))
    session.execute(insert(_EVENT), rows if len(rows) > 1 else rows[0])  # one alone is sooner so
    session.execute(_MOVED, {"of": org_id, "to": seq, "by": last})


def _locked_head(session: Session, org_id: str) -> tuple[int, str]:
    query = _HEAD_OF.with_for_update()
    if session.get_bind().dialect.name == "postgresql":
        query = _let_go_early(session, query)
    row = session.execute(query, {"of": org_id}).one_or_none()
    if row is None:
        session.execute(insert(_HEAD).values(org_id=org_id, seq=0, hash=rules.GENESIS))
        return 0, rules.GENESIS
    return row[0], row[1]


def lock_head(session: Session, org_id: str) -> int:
    """Lock the record of the organisation until the commit; return its last sequence number."""
    return _locked_head(session, org_id)[0]


def on_disk_first(session: Session) -> None:
    """Let nobody see this commit before it is on the disk, though writers wait for it.

    For what somebody is told to be kept who only reads it.
    """
    session.info["on_disk_first"] = True


def _let_go_early(session: Session, query: Select[Any]) -> Select[Any]:
    """Let the commit give the head free before it is on the disk; see `_wait_for_the_disk`."""
    if session.info.get("on_disk_first"):
        return query
    session.info["let_go"] = True
    return query.add_columns(func.set_config("synchronous_commit", "off", True))


def _let_go(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info["not_on_disk"] = session.info.get("let_go", False)
    _forget_how(session)


def _wait_for_the_disk(session: Session, transaction: SessionTransaction) -> None:
    """Return from a commit only when it is kept: as the log is one, all before lies on the disk.

    A message in the log is the least that a transaction can write, so that it waits.
    """
    if transaction.parent is not None or not session.info.pop("not_on_disk", False):
        return
    with session.get_bind().engine.connect() as connection:
        at_once = connection.execution_options(isolation_level="AUTOCOMMIT")
        at_once.exec_driver_sql("SELECT pg_logical_emit_message(true, 'baton', '')")


def _forget_noted(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.info.pop("noted_events", None)
    _forget_how(session)


def _forget_how(session: Session) -> None:
    session.info.pop("let_go", None)
    session.info.pop("on_disk_first", None)


def verify(
    session: Session,
    org_id: str,
    *,
    after: tuple[int, str] = (0, rules.GENESIS),
    most: int | None = None,
) -> rules.Verified | rules.Broken:
    """Check the organisation's record against its head, from the event after `after` on.

    `after` is (seq, hash) of an event that was checked before. With `most` only so many events
    are checked, and not against the head.
    """
    # What is committed meanwhile comes after `end`; up to there nothing changes any more.
    end, known = _end_and_head(session, org_id)
    against = known if most is None else None
    stored = _EVENT.c
    query = _ROWS.where(stored.org_id == org_id, stored.seq > after[0], stored.seq <= end)
    query = query.order_by(stored.seq).limit(most)
    with session.execute(query, execution_options={"yield_per": AT_ONCE}) as rows:
        return verify_rows(cast(Iterable[Row], rows), against, after)


def _end_and_head(session: Session, org_id: str) -> tuple[int, tuple[int, str]]:
    """The last event there is, and the one that the head names: of one moment."""
    end = select(func.max(Event.seq)).where(Event.org_id == org_id).scalar_subquery()
    seq, digest = (
        select(each).where(RecordHead.org_id == org_id).scalar_subquery()
        for each in (RecordHead.seq, RecordHead.hash)
    )
    found = session.execute(select(end, seq, digest)).one()
    return found[0] or 0, (found[1] or 0, found[2] or rules.GENESIS)


def head(session: Session, org_id: str) -> tuple[int, str]:
    """Return the sequence number and hash of the organisation's last event."""
    row = session.execute(_HEAD_OF, {"of": org_id}).one_or_none()
    return (row[0], row[1]) if row else (0, rules.GENESIS)


def events(session: Session, org_id: str, after: int, limit: int) -> list[Event]:
    """Return up to `limit` events after that sequence number, oldest first."""
    query = select(Event).where(Event.org_id == org_id, Event.seq > after)
    return list(session.scalars(query.order_by(Event.seq).limit(limit)))


def _as_row(made: rules.Event) -> dict[str, Any]:
    return {"org_id": made.org} | {name: getattr(made, name) for name in _SHARED}


_SHARED = (
    "seq",
    "at",
    "kind",
    "actor",
    "subject",
    "payload",
    "salt",
    "payload_hash",
    "prev_hash",
    "hash",
)
# As `rules.record_quick.Row` has them; the payload as the text it is, since reading it takes long.
# Of the table, as each row takes twice as long through the object mapper.
_ROWS = select(
    *(_EVENT.c[name] for name in ("org_id", "seq", "at", "kind", "actor", "subject")),
    sql_cast(_EVENT.c.payload, Text),
    *(_EVENT.c[name] for name in ("salt", "payload_hash", "prev_hash", "hash")),
)


def organisations(session: Session) -> list[Organisation]:
    """Return every organisation, oldest first."""
    return list(session.scalars(select(Organisation).order_by(Organisation.created_at)))
