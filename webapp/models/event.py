"""The record: an append-only, hash-chained log of each organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, CheckConstraint, ForeignKey, Index, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, JsonOrNull, partial_index


class Event(Base):
    """One fact of the record; triggers refuse any change or removal, save one.

    What it says can be erased for good: `payload` and `salt` become null together. The hash of
    both stays, so the chain still stands.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("(payload IS NULL) = (salt IS NULL)", name="erased_whole"),
        partial_index("ix_event_erased", "org_id", "seq", where="salt IS NULL"),
        Index("ix_event_actor_seq", "actor", "seq"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    payload: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    payload_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class RecordHead(Base):
    """The last event of an organisation; locked last, so that writers queue only here."""

    __tablename__ = "record_head"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class RecordSubtree(Base):
    """The Merkle hash of a whole block of 1,024 events, so that no proof needs to read them all.

    `position` counts the blocks from 0. Worked out from the events, and never changed: an event
    keeps its hash for good.
    """

    __tablename__ = "record_subtree"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str] = mapped_column(String(64))


class RecordStamp(Base):
    """What a time stamp authority answered for a published head, or how far the asking is.

    `answer` is the whole answer (RFC 3161, DER), `at` the time that it states, `authority` who
    signed it. Until it came, `trouble` is why the last try gave none.
    """

    __tablename__ = "record_stamp"
    __table_args__ = (
        CheckConstraint("(answer IS NULL) = (at IS NULL)", name="stamped_at_some_time"),
        CheckConstraint("(answer IS NULL) = (authority IS NULL)", name="stamped_by_somebody"),
        CheckConstraint("(answer IS NULL) = (next_try_at IS NOT NULL)", name="tried_until_stamped"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tries: Mapped[int]
    next_try_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(200))
    answer: Mapped[bytes | None] = mapped_column(LargeBinary)
    at: Mapped[datetime | None]
    authority: Mapped[str | None] = mapped_column(String(200))


_REFUSAL = "the record cannot be changed"
_KEPT = ("org_id", "seq", "at", "kind", "actor", "subject", "payload_hash", "prev_hash", "hash")
# The one change that is let through: payload and salt of one event go, all else stays as it was.
_ERASES = (
    "NEW.payload IS NULL AND NEW.salt IS NULL AND OLD.payload IS NOT NULL AND "
    + " AND ".join(f"NEW.{column} = OLD.{column}" for column in _KEPT)
)
# `INSERT OR REPLACE` removes a row without asking the trigger for removals.
_IS_THERE = "EXISTS (SELECT 1 FROM event WHERE org_id = NEW.org_id AND seq = NEW.seq)"
SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER event_no_{change} BEFORE {before} ON event{when} "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for change, before, when in (
        ("update", "UPDATE", f" WHEN NOT ({_ERASES})"),
        ("delete", "DELETE", ""),
        ("replace", "INSERT", f" WHEN {_IS_THERE}"),
    )
)
_REFUSE_FUNCTION = (
    "CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {_ERASES} THEN RETURN NEW; END IF; END IF; "
    f"RAISE EXCEPTION '{_REFUSAL}'; END $$"
)
_REFUSE_CHANGE = (
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION refuse_record_change()"
)
_REFUSE_TRUNCATE = (
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change()"
)
POSTGRESQL_GUARDS = (_REFUSE_FUNCTION, _REFUSE_CHANGE, _REFUSE_TRUNCATE)
for dialect, statements in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for statement in statements:
        guard = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
        event.listen(Event.__table__, "after_create", guard)
