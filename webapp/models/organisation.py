"""The tenant."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId, one_of
from webapp.rules.languages import LANGUAGES


class Organisation(HasId, Base):
    """A business; everything else belongs to exactly one.

    `language` is for those who have chosen none. Photos are erased after `photo_months`, as was
    chosen at `photo_months_at`; null keeps them.
    `patterns_at` is when the clock is to look for patterns again, of its devices first.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        one_of("language", tuple(LANGUAGES)),
        CheckConstraint("photo_months BETWEEN 1 AND 120", name="photo_months_sensible"),
    )

    name: Mapped[str]
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)
    photo_months: Mapped[int | None]
    photo_months_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    patterns_at: Mapped[datetime | None] = mapped_column(index=True)
