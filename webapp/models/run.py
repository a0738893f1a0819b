"""One occurrence made real at one location, and its step runs."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import FLAT, ID_LENGTH, Base, HasId, JsonOrNull, one_of, partial_index
from webapp.models.location import Location
from webapp.models.person import Person
from webapp.models.process import Process, ProcessVersion
from webapp.models.proof import Proof

RUN_STATES = ("planned", "open", "closed", "void")
STEP_RUN_STATES = ("waiting", "open", "claimed", "in_review", "done", "skipped", "void")
CLOSED_STATES = ("done", "skipped", "void")
HANDOFF_REASONS = ("missed", "absent", "deactivated", "unreached", "cannot_do")


class Run(HasId, Base):
    """A planned, open or closed occurrence. `occurrence` is its nominal local deadline.

    `remind_at` is when the holders of its open steps are to be reminded, once; null means never
    or already done.

    The unique key is nominal, so that moving the location's zone or a change to summer time
    can never make a second run of the same occurrence.
    """

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("process_id", "location_id", "occurrence"),
        one_of("state", RUN_STATES),
        CheckConstraint("opens_at <= deadline_at", name="opens_before_deadline"),
        CheckConstraint("state <> 'closed' OR closed_at IS NOT NULL", name="closed_has_time"),
        partial_index("ix_run_to_open", "opens_at", where="state = 'planned'"),
        CheckConstraint("remind_at IS NULL OR state = 'open'", name="reminds_while_open"),
        partial_index("ix_run_to_remind", "remind_at", where="remind_at IS NOT NULL"),
        Index("ix_run_org_deadline", "org_id", "deadline_at"),
        Index("ix_run_process_deadline", "process_id", "deadline_at"),
        partial_index("ix_run_open", "org_id", "location_id", where="state = 'open'"),
        partial_index("ix_run_set_aside", "org_id", where="set_aside_at IS NOT NULL"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    process_id: Mapped[str] = mapped_column(ForeignKey("process.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("process_version.id"))
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"))
    occurrence: Mapped[str]
    state: Mapped[str] = mapped_column(default="planned")
    opens_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship(lazy="joined", innerjoin=FLAT)
    version: Mapped[ProcessVersion] = relationship()
    location: Mapped[Location] = relationship(lazy="joined", innerjoin=FLAT)
    step_runs: Mapped[list["StepRun"]] = relationship(
        back_populates="run", order_by="StepRun.position", cascade="all, delete-orphan"
    )


class StepRun(HasId, Base):
    """One step of one run, with the step, deadline, grace and chain frozen when it opened.

    `escalate_at` says when the engine must look again; null means never. `moves_at` is when the
    chain itself moves the step on (null when nobody comes after, or before it opens); the look
    comes earlier to see whether the holder was reached, or because they cannot take it:
    `escalate_why`. `reached_within_minutes` is frozen from the version. `handoffs` are those that
    stand; `moves` are all that ever were, those handed back too.

    A step with `only_if` or `follow_up` waits in the open run until its question is answered.
    `opens_at` is when the engine must open it, null as long as nobody knows; `opened_at` is when
    it opened, null for a step that opened with its run. `not_needed` says why it never did.

    The checks below refuse a closed step without proof, a held one without holder, and an open
    one that nobody will look at again.
    """

    __tablename__ = "step_run"
    __table_args__ = (
        UniqueConstraint("run_id", "step_key"),
        one_of("state", STEP_RUN_STATES),
        CheckConstraint("level >= 0 AND level <= last_level", name="level_on_chain"),
        CheckConstraint("attempt >= 1", name="attempt_counts"),
        CheckConstraint(
            "state NOT IN ('done', 'in_review') OR proof_id IS NOT NULL", name="closes_with_proof"
        ),
        CheckConstraint(
            "state NOT IN ('done', 'skipped') OR closed_at IS NOT NULL", name="closed_has_time"
        ),
        CheckConstraint(
            "state NOT IN ('open', 'claimed', 'in_review') OR holder_id IS NOT NULL",
            name="has_holder",
        ),
        CheckConstraint(
            "state NOT IN ('open', 'claimed') OR level = last_level"
            " OR escalate_at IS NOT NULL OR set_aside_at IS NOT NULL",
            name="somebody_looks_again",
        ),
        CheckConstraint(
            "state IN ('open', 'claimed') OR escalate_at IS NULL", name="closed_never_escalates"
        ),
        CheckConstraint(
            "state NOT IN ('open', 'claimed') OR level = last_level OR moves_at IS NOT NULL",
            name="moves_on",
        ),
        CheckConstraint("escalate_at <= moves_at", name="looks_before_it_moves"),
        one_of("escalate_why", HANDOFF_REASONS),
        CheckConstraint("opens_at IS NULL OR state = 'waiting'", name="opens_while_waiting"),
        CheckConstraint("not_needed IS NULL OR state = 'skipped'", name="not_needed_is_skipped"),
        CheckConstraint("state <> 'skipped' OR skip_reason IS NOT NULL", name="skipped_has_reason"),
        partial_index(
            "ix_step_run_escalate_at",
            "escalate_at",
            where="escalate_at IS NOT NULL AND set_aside_at IS NULL",
        ),
        partial_index(
            "ix_step_run_opens_at",
            "opens_at",
            where="opens_at IS NOT NULL AND set_aside_at IS NULL",
        ),
        partial_index(
            "ix_step_run_eventful",
            "run_id",
            where="missed_at IS NOT NULL OR attempt > 1 OR level > 0",
        ),
        partial_index(
            "ix_step_run_later", "run_id", where="only_if IS NOT NULL OR follow_up IS NOT NULL"
        ),
        partial_index("ix_step_run_set_aside", "org_id", where="set_aside_at IS NOT NULL"),
        Index("ix_step_run_holder_state", "holder_id", "state"),
        Index("ix_step_run_org_state", "org_id", "state"),
        partial_index(
            "ix_step_run_picture_sha256", "picture_sha256", where="picture_sha256 IS NOT NULL"
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"))
    step_key: Mapped[str] = mapped_column(String(ID_LENGTH))
    position: Mapped[int]
    title: Mapped[str]
    instructions: Mapped[str]
    requirement: Mapped[dict[str, Any]]
    review: Mapped[str]
    may_skip: Mapped[bool]
    picture_sha256: Mapped[str | None] = mapped_column(String(64))
    picture_alt: Mapped[str | None]
    chain: Mapped[list[Any]]
    last_level: Mapped[int]
    only_if: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    follow_up: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)

    state: Mapped[str] = mapped_column(default="waiting")
    opens_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    not_needed: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    attempt: Mapped[int] = mapped_column(default=1)
    level: Mapped[int] = mapped_column(default=0)
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    deadline_at: Mapped[datetime]
    escalate_at: Mapped[datetime | None]
    escalate_why: Mapped[str] = mapped_column(default="missed")
    moves_at: Mapped[datetime | None]
    reached_within_minutes: Mapped[int | None]
    missed_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claim_paused: Mapped[bool] = mapped_column(default=False)
    sent_back_at: Mapped[datetime | None]
    miss_explained_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    skip_reason: Mapped[str | None]
    proof_id: Mapped[str | None] = mapped_column(
        ForeignKey("proof.id", use_alter=True, name="fk_step_run_proof_id")
    )
    set_aside_at: Mapped[datetime | None]
    set_aside_why: Mapped[str | None]

    run: Mapped[Run] = relationship(back_populates="step_runs", lazy="joined", innerjoin=FLAT)
    holder: Mapped[Person | None] = relationship(foreign_keys=[holder_id], lazy="joined")
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id], lazy="joined")
    proof: Mapped[Proof | None] = relationship(foreign_keys=[proof_id])
    handoffs: Mapped[list["Handoff"]] = relationship(
        primaryjoin="and_(Handoff.step_run_id == StepRun.id, Handoff.returned_at.is_(None))",
        order_by="Handoff.level",
    )
    moves: Mapped[list["Handoff"]] = relationship(
        order_by="Handoff.at, Handoff.level", viewonly=True
    )

    @property
    def is_later(self) -> bool:
        """Whether it does not simply open with its run."""
        return self.only_if is not None or self.follow_up is not None

    @property
    def open_since(self) -> datetime | None:
        """When it opened, with its run or later."""
        return self.opened_at or self.run.opened_at

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is asked of anybody."""
        return self.state in CLOSED_STATES


class Handoff(HasId, Base):
    """One move along the chain; at most one per level, save those that were handed back.

    `dark_since` is when a device of who had it was last heard from, where none was since the step
    opened; `dark_device` is what it was called then.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        partial_index(
            "uq_handoff_step_run_level",
            "step_run_id",
            "level",
            where="returned_at IS NULL",
            unique=True,
        ),
        CheckConstraint("level >= 1", name="level_after_assignee"),
        one_of("reason", HANDOFF_REASONS),
        Index("ix_handoff_from_id_at", "from_id", "at"),
        Index("ix_handoff_to_id_at", "to_id", "at"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    step_run_id: Mapped[str] = mapped_column(ForeignKey("step_run.id"), index=True)
    level: Mapped[int]
    from_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    to_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str]
    words: Mapped[str | None]
    due_at: Mapped[datetime]
    at: Mapped[datetime]
    passed_over: Mapped[str | None]
    dark_since: Mapped[datetime | None]
    dark_device: Mapped[str | None]
    overtaken_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]

    from_person: Mapped[Person] = relationship(foreign_keys=[from_id], lazy="joined")
    to_person: Mapped[Person] = relationship(foreign_keys=[to_id], lazy="joined")
