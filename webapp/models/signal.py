"""What stood out in the evidence of a process at a place, or of one person there."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import FLAT, ID_LENGTH, Base, HasId, one_of, partial_index
from webapp.models.location import Location
from webapp.models.person import Person
from webapp.models.process import Process
from webapp.rules.signals import KINDS


class Signal(HasId, Base):
    """A signal from the night on which it was noticed until the one on which it was gone.

    Of one step or of all (`step_key` null), of one person or of the place (`person_id` null).
    `facts` are what rules/signals says of it in the days `seen_from` to `seen_until`. The person
    whom it concerns may say something about it: `explanation`.
    """

    __tablename__ = "signal"
    __table_args__ = (
        one_of("kind", KINDS),
        CheckConstraint("seen_from <= seen_until", name="seen_in_order"),
        CheckConstraint(
            "(explanation IS NULL) = (explained_at IS NULL)", name="explained_at_some_time"
        ),
        CheckConstraint("length(explanation) > 0", name="explained_in_words"),
        CheckConstraint("explanation IS NULL OR person_id IS NOT NULL", name="explained_by_them"),
        partial_index("ix_signal_current", "process_id", "location_id", where="gone_at IS NULL"),
        Index("ix_signal_person_id", "person_id"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    process_id: Mapped[str] = mapped_column(ForeignKey("process.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"))
    step_key: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]
    facts: Mapped[dict[str, Any]]
    noticed_at: Mapped[datetime]
    seen_from: Mapped[datetime]
    seen_until: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    explanation: Mapped[str | None]
    explained_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="joined", innerjoin=FLAT)
    location: Mapped[Location] = relationship(lazy="joined", innerjoin=FLAT)
    person: Mapped[Person | None] = relationship(lazy="joined")
