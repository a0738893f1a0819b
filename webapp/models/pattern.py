"""What keeps going wrong, as the look of each night found it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Base, HasId, one_of, partial_index
from webapp.models.location import Location
from webapp.models.person import Person
from webapp.models.process import Process
from webapp.rules.patterns import KINDS


class Pattern(HasId, Base):
    """One pattern from the night it showed until it went; what comes back is a new row.

    `subject` keeps it the same from night to night. It is seen `times` of `of`; `chance` is that
    of such a thing within a month by luck alone. `facts` are what its sentence is made of, with
    ids and never names. Who noted it hears no more of it until it `got_worse_at`, measured by the
    count that they saw.
    """

    __tablename__ = "pattern"
    __table_args__ = (
        one_of("kind", KINDS),
        partial_index(
            "uq_pattern_current", "org_id", "subject", where="gone_at IS NULL", unique=True
        ),
        Index("ix_pattern_org_id_gone_at", "org_id", "gone_at"),
        partial_index("ix_pattern_process", "process_id", where="gone_at IS NULL"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    subject: Mapped[str] = mapped_column(String(128))
    kind: Mapped[str] = mapped_column(String(16))
    process_id: Mapped[str | None] = mapped_column(ForeignKey("process.id"))
    location_id: Mapped[str | None] = mapped_column(ForeignKey("location.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    times: Mapped[int]
    of: Mapped[int]
    chance: Mapped[float] = mapped_column(Float)
    runs: Mapped[list[Any]]
    facts: Mapped[dict[str, Any]]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    noted_at: Mapped[datetime | None]
    noted_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    noted_times: Mapped[int | None]
    noted_of: Mapped[int | None]
    got_worse_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    process: Mapped[Process | None] = relationship(lazy="joined")
    location: Mapped[Location | None] = relationship(lazy="joined")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="joined")
    noted_by: Mapped[Person | None] = relationship(foreign_keys=[noted_by_id])

    @property
    def is_quiet(self) -> bool:
        """Whether somebody has noted it, and it has not got worse since."""
        return self.noted_at is not None and (
            self.got_worse_at is None or self.got_worse_at <= self.noted_at
        )
