# ruff: noqa: E501
"""first schema

Revision: 0001, after .
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "engine",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_tick_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_plan_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_engine_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine")),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_organisation_named")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "test_clock",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shows", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_test_clock_single_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_clock")),
    )
    op.create_table(
        "blob",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.String(), nullable=True),
        sa.Column("stored_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("received <= length", name=op.f("ck_blob_not_over_length")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_blob_org_id")),
        sa.PrimaryKeyConstraint("org_id", "sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "event",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_event_org_id")),
        sa.PrimaryKeyConstraint("org_id", "seq", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_subject"), "event", ["subject"], unique=False)
    op.create_table(
        "location",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_location_named")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_location_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_location")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_location_org_id_name")),
    )
    op.create_table(
        "person",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "role IN ('owner', 'manager', 'staff')", name=op.f("ck_person_role_known")
        ),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_person_email_lower")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_person_named")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_person_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_person_org_id_name")),
    )
    op.create_table(
        "process",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("version_number", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_process_named")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_process_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_process_org_id_name")),
    )
    op.create_table(
        "record_head",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_record_head_org_id")
        ),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_record_head")),
    )
    op.create_table(
        "api_token",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_person_id"), "api_token", ["person_id"], unique=False)
    op.create_table(
        "closure",
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_closure_location_id")
        ),
        sa.PrimaryKeyConstraint("location_id", "on_date", name=op.f("pk_closure")),
    )
    op.create_table(
        "command",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('applied', 'held', 'superseded', 'rejected')",
            name=op.f("ck_command_status_known"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_command_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_command_person_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_command")),
    )
    op.create_index("ix_command_org_status", "command", ["org_id", "status"], unique=False)
    op.create_table(
        "device",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_device_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_device_person_id")),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_device")),
    )
    op.create_index(op.f("ix_device_person_id"), "device", ["person_id"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_invitation_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_invitation_secret_hash")),
    )
    op.create_index(op.f("ix_invitation_person_id"), "invitation", ["person_id"], unique=False)
    op.create_table(
        "person_location",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_person_location_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_person_location_person_id")
        ),
        sa.PrimaryKeyConstraint("person_id", "location_id", name=op.f("pk_person_location")),
    )
    op.create_table(
        "process_version",
        sa.Column("process_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rrule", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("opens_days_before", sa.Integer(), nullable=False),
        sa.Column("deadline", sa.Time(), nullable=False),
        sa.Column("grace_minutes", sa.Integer(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.String(length=26), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "review IN ('none', 'photos', 'all')", name=op.f("ck_process_version_review_known")
        ),
        sa.CheckConstraint(
            "grace_minutes >= 0", name=op.f("ck_process_version_grace_not_negative")
        ),
        sa.CheckConstraint(
            "opens_days_before >= 0", name=op.f("ck_process_version_opens_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_process_version_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["process_id"], ["process.id"], name=op.f("fk_process_version_process_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_version")),
        sa.UniqueConstraint(
            "process_id", "number", name=op.f("uq_process_version_process_id_number")
        ),
    )
    op.create_table(
        "push_subscription",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("endpoint", sa.String(length=2048), nullable=False),
        sa.Column("p256dh", sa.String(length=128), nullable=False),
        sa.Column("auth", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_push_subscription_org_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_push_subscription_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    op.create_index(
        op.f("ix_push_subscription_person_id"), "push_subscription", ["person_id"], unique=False
    )
    op.create_table(
        "sign_in",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_person_id"), "sign_in", ["person_id"], unique=False)
    op.create_table(
        "chain_level",
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("wait_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "role = 'owner' OR person_id IS NOT NULL", name=op.f("ck_chain_level_named_person")
        ),
        sa.CheckConstraint(
            "role IN ('assignee', 'backup', 'fallback', 'owner')",
            name=op.f("ck_chain_level_role_known"),
        ),
        sa.CheckConstraint("wait_minutes >= 0", name=op.f("ck_chain_level_wait_not_negative")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_chain_level_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_chain_level_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "level", name=op.f("pk_chain_level")),
        sa.UniqueConstraint("version_id", "role", name=op.f("uq_chain_level_version_id_role")),
    )
    op.create_table(
        "run",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("process_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.Column("occurrence", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_at IS NOT NULL", name=op.f("ck_run_closed_has_time")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'closed', 'void')", name=op.f("ck_run_state_known")
        ),
        sa.CheckConstraint("opens_at <= deadline_at", name=op.f("ck_run_opens_before_deadline")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_run_location_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_run_org_id")),
        sa.ForeignKeyConstraint(["process_id"], ["process.id"], name=op.f("fk_run_process_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_run_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint(
            "process_id",
            "location_id",
            "occurrence",
            name=op.f("uq_run_process_id_location_id_occurrence"),
        ),
    )
    op.create_index("ix_run_org_deadline", "run", ["org_id", "deadline_at"], unique=False)
    op.create_index(
        "ix_run_to_open",
        "run",
        ["opens_at"],
        unique=False,
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.create_table(
        "step",
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("proof_kind", sa.String(), nullable=False),
        sa.Column("requirement", sa.JSON(), nullable=False),
        sa.Column("may_skip", sa.Boolean(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "proof_kind IN ('photo', 'number', 'note', 'signature', 'file', 'scan', 'timed')",
            name=op.f("ck_step_proof_kind_known"),
        ),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_step_titled")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_step_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_step_version_id_position")),
    )
    op.create_table(
        "version_location",
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_version_location_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["process_version.id"], name=op.f("fk_version_location_version_id")
        ),
        sa.PrimaryKeyConstraint("version_id", "location_id", name=op.f("pk_version_location")),
    )
    op.create_table(
        "step_run",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=False),
        sa.Column("step_key", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("instructions", sa.String(), nullable=False),
        sa.Column("requirement", sa.JSON(), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("may_skip", sa.Boolean(), nullable=False),
        sa.Column("chain", sa.JSON(), nullable=False),
        sa.Column("last_level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("holder_id", sa.String(length=26), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("escalate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claim_paused", sa.Boolean(), nullable=False),
        sa.Column("sent_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("miss_explained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.String(length=26), nullable=True),
        sa.Column("skip_reason", sa.String(), nullable=True),
        sa.Column("proof_id", sa.String(length=26), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_why", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "state <> 'skipped' OR skip_reason IS NOT NULL",
            name=op.f("ck_step_run_skipped_has_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'claimed') OR escalate_at IS NULL",
            name=op.f("ck_step_run_closed_never_escalates"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'open', 'claimed', 'in_review', 'done', 'skipped', 'void')",
            name=op.f("ck_step_run_state_known"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'in_review') OR proof_id IS NOT NULL",
            name=op.f("ck_step_run_closes_with_proof"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'skipped') OR closed_at IS NOT NULL",
            name=op.f("ck_step_run_closed_has_time"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'claimed') OR level = last_level OR escalate_at IS NOT NULL OR set_aside_at IS NOT NULL",
            name=op.f("ck_step_run_somebody_looks_again"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'claimed', 'in_review') OR holder_id IS NOT NULL",
            name=op.f("ck_step_run_has_holder"),
        ),
        sa.CheckConstraint("attempt >= 1", name=op.f("ck_step_run_attempt_counts")),
        sa.CheckConstraint(
            "level >= 0 AND level <= last_level", name=op.f("ck_step_run_level_on_chain")
        ),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["person.id"], name=op.f("fk_step_run_closed_by_id")
        ),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_step_run_holder_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_step_run_org_id")),
        sa.ForeignKeyConstraint(
            ["proof_id"], ["proof.id"], name="fk_step_run_proof_id", use_alter=True
        ),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_step_run_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step_run")),
        sa.UniqueConstraint("run_id", "step_key", name=op.f("uq_step_run_run_id_step_key")),
    )
    op.create_index(
        "ix_step_run_escalate_at",
        "step_run",
        ["escalate_at"],
        unique=False,
        sqlite_where=sa.text("escalate_at IS NOT NULL AND set_aside_at IS NULL"),
        postgresql_where=sa.text("escalate_at IS NOT NULL AND set_aside_at IS NULL"),
    )
    op.create_index("ix_step_run_holder_state", "step_run", ["holder_id", "state"], unique=False)
    op.create_index("ix_step_run_org_state", "step_run", ["org_id", "state"], unique=False)
    op.create_table(
        "fix_note",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("step_key", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.Column("step_run_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(text) > 0", name=op.f("ck_fix_note_not_empty")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_fix_note_location_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_fix_note_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_fix_note_person_id")),
        sa.ForeignKeyConstraint(
            ["step_run_id"], ["step_run.id"], name=op.f("fk_fix_note_step_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fix_note")),
    )
    op.create_index(
        "ix_fix_note_step_location", "fix_note", ["step_key", "location_id", "at"], unique=False
    )
    op.create_table(
        "handoff",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("step_run_id", sa.String(length=26), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.String(length=26), nullable=False),
        sa.Column("to_id", sa.String(length=26), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("passed_over", sa.String(), nullable=True),
        sa.Column("overtaken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "reason IN ('missed', 'cannot_do', 'deactivated')", name=op.f("ck_handoff_reason_known")
        ),
        sa.CheckConstraint("level >= 1", name=op.f("ck_handoff_level_after_assignee")),
        sa.ForeignKeyConstraint(["from_id"], ["person.id"], name=op.f("fk_handoff_from_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_handoff_org_id")),
        sa.ForeignKeyConstraint(
            ["step_run_id"], ["step_run.id"], name=op.f("fk_handoff_step_run_id")
        ),
        sa.ForeignKeyConstraint(["to_id"], ["person.id"], name=op.f("fk_handoff_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff")),
        sa.UniqueConstraint("step_run_id", "level", name=op.f("uq_handoff_step_run_id_level")),
    )
    op.create_table(
        "outbox",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("dedupe_key", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(length=26), nullable=True),
        sa.Column("step_run_id", sa.String(length=26), nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=26), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "kind IN ('handoff', 'review', 'sent_back', 'not_needed', 'test')",
            name=op.f("ck_outbox_kind_known"),
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'no_device', 'not_needed', 'expired', 'refused')",
            name=op.f("ck_outbox_outcome_known"),
        ),
        sa.CheckConstraint(
            "(next_attempt_at IS NULL) = (outcome IS NOT NULL)",
            name=op.f("ck_outbox_settled_has_outcome"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_outbox_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_outbox_run_id")),
        sa.ForeignKeyConstraint(
            ["step_run_id"], ["step_run.id"], name=op.f("fk_outbox_step_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_outbox_step_run_id"), "outbox", ["step_run_id"], unique=False)
    op.create_table(
        "proof",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("step_run_id", sa.String(length=26), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("blob_sha256", sa.String(length=64), nullable=True),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=True),
        sa.Column("command_id", sa.String(length=64), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trust", sa.String(), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "kind IN ('photo', 'number', 'note', 'signature', 'file', 'scan', 'timed')",
            name=op.f("ck_proof_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('awaiting', 'current', 'attached', 'held', 'refused', 'sent_back')",
            name=op.f("ck_proof_state_known"),
        ),
        sa.CheckConstraint(
            "trust IN ('live', 'estimated', 'unproven')", name=op.f("ck_proof_trust_known")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "blob_sha256"],
            ["blob.org_id", "blob.sha256"],
            name=op.f("fk_proof_org_id_blob_sha256"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_proof_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_proof_person_id")),
        sa.ForeignKeyConstraint(
            ["step_run_id"], ["step_run.id"], name=op.f("fk_proof_step_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_org_blob", "proof", ["org_id", "blob_sha256"], unique=False)
    op.create_index("ix_proof_org_command", "proof", ["org_id", "command_id"], unique=False)
    op.create_index("ix_proof_org_evidence", "proof", ["org_id", "evidence_sha256"], unique=False)
    op.create_index("ix_proof_org_state", "proof", ["org_id", "state"], unique=False)
    op.create_index(op.f("ix_proof_step_run_id"), "proof", ["step_run_id"], unique=False)
    op.create_index(
        "uq_proof_current",
        "proof",
        ["step_run_id"],
        unique=True,
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.create_table(
        "receipt",
        sa.Column("message_id", sa.String(length=26), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reached_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name=op.f("fk_receipt_message_id")),
        sa.PrimaryKeyConstraint("message_id", "device_id", name=op.f("pk_receipt")),
    )
    op.create_table(
        "review",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("step_run_id", sa.String(length=26), nullable=False),
        sa.Column("proof_id", sa.String(length=26), nullable=False),
        sa.Column("evidence_sha256", sa.String(length=64), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("reviewer_id", sa.String(length=26), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "decision = 'approve' OR length(reason) > 0",
            name=op.f("ck_review_send_back_has_reason"),
        ),
        sa.CheckConstraint(
            "decision IN ('approve', 'send_back')", name=op.f("ck_review_decision_known")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_review_org_id")),
        sa.ForeignKeyConstraint(["proof_id"], ["proof.id"], name=op.f("fk_review_proof_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name=op.f("fk_review_reviewer_id")),
        sa.ForeignKeyConstraint(
            ["step_run_id"], ["step_run.id"], name=op.f("fk_review_step_run_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("proof_id", name=op.f("uq_review_proof_id")),
    )
    op.create_index(op.f("ix_review_step_run_id"), "review", ["step_run_id"], unique=False)
    _close_the_circle()
    _guard_the_record()


def _close_the_circle() -> None:
    """Step run and proof name each other; SQLite took both references with the tables."""
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key("fk_step_run_proof_id", "step_run", "proof", ["proof_id"], ["id"])


def _guard_the_record() -> None:
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER event_no_update BEFORE UPDATE ON event "
            "BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END"
        ),
        (
            "CREATE TRIGGER event_no_delete BEFORE DELETE ON event "
            "BEGIN SELECT RAISE(ABORT, 'the record cannot be changed'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the record cannot be changed'; END $$"
        ),
        (
            "CREATE TRIGGER event_no_change BEFORE UPDATE OR DELETE ON event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_record_change()"
        ),
        (
            "CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_record_change()"
        ),
    ),
}


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_step_run_proof_id", "step_run", type_="foreignkey")
    op.drop_index(op.f("ix_review_step_run_id"), table_name="review")
    op.drop_table("review")
    op.drop_table("receipt")
    op.drop_index(
        "uq_proof_current",
        table_name="proof",
        sqlite_where=sa.text("state = 'current'"),
        postgresql_where=sa.text("state = 'current'"),
    )
    op.drop_index(op.f("ix_proof_step_run_id"), table_name="proof")
    op.drop_index("ix_proof_org_state", table_name="proof")
    op.drop_index("ix_proof_org_evidence", table_name="proof")
    op.drop_index("ix_proof_org_command", table_name="proof")
    op.drop_index("ix_proof_org_blob", table_name="proof")
    op.drop_table("proof")
    op.drop_index(op.f("ix_outbox_step_run_id"), table_name="outbox")
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )
    op.drop_table("outbox")
    op.drop_table("handoff")
    op.drop_index("ix_fix_note_step_location", table_name="fix_note")
    op.drop_table("fix_note")
    op.drop_index("ix_step_run_org_state", table_name="step_run")
    op.drop_index("ix_step_run_holder_state", table_name="step_run")
    op.drop_index(
        "ix_step_run_escalate_at",
        table_name="step_run",
        sqlite_where=sa.text("escalate_at IS NOT NULL AND set_aside_at IS NULL"),
        postgresql_where=sa.text("escalate_at IS NOT NULL AND set_aside_at IS NULL"),
    )
    op.drop_table("step_run")
    op.drop_table("version_location")
    op.drop_table("step")
    op.drop_index(
        "ix_run_to_open",
        table_name="run",
        sqlite_where=sa.text("state = 'planned'"),
        postgresql_where=sa.text("state = 'planned'"),
    )
    op.drop_index("ix_run_org_deadline", table_name="run")
    op.drop_table("run")
    op.drop_table("chain_level")
    op.drop_index(op.f("ix_sign_in_person_id"), table_name="sign_in")
    op.drop_table("sign_in")
    op.drop_index(op.f("ix_push_subscription_person_id"), table_name="push_subscription")
    op.drop_table("push_subscription")
    op.drop_table("process_version")
    op.drop_table("person_location")
    op.drop_index(op.f("ix_invitation_person_id"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_index(op.f("ix_device_person_id"), table_name="device")
    op.drop_table("device")
    op.drop_index("ix_command_org_status", table_name="command")
    op.drop_table("command")
    op.drop_table("closure")
    op.drop_index(op.f("ix_api_token_person_id"), table_name="api_token")
    op.drop_table("api_token")
    op.drop_table("record_head")
    op.drop_table("process")
    op.drop_table("person")
    op.drop_table("location")
    op.drop_index(op.f("ix_event_subject"), table_name="event")
    op.drop_table("event")
    op.drop_table("blob")
    op.drop_table("test_clock")
    op.drop_table("organisation")
    op.drop_table("engine")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_record_change()")
