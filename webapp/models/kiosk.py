"""Shared tablets: how they are paired, whose turn it is, and how many PINs were wrong."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import FLAT, ID_LENGTH, Base, HasId, one_of
from webapp.models.location import Location
from webapp.models.person import Person

TURN_REFUSALS = ("pin_wrong", "pin_locked", "pin_missing", "not_here")


class Kiosk(HasId, Base):
    """A tablet paired to one location. Only the SHA-256 of its token is kept.

    `device_id` is the device that its browser is; how it fares is in that row. `wrong` counts the
    wrong PINs of the local `wrong_day`, since somebody unlocked it.
    """

    __tablename__ = "kiosk"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        Index("ix_kiosk_org_device", "org_id", "device_id"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"))
    name: Mapped[str] = mapped_column(String(60))
    device_id: Mapped[str] = mapped_column(String(64))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    paired_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    paired_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    wrong_day: Mapped[date | None]
    wrong: Mapped[int] = mapped_column(default=0)

    location: Mapped[Location] = relationship(lazy="joined", innerjoin=FLAT)
    revoked_by: Mapped[Person | None] = relationship(foreign_keys=[revoked_by_id])


class Pairing(HasId, Base):
    """A tablet that asks to be paired. Only the SHA-256 of its code and of its secret are kept."""

    __tablename__ = "pairing"
    __table_args__ = (
        CheckConstraint(
            "approved_at IS NULL OR (org_id IS NOT NULL AND location_id IS NOT NULL "
            "AND name IS NOT NULL AND approved_by_id IS NOT NULL)",
            name="approved_whole",
        ),
        CheckConstraint("used_at IS NULL OR approved_at IS NOT NULL", name="used_once_approved"),
    )

    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    poll_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device_id: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"))
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"))
    name: Mapped[str | None] = mapped_column(String(60))
    approved_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    approved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class Turn(Base):
    """One person at a kiosk; its id was made by the kiosk. Verified or refused once, for good.

    `started_at` and `last_at` (its last work) are by the kiosk's own clock. `sealed_sha256` is of
    the sealed PIN, which itself is never kept.
    """

    __tablename__ = "turn"
    __table_args__ = (
        one_of("refused_because", TURN_REFUSALS),
        CheckConstraint("verified_at IS NULL OR refused_at IS NULL", name="settled_once"),
        CheckConstraint(
            "(refused_at IS NULL) = (refused_because IS NULL)", name="refused_for_a_reason"
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kiosk_id: Mapped[str] = mapped_column(ForeignKey("kiosk.id"), index=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    started_at: Mapped[datetime]
    last_at: Mapped[datetime]
    received_at: Mapped[datetime]
    sealed_sha256: Mapped[str] = mapped_column(String(64))
    verified_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refused_because: Mapped[str | None] = mapped_column(String(16))

    kiosk: Mapped[Kiosk] = relationship(lazy="joined", innerjoin=FLAT)
    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)

    @property
    def is_settled(self) -> bool:
        """Whether it is known if the PIN was right."""
        return self.verified_at is not None or self.refused_at is not None


class PinTries(Base):
    """The wrong PINs of one person at one kiosk (`rules.lockout.Tries`)."""

    __tablename__ = "pin_tries"
    __table_args__ = (Index("ix_pin_tries_org_day", "org_id", "day"),)

    kiosk_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("kiosk.id"), primary_key=True
    )
    person_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("person.id"), primary_key=True, index=True
    )
    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    wrong: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    day: Mapped[date | None]
    wrong_today: Mapped[int] = mapped_column(default=0)


class CodeTries(Base):
    """The pairing codes that one person typed on a date (UTC) and that no tablet showed."""

    __tablename__ = "code_tries"

    person_id: Mapped[str] = mapped_column(
        String(ID_LENGTH), ForeignKey("person.id"), primary_key=True
    )
    day: Mapped[date]
    wrong: Mapped[int]
