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


SQLITE_GUARDS = (
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event "
    "BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END",
)
POSTGRESQL_GUARDS = (
    "CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the record cannot be changed'; END $$",
    "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
    "FOR EACH ROW EXECUTE FUNCTION refuse_record_change()",
    "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change()",
)
for dialect, statements in (("sqlite", SQLITE_GUARDS), ("postgresql", POSTGRESQL_GUARDS)):
    for statement in statements:
        guard = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)
        event.listen(Event.__table__, "after_create", guard)
