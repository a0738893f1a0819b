"""A place with a time zone, opening hours and closures."""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, HasId


class Location(HasId, Base):
    """Where runs happen; `opens` and `closes` are local wall times.

    `open_days` are the weekdays on which something is due ("MO,TU,FR"; null is every day);
    `holiday_country` and `holiday_region` (ISO 3166) name the public holidays that are kept, save
    on the dates `open_all_the_same` ("2026-11-26,2026-12-24"; null is none).
    """

    __tablename__ = "location"
    __table_args__ = (
        UniqueConstraint("org_id", "name"),
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("length(open_days) > 0", name="open_some_day"),
        CheckConstraint("length(open_all_the_same) > 0", name="open_on_some_date"),
        CheckConstraint(
            "holiday_region IS NULL OR holiday_country IS NOT NULL", name="region_of_country"
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    time_zone: Mapped[str]
    opens: Mapped[time | None]
    closes: Mapped[time | None]
    open_days: Mapped[str | None]
    holiday_country: Mapped[str | None]
    holiday_region: Mapped[str | None]
    open_all_the_same: Mapped[str | None]
    created_at: Mapped[datetime]

    closures: Mapped[list["Closure"]] = relationship(
        cascade="all, delete-orphan", order_by="Closure.on"
    )

    @property
    def closed_dates(self) -> frozenset[date]:
        """Local dates on which nothing is due here."""
        return frozenset(closure.on for closure in self.closures)

    @property
    def open_dates(self) -> frozenset[date]:
        """Local dates that are open although they are public holidays or weekdays off."""
        written = (self.open_all_the_same or "").split(",")
        return frozenset(date.fromisoformat(day) for day in written if day)


class Closure(Base):
    """A local date on which a location is closed."""

    __tablename__ = "closure"

    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"), primary_key=True)
    on: Mapped[date] = mapped_column("on_date", primary_key=True)
