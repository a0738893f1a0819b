"""What somebody tries without an account."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Base


class Sandbox(Base):
    """A visitor's drafts until `expires_at`; or, moved in, what is still to be made of them.

    The random id is known to one browser, signed. It belongs to no organisation while it expires,
    so nothing that looks among an organisation's rows can come upon it. `content` holds the drafts
    as their forms were typed, the time zone, and the answers of the scan.
    """

    __tablename__ = "sandbox"
    __table_args__ = (
        CheckConstraint("(org_id IS NULL) <> (expires_at IS NULL)", name="expires_or_moved_in"),
    )

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    content: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(index=True)
