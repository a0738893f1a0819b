"""Registered browsers and the push subscriptions that reach them."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId


class Device(Base):
    """A browser that has sent something; its id was made by the browser itself.

    `waiting` to `free_bytes` are what it last said of itself, at `reported_at`. `numbers` is the
    book of its sequence numbers (`rules.sequence`); `losses` is what it lost, told to the owner
    until somebody has seen it: [{count, after, before, seen_at}].

    `kind` is what its browser says that it is ("Android phone"), `name` what somebody calls it.
    `waiting_steps` are the step runs of what waits on it. `gone_at`: somebody said that it is
    gone for good, and why. A kiosk's device is nobody's in particular: its `person_id` is null.
    """

    __tablename__ = "device"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_seq: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]
    app_version: Mapped[str | None] = mapped_column(String(64))
    waiting: Mapped[int] = mapped_column(default=0)
    waiting_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    oldest_at: Mapped[datetime | None]
    persisted: Mapped[bool | None]
    free_bytes: Mapped[int | None] = mapped_column(BigInteger)
    reported_at: Mapped[datetime | None]
    numbers: Mapped[dict[str, Any] | None]
    losses: Mapped[list[Any]] = mapped_column(default=list)
    kind: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str | None] = mapped_column(String(60))
    waiting_steps: Mapped[list[Any]] = mapped_column(default=list)
    gone_at: Mapped[datetime | None]
    gone_why: Mapped[str | None]


class PushSubscription(HasId, Base):
    """Where one browser of one person takes web push. The endpoint is unique over all tenants."""

    __tablename__ = "push_subscription"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    device_id: Mapped[str] = mapped_column(String(64))
    endpoint: Mapped[str] = mapped_column(String(2048), unique=True)
    p256dh: Mapped[str] = mapped_column(String(128))
    auth: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
