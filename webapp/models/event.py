"""The record: an append-only, hash-chained log of each organisation."""

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, ForeignKey, LargeBinary, String, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Event(Base):
    """One fact of the record; triggers refuse any change or removal."""

    __tablename__ = "event"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(64))
    actor: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(64), index=True)
    payload: Mapped[dict[str, Any]]
    salt: Mapped[bytes] = mapped_column(LargeBinary(16))
    payload_hash: Mapped[str] = mapped_column(String(64))
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class RecordHead(Base):
    """The last event of an organisation; locked last, so that writers queue only here."""

    __tablename__ = "record_head"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


_REFUSAL = "the record cannot be changed"
SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER event_no_{change} BEFORE {change.upper()} ON event "
    f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for change in ("update", "delete")
)
_REFUSE_FUNCTION = (
    "CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}'; END $$"
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
