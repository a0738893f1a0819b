"""What devices asked for, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, one_of

COMMAND_STATUSES = ("applied", "held", "superseded", "rejected")


class Command(Base):
    """One command with its result: the same id with the same content gets the same answer.

    `turn_id` is the turn at a kiosk in which it was given.
    """

    __tablename__ = "command"
    __table_args__ = (
        one_of("status", COMMAND_STATUSES),
        Index("ix_command_org_status", "org_id", "status"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[str | None] = mapped_column(String(64))
    seq: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(32))
    content: Mapped[dict[str, Any]]
    content_sha256: Mapped[str] = mapped_column(String(64))
    status: Mapped[str]
    result: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    turn_id: Mapped[str | None] = mapped_column(String(64))
