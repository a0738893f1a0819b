"""The tenant."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId, one_of
from webapp.rules.languages import LANGUAGES


class Organisation(HasId, Base):
    """A business; everything else belongs to exactly one.

    `language` is for those who have chosen none.
    """

    __tablename__ = "organisation"
    __table_args__ = (
        CheckConstraint("length(name) > 0", name="named"),
        one_of("language", tuple(LANGUAGES)),
    )

    name: Mapped[str]
    language: Mapped[str] = mapped_column(String(8), default="en", server_default="en")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
