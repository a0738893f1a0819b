"""Evidence: the proof of a step, the bytes behind it, its review, and fix notes."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    text,
)
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from webapp.models.base import FLAT, ID_LENGTH, Base, HasId, one_of, partial_index
from webapp.models.person import Person
from webapp.models.process import PROOF_KINDS

PROOF_STATES = ("awaiting", "current", "attached", "held", "refused", "sent_back")
TRUST = ("live", "estimated", "unproven")
FIX_OUTCOMES = ("held", "did_not_hold")
DECISIONS = ("approve", "send_back")


class Blob(Base):
    """Uploaded bytes of one organisation, named by the SHA-256 of what the device sent.

    What is stored is a re-encoded picture without location data; `sha256` stays the evidence.
    `likeness` is what a photo is compared by (rules/likeness.py): null as long as nobody worked
    it out, empty when the picture is too plain.

    `erased_at` is when it was decided that the bytes go, `erased_months` after how many months
    (null: on request); `removed_at` is when they were gone from the disk.
    """

    __tablename__ = "blob"
    __table_args__ = (
        CheckConstraint("received <= length", name="not_over_length"),
        CheckConstraint("removed_at IS NULL OR erased_at IS NOT NULL", name="erased_then_removed"),
        partial_index(
            "ix_blob_kept_photo",
            "org_id",
            "created_at",
            where="width IS NOT NULL AND erased_at IS NULL",
        ),
        partial_index(
            "ix_blob_to_remove",
            "org_id",
            "sha256",
            where="erased_at IS NOT NULL AND removed_at IS NULL",
        ),
        Index(
            "ix_blob_unfinished",
            "org_id",
            "created_at",
            sqlite_where=text("completed_at IS NULL"),
            postgresql_where=text("completed_at IS NULL"),
        ),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    length: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
    problem: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    taken_at: Mapped[str | None]
    stored_sha256: Mapped[str | None] = mapped_column(String(64))
    likeness: Mapped[bytes | None] = mapped_column(deferred=True)
    erased_at: Mapped[datetime | None]
    erased_months: Mapped[int | None]
    removed_at: Mapped[datetime | None]

    bands: WriteOnlyMapped["LikenessBand"] = relationship(cascade="all, delete-orphan")


class LikenessBand(Base):
    """A quarter of a picture's fingerprint: pictures that look alike share one or nearly so.

    A picture has four for the whole and four for its middle, each with the whole `fingerprint`.
    """

    __tablename__ = "likeness_band"
    __table_args__ = (
        ForeignKeyConstraint(["org_id", "sha256"], ["blob.org_id", "blob.sha256"]),
        {"sqlite_with_rowid": False},
    )

    org_id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True)
    band: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


class Proof(HasId, Base):
    """What somebody gave as evidence for one attempt of a step. Never changed into another.

    `like_id` is the earlier proof whose photo looks like this one, as it was when this one was
    judged; `like_distance` is 0 for the same bytes (rules/likeness.py). `turn_id` is the turn at a
    kiosk in which it was given.
    """

    __tablename__ = "proof"
    __table_args__ = (
        one_of("kind", PROOF_KINDS),
        one_of("state", PROOF_STATES),
        one_of("trust", TRUST),
        ForeignKeyConstraint(["org_id", "blob_sha256"], ["blob.org_id", "blob.sha256"]),
        Index(
            "uq_proof_current",
            "step_run_id",
            unique=True,
            sqlite_where=text("state = 'current'"),
            postgresql_where=text("state = 'current'"),
        ),
        Index("ix_proof_org_evidence", "org_id", "evidence_sha256"),
        Index("ix_proof_org_blob", "org_id", "blob_sha256"),
        Index("ix_proof_org_command", "org_id", "command_id"),
        Index("ix_proof_org_state", "org_id", "state"),
        Index("ix_proof_person_captured", "person_id", "captured_at"),
        partial_index("ix_proof_photos", "org_id", "received_at", "id", where="kind = 'photo'"),
        partial_index("ix_proof_photos_of_person", "person_id", where="kind = 'photo'"),
        partial_index("ix_proof_like_id", "like_id", where="like_id IS NOT NULL"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    step_run_id: Mapped[str] = mapped_column(ForeignKey("step_run.id"), index=True)
    attempt: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    blob_sha256: Mapped[str | None] = mapped_column(String(64))
    notes: Mapped[list[Any]]
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    device_id: Mapped[str | None] = mapped_column(String(64))
    command_id: Mapped[str] = mapped_column(String(64))
    device_at: Mapped[datetime]
    captured_at: Mapped[datetime]
    received_at: Mapped[datetime]
    trust: Mapped[str]
    like_id: Mapped[str | None] = mapped_column(ForeignKey("proof.id"))
    like_distance: Mapped[int | None]
    like_turned: Mapped[bool] = mapped_column(default=False)
    turn_id: Mapped[str | None] = mapped_column(String(64))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)
    blob: Mapped[Blob | None] = relationship(viewonly=True)


class Review(HasId, Base):
    """The decision on one proof, bound to the evidence that the reviewer saw."""

    __tablename__ = "review"
    __table_args__ = (
        one_of("decision", DECISIONS),
        CheckConstraint("decision = 'approve' OR length(reason) > 0", name="send_back_has_reason"),
        Index("ix_review_reviewer_id_at", "reviewer_id", "at"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    step_run_id: Mapped[str] = mapped_column(ForeignKey("step_run.id"), index=True)
    proof_id: Mapped[str] = mapped_column(ForeignKey("proof.id"), unique=True)
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    decision: Mapped[str]
    reason: Mapped[str | None]
    reviewer_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]

    reviewer: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)


class FixNote(HasId, Base):
    """What was done about a miss or a failed step; the next run's card shows it.

    The step had failed in `failed_before` of the `of_before` runs up to then, which says how many
    clean runs show that it held (rules/fix_outcome.py). `clean_runs` and `outcome` are as they
    were last settled, at `settled_at`; `outcome` is null as long as nobody can tell. `from_id` is
    the fix of another location that was taken over.
    """

    __tablename__ = "fix_note"
    __table_args__ = (
        CheckConstraint("length(text) > 0", name="not_empty"),
        one_of("outcome", FIX_OUTCOMES),
        CheckConstraint("failed_before >= 0 AND failed_before <= of_before", name="failed_of"),
        Index("ix_fix_note_step_location", "step_key", "location_id", "at"),
        Index("ix_fix_note_step_run", "step_run_id"),
        Index("ix_fix_note_person_at", "person_id", "at"),
    )

    org_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    step_key: Mapped[str] = mapped_column(String(ID_LENGTH))
    location_id: Mapped[str] = mapped_column(ForeignKey("location.id"))
    step_run_id: Mapped[str] = mapped_column(ForeignKey("step_run.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    at: Mapped[datetime]
    failed_before: Mapped[int] = mapped_column(default=1, server_default="1")
    of_before: Mapped[int] = mapped_column(default=1, server_default="1")
    clean_runs: Mapped[int] = mapped_column(default=0, server_default="0")
    outcome: Mapped[str | None] = mapped_column(String(16))
    settled_at: Mapped[datetime | None]
    from_id: Mapped[str | None] = mapped_column(ForeignKey("fix_note.id"))

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=FLAT)
