"""Registered browsers and the push subscriptions that reach them."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId


class Device(Base):
    """A browser that has sent something; its id was made by the browser itself."""

    __tablename__ = "device"

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    last_seq: Mapped[int] = mapped_column(default=0)
    revoked_at: Mapped[datetime | None]


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
