"""The outbox's rows from due to settled: lease, keep, settle; many rows with each statement.

A lease is `next_attempt_at` moved a little into the future together with the leaser's token. The
living worker moves it on and on; when it dies, the row comes due again by itself. Whoever settles
names the token: what was taken over meanwhile is not theirs any more.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast

import structlog
from sqlalchemy import Connection, Table, Text, func, or_, select, true, update
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from webapp.models import OutboxMessage, Receipt, new_id

log = structlog.get_logger()
LEASE = timedelta(seconds=3)
FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=5)

_OUTBOX = cast(Table, OutboxMessage.__table__)
_RECEIPT = cast(Table, Receipt.__table__)
_ROW = _OUTBOX.c
_UPSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Row(NamedTuple):
    """One message in hand, detached from the database."""

    id: str
    org_id: str
    person_id: str
    kind: str
    run_id: str | None
    step_run_id: str | None
    level: int | None
    facts: dict[str, Any]
    expires_at: datetime
    behind_id: str | None
    attempts: int
    lease: str
    sent_as: str | None = None

    @property
    def tried_as(self) -> str | None:
        """The message that it may have gone out as before; None on its first try."""
        return (self.sent_as or self.id) if self.attempts > 1 else None


# Facts come as text: a row whose facts were damaged keeps no other from being read.
_COLUMNS = [sql_cast(_ROW[name], Text) if name == "facts" else _ROW[name] for name in Row._fields]


def is_due(connection: Connection, now: datetime, channel: str) -> bool:
    """Whether a message of the channel waits to be taken in hand."""
    due = select(_ROW.id).where(_ROW.next_attempt_at <= now, _ROW.channel == channel)
    return connection.scalar(due.limit(1)) is not None


def lease(
    session: Session, now: datetime, most: int, channel: str, ours: Collection[str] = ()
) -> list[Row]:
    """Take up to `most` due rows in hand, oldest first, under one new lease.

    `ours` are the tokens of what this worker has in hand already: a clock that jumps ahead must
    not make it send the same twice.
    """
    free = or_(_ROW.lease.is_(None), _ROW.lease.not_in(ours)) if ours else true()
    due = (
        select(_ROW.id)
        .where(_ROW.next_attempt_at <= now, _ROW.channel == channel, free)
        .order_by(_ROW.next_attempt_at)
        .limit(most)
        .with_for_update(skip_locked=True, key_share=True)
    )
    if not (ids := session.scalars(due).all()):
        return []
    found = session.execute(
        update(_OUTBOX)
        .where(_ROW.id.in_(ids))
        .values(lease=new_id(), next_attempt_at=now + LEASE, attempts=_ROW.attempts + 1)
        .returning(*_COLUMNS)
    )
    return sorted(map(_read, found), key=lambda row: row.id)


def _read(found: Sequence[Any]) -> Row:
    """A row that was damaged says nothing, and so cannot be put into words later."""
    row = Row._make(found)
    try:
        return row._replace(facts=json.loads(cast(str, row.facts)))
    except ValueError:
        log.exception("the facts of a message cannot be read", id=row.id)
        return row._replace(facts={})


def renew(connection: Connection, leases: Collection[str], now: datetime) -> None:
    """Keep in hand what is leased under these tokens and not settled yet."""
    connection.execute(
        update(_OUTBOX)
        .where(_ROW.lease.in_(leases), _ROW.next_attempt_at.is_not(None))
        .values(next_attempt_at=now + LEASE)
    )


@dataclass(frozen=True, slots=True)
class Target:
    """Where one message goes: a device, with its subscription; for other channels an address."""

    address: str
    device_id: str | None = None
    subscription_id: str | None = None
    p256dh: str = ""
    auth: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of one row: settled with `outcome`, or due again at `next_attempt_at`.

    `accepted_by` are the devices whose push service took it. `untried` when nothing was tried,
    so that the try does not count.
    """

    row: Row
    outcome: str | None
    next_attempt_at: datetime | None = None
    error: str | None = None
    accepted_by: tuple[str, ...] = ()
    untried: bool = False


def settled(
    row: Row, outcome: str, error: str | None = None, accepted_by: tuple[str, ...] = ()
) -> Verdict:
    """The end of the row."""
    return Verdict(row, outcome, error=error, accepted_by=accepted_by)


def retried(
    row: Row, now: datetime, after: int | None, error: str, accepted_by: tuple[str, ...] = ()
) -> Verdict:
    """Try again later: when the push service says, else twice as late each time."""
    waited = min(FIRST_RETRY * 2 ** min(row.attempts - 1, 10), LONGEST_RETRY)
    at = now + (timedelta(seconds=after) if after else waited)
    return Verdict(row, None, at, error, accepted_by)


def put_off(
    row: Row, until: datetime, error: str | None = None, accepted_by: tuple[str, ...] = ()
) -> Verdict:
    """Let the row wait; untried, unless some of its devices have it."""
    return Verdict(row, None, until, error, accepted_by, untried=not accepted_by)


def write(session: Session, verdicts: Collection[Verdict], now: datetime) -> None:
    """Write what became of rows, all in the caller's transaction, unless somebody took them over.

    Receipts of devices that have answered already keep what they know.
    """
    ours = _still_ours(session, [verdict.row for verdict in verdicts])
    verdicts = [verdict for verdict in verdicts if verdict.row.id in ours]
    alike: defaultdict[tuple[Any, ...], list[str]] = defaultdict(list)
    for each in verdicts:
        key = (each.outcome, each.next_attempt_at, each.error, each.untried)
        alike[key].append(each.row.id)
    for key, ids in alike.items():
        session.execute(update(_OUTBOX).where(_ROW.id.in_(ids)).values(_values(*key, now)))
    _note_accepted(session, verdicts, now)


def _still_ours(session: Session, rows: list[Row]) -> set[str]:
    query = (
        select(_ROW.id)
        .where(_ROW.id.in_([row.id for row in rows]), _ROW.lease.in_({row.lease for row in rows}))
        .order_by(_ROW.id)
        .with_for_update(key_share=True)
    )
    return set(session.scalars(query))


def _values(
    outcome: str | None,
    next_attempt_at: datetime | None,
    error: str | None,
    untried: bool,
    now: datetime,
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "outcome": outcome,
        "next_attempt_at": next_attempt_at,
        "settled_at": None if outcome is None else now,
        "last_error": error,
        "lease": None,
    }
    return values | {"attempts": _ROW.attempts - 1} if untried else values


def _note_accepted(session: Session, verdicts: Iterable[Verdict], now: datetime) -> None:
    """Note which push services took which message for which device."""
    rows = [
        {"message_id": verdict.row.id, "device_id": device, "accepted_at": now}
        for verdict in verdicts
        for device in verdict.accepted_by
    ]
    if not rows:
        return
    statement = _UPSERT[session.get_bind().dialect.name](_RECEIPT)
    known = func.coalesce(_RECEIPT.c.accepted_at, statement.excluded.accepted_at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["message_id", "device_id"], set_={"accepted_at": known}
        ),
        rows,
    )


def lead_of(rows: Sequence[Row]) -> str:
    """The id that rows go out under together: that of their first try, or of the first row."""
    return rows[0].tried_as or rows[0].id


def bundle(session: Session, bundles: Iterable[Sequence[Row]]) -> None:
    """Note which message the rows of each bundle travel as; what goes by itself, as none."""
    led: defaultdict[str | None, list[str]] = defaultdict(list)
    for rows in bundles:
        lead = lead_of(rows)
        for row in rows:
            due = None if row.id == lead else lead
            if row.sent_as != due:
                led[due].append(row.id)
    for sent_as, ids in led.items():
        session.execute(update(_OUTBOX).where(_ROW.id.in_(ids)).values(sent_as=sent_as))


def over_several_runs(session: Session, rows: Iterable[Row]) -> set[str]:
    """Of what these rows went out as before, the ids of what was about several runs."""
    tried = {row.tried_as for row in rows if row.tried_as}
    if not tried:
        return set()
    lead = func.coalesce(_ROW.sent_as, _ROW.id)
    query = select(lead).where(or_(_ROW.id.in_(tried), _ROW.sent_as.in_(tried))).group_by(lead)
    return set(session.scalars(query.having(func.count(_ROW.run_id.distinct()) > 1)))
