"""What the engine's processes tell each other through the database."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import ID_LENGTH, Base


class EngineState(Base):
    """One row: when the engine's parts were last alive, and what its last audit found.

    `findings` are {code, severity, subject, organisation, sentence, said}, the worst first; empty
    after a clean audit. `said` are the facts of which the sentence is made again for its reader.
    `signals_after` is the process that was looked through last for signals on this night.
    """

    __tablename__ = "engine"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last_tick_at: Mapped[datetime | None]
    worker_seen_at: Mapped[datetime | None]
    next_plan_at: Mapped[datetime | None]
    last_audit_at: Mapped[datetime | None]
    last_clean_audit_at: Mapped[datetime | None]
    findings: Mapped[list[Any]] = mapped_column(default=list)
    next_sweep_at: Mapped[datetime | None]
    next_digest_at: Mapped[datetime | None]
    next_signals_at: Mapped[datetime | None]
    signals_after: Mapped[str | None] = mapped_column(String(ID_LENGTH))


class TestClock(Base):
    """One row: what every process believes the time to be (only with `BATON_TEST_CLOCK=1`)."""

    __tablename__ = "test_clock"
    __test__ = False
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shows: Mapped[datetime]
