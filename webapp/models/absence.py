"""When a person cannot take work."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import FLAT, Base, HasId
from webapp.models.person import Person


class Absence(HasId, Base):
    """A person is away from `first_day` to `last_day`, both included, unless it ended before.

    The days are local dates: each location judges them by its own time zone.
    """

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="ends_after_it_begins"),
        Index("ix_absence_person_last_day", "person_id", "last_day"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    created_by_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="joined", innerjoin=FLAT)
    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id], lazy="joined")
