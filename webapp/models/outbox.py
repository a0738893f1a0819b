"""Messages to people: written with the change they tell of, sent afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId, one_of

MESSAGE_KINDS = (
    "reminder",
    "handoff",
    "handed_back",
    "review",
    "sent_back",
    "not_needed",
    "test",
    "digest",
)
CHANNELS = ("push", "email", "extra")
OUTCOMES = ("accepted", "no_device", "not_needed", "expired", "refused")


class OutboxMessage(HasId, Base):
    """One message to one person. `next_attempt_at` null means that it is settled.

    `dedupe_key` is unique, so that no fact is told twice; the lease lets another worker take
    over what a dead one had in hand. A message of another `channel` stands behind the push of
    the same fact, which is `behind_id`. Messages that travel together are `sent_as` the one that
    leads them: its receipts are theirs too.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("kind", MESSAGE_KINDS),
        one_of("channel", CHANNELS),
        one_of("outcome", OUTCOMES),
        CheckConstraint(
            "(next_attempt_at IS NULL) = (outcome IS NOT NULL)", name="settled_has_outcome"
        ),
        Index(
            "ix_outbox_due",
            "next_attempt_at",
            sqlite_where=text("next_attempt_at IS NOT NULL"),
            postgresql_where=text("next_attempt_at IS NOT NULL"),
        ),
        Index(
            "ix_outbox_other_channels",
            "org_id",
            "person_id",
            "channel",
            "id",
            sqlite_where=text("channel <> 'push'"),
            postgresql_where=text("channel <> 'push'"),
        ),
        Index(
            "ix_outbox_sent_as",
            "sent_as",
            sqlite_where=text("sent_as IS NOT NULL"),
            postgresql_where=text("sent_as IS NOT NULL"),
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    dedupe_key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str]
    channel: Mapped[str] = mapped_column(default="push")
    behind_id: Mapped[str | None] = mapped_column(ForeignKey("outbox.id"), index=True)
    run_id: Mapped[str | None] = mapped_column(ForeignKey("run.id"))
    step_run_id: Mapped[str | None] = mapped_column(ForeignKey("step_run.id"), index=True)
    level: Mapped[int | None]
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str | None] = mapped_column(String(26))
    sent_as: Mapped[str | None] = mapped_column(String(26))
    settled_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    last_error: Mapped[str | None]


class Receipt(Base):
    """How far one message came on one device."""

    __tablename__ = "receipt"

    message_id: Mapped[str] = mapped_column(ForeignKey("outbox.id"), primary_key=True)
    device_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    accepted_at: Mapped[datetime | None]
    reached_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    acted_at: Mapped[datetime | None]
