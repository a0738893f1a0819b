"""A place with a time zone, opening hours and closures."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, HasId


class Location(HasId, Base):
    """Where runs happen; `opens` and `closes` are local wall times."""

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("org_id", "name"),
        CheckConstraint("length(name) > 0", name="named"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    time_zone: Mapped[str]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    created_at: Mapped[datetime]

    closures: Mapped[list["Closure"]] = relationship(
        cascade="all, delete-orphan", order_by="Closure.on", lazy="selectin"
    )

    @property
    def closed_dates(self) -> frozenset[date]:
        """Local dates on which nothing is due here."""
        return frozenset(closure.on for closure in self.closures)


class Closure(Base):
    """A local date on which a location is closed."""

    __tablename__ = "closure"

    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"), primary_key=True)
    on: Mapped[date] = mapped_column("on_date", primary_key=True)
