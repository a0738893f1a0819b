"""The definition: a process, its versions, their steps and chain."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import ID_LENGTH, Base, HasId, JsonOrNull, new_id, one_of
from webapp.models.location import Location
from webapp.models.person import Person

REVIEW_POLICIES = ("none", "photos", "risky", "all")
WORDINGS = ("locked", "open")
CHAIN_ROLES = ("assignee", "backup", "fallback", "owner")
PROOF_KINDS = ("photo", "number", "note", "signature", "file", "scan", "timed")

version_location = Table(
    "version_location",
    Base.metadata,
    Column("version_id", ForeignKey("process_version.id"), primary_key=True),
    Column("location_id", ForeignKey("location.id"), primary_key=True),
)


class Process(HasId, Base):
    """Recurring work, defined once. Its content lives in versions; a run is pinned to one.

    `patterns_at` is when the clock is to look for patterns in its runs again.
    """

    __tablename__ = "process"
    __table_args__ = (
        UniqueConstraint("org_id", "name"),
        CheckConstraint("length(name) > 0", name="named"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str]
    version_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    patterns_at: Mapped[datetime | None] = mapped_column(index=True)

    versions: Mapped[list["ProcessVersion"]] = relationship(
        back_populates="process", order_by="ProcessVersion.number"
    )


class ProcessVersion(HasId, Base):
    """What the process asked for from `created_at` until the next version.

    `remind_minutes` before the deadline the holder is reminded; who is handed a step and is not
    reached within `reached_within_minutes` loses it to the next. Null is by rule, 0 is never.
    `wording` says whether a location may word the steps in its own way; a step may say otherwise.
    """

    __tablename__ = "process_version"
    __table_args__ = (
        UniqueConstraint("process_id", "number"),
        one_of("review", REVIEW_POLICIES),
        one_of("wording", WORDINGS),
        CheckConstraint("length(name) > 0", name="named"),
        CheckConstraint("grace_minutes >= 0", name="grace_not_negative"),
        CheckConstraint("opens_days_before >= 0", name="opens_not_negative"),
        CheckConstraint("remind_minutes >= 0", name="remind_not_negative"),
        CheckConstraint("reached_within_minutes >= 0", name="reached_within_not_negative"),
    )

    process_id: Mapped[str] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int]
    name: Mapped[str]
    rrule: Mapped[str]
    starts_on: Mapped[date]
    opens: Mapped[time | None]
    opens_days_before: Mapped[int] = mapped_column(default=0)
    deadline: Mapped[time]
    grace_minutes: Mapped[int]
    remind_minutes: Mapped[int | None]
    reached_within_minutes: Mapped[int | None]
    review: Mapped[str]
    wording: Mapped[str] = mapped_column(default="locked")
    created_at: Mapped[datetime]
    created_by_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))

    process: Mapped[Process] = relationship(back_populates="versions", lazy="joined")
    steps: Mapped[list["Step"]] = relationship(order_by="Step.position", lazy="selectin")
    chain: Mapped[list["ChainLevel"]] = relationship(order_by="ChainLevel.level", lazy="selectin")
    locations: Mapped[list[Location]] = relationship(
        secondary=version_location, order_by=Location.name, lazy="selectin"
    )


class Step(HasId, Base):
    """One ordered part of a version. `key` stays the same over versions of the same step.

    `picture_sha256` names the blob that shows how it should look, `picture_alt` says it in words.
    `only_if` and `follow_up` say what it waits for (rules/later.py); null: it opens with its run.
    """

    __tablename__ = "step"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("length(title) > 0", name="titled"),
        CheckConstraint(
            "picture_sha256 IS NULL OR length(picture_alt) > 0", name="picture_in_words"
        ),
        one_of("proof_kind", PROOF_KINDS),
        one_of("wording", WORDINGS),
    )

    version_id: Mapped[str] = mapped_column(ForeignKey("process_version.id"))
    key: Mapped[str] = mapped_column(String(ID_LENGTH), default=new_id)
    position: Mapped[int]
    title: Mapped[str]
    instructions: Mapped[str] = mapped_column(default="")
    proof_kind: Mapped[str]
    requirement: Mapped[dict[str, Any]]
    may_skip: Mapped[bool] = mapped_column(default=False)
    picture_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    picture_alt: Mapped[str | None]
    wording: Mapped[str | None]
    only_if: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)
    follow_up: Mapped[dict[str, Any] | None] = mapped_column(JsonOrNull)

    wordings: Mapped[list["StepWording"]] = relationship(
        order_by="StepWording.location_id", lazy="selectin"
    )


class StepWording(Base):
    """How one location words a step: its title, its instructions or both."""

    __tablename__ = "step_wording"
    __table_args__ = (
        CheckConstraint("title IS NOT NULL OR instructions IS NOT NULL", name="says_something"),
    )

    step_id: Mapped[str] = mapped_column(ForeignKey("step.id"), primary_key=True)
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"), primary_key=True)
    title: Mapped[str | None]
    instructions: Mapped[str | None]


class ChainLevel(Base):
    """One station of a version's chain; the owner's station names nobody: it is the owner then."""

    __tablename__ = "chain_level"
    __table_args__ = (
        UniqueConstraint("version_id", "role"),
        one_of("role", CHAIN_ROLES),
        CheckConstraint("wait_minutes >= 0", name="wait_not_negative"),
        CheckConstraint("role = 'owner' OR person_id IS NOT NULL", name="named_person"),
        ForeignKeyConstraint(["version_id"], ["process_version.id"]),
    )

    version_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[str]
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    wait_minutes: Mapped[int]

    person: Mapped[Person | None] = relationship(lazy="joined")
