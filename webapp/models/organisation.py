"""The tenant."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base, HasId


class Organisation(HasId, Base):
    """A business; everything else belongs to exactly one."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("length(name) > 0", name="named"),)

    name: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
