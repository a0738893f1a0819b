# ruff: noqa: E501
"""Absences, holidays, reminders, early handoffs, other channels, and the auditor's findings.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REASONS_BEFORE = "reason IN ('missed', 'cannot_do', 'deactivated')"
REASONS = "reason IN ('missed', 'absent', 'deactivated', 'unreached', 'cannot_do')"
ESCALATIONS = "escalate_why IN ('missed', 'absent', 'deactivated', 'unreached', 'cannot_do')"
KINDS_BEFORE = "kind IN ('handoff', 'review', 'sent_back', 'not_needed', 'test')"
KINDS = (
    "kind IN ('reminder', 'handoff', 'handed_back', 'review', 'sent_back', 'not_needed', 'test')"
)
CHANNELS = "channel IN ('push', 'email', 'extra')"
MOVES_ON = "state NOT IN ('open', 'claimed') OR level = last_level OR moves_at IS NOT NULL"
TO_REMIND = sa.text("remind_at IS NOT NULL")
SENT_TOGETHER = sa.text("sent_as IS NOT NULL")
NOT_RETURNED = sa.text("returned_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_absence_ends_after_it_begins")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_absence_created_by_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_absence_org_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index("ix_absence_person_last_day", "absence", ["person_id", "last_day"])
    with op.batch_alter_table("engine") as table:
        table.add_column(sa.Column("last_audit_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(
            sa.Column("last_clean_audit_at", sa.DateTime(timezone=True), nullable=True)
        )
        table.add_column(sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("extra_url", sa.String(), nullable=True))
    with op.batch_alter_table("location") as table:
        table.add_column(sa.Column("open_days", sa.String(), nullable=True))
        table.add_column(sa.Column("holiday_country", sa.String(), nullable=True))
        table.add_column(sa.Column("holiday_region", sa.String(), nullable=True))
        table.create_check_constraint(op.f("ck_location_open_some_day"), "length(open_days) > 0")
        table.create_check_constraint(
            op.f("ck_location_region_of_country"),
            "holiday_region IS NULL OR holiday_country IS NOT NULL",
        )
    with op.batch_alter_table("process_version") as table:
        table.add_column(sa.Column("remind_minutes", sa.Integer(), nullable=True))
        table.add_column(sa.Column("reached_within_minutes", sa.Integer(), nullable=True))
        table.create_check_constraint(
            op.f("ck_process_version_remind_not_negative"), "remind_minutes >= 0"
        )
        table.create_check_constraint(
            op.f("ck_process_version_reached_within_not_negative"), "reached_within_minutes >= 0"
        )
    with op.batch_alter_table("run") as table:
        table.add_column(sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(
            op.f("ck_run_reminds_while_open"), "remind_at IS NULL OR state = 'open'"
        )
    op.create_index(
        "ix_run_to_remind", "run", ["remind_at"], sqlite_where=TO_REMIND, postgresql_where=TO_REMIND
    )
    _upgrade_step_run()
    with op.batch_alter_table("handoff") as table:
        table.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint(op.f("ck_handoff_reason_known"), type_="check")
        table.create_check_constraint(op.f("ck_handoff_reason_known"), REASONS)
        table.drop_constraint(op.f("uq_handoff_step_run_id_level"), type_="unique")
    op.create_index(
        "uq_handoff_step_run_level",
        "handoff",
        ["step_run_id", "level"],
        unique=True,
        sqlite_where=NOT_RETURNED,
        postgresql_where=NOT_RETURNED,
    )
    op.create_index(op.f("ix_handoff_step_run_id"), "handoff", ["step_run_id"])
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("channel", sa.String(), nullable=False, server_default="push"))
        table.add_column(sa.Column("behind_id", sa.String(length=26), nullable=True))
        table.add_column(sa.Column("sent_as", sa.String(length=26), nullable=True))
        table.create_foreign_key(op.f("fk_outbox_behind_id"), "outbox", ["behind_id"], ["id"])
        table.create_check_constraint(op.f("ck_outbox_channel_known"), CHANNELS)
        table.drop_constraint(op.f("ck_outbox_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_outbox_kind_known"), KINDS)
    op.create_index(op.f("ix_outbox_behind_id"), "outbox", ["behind_id"])
    op.create_index(
        "ix_outbox_sent_as",
        "outbox",
        ["sent_as"],
        sqlite_where=SENT_TOGETHER,
        postgresql_where=SENT_TOGETHER,
    )


def _upgrade_step_run() -> None:
    with op.batch_alter_table("step_run") as table:
        table.add_column(
            sa.Column("escalate_why", sa.String(), nullable=False, server_default="missed")
        )
        table.add_column(sa.Column("moves_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("reached_within_minutes", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_step_run_escalate_why_known"), ESCALATIONS)
    op.execute("UPDATE step_run SET moves_at = escalate_at WHERE level < last_level")
    # A step that was set aside may have no look ahead; its deadline stands in for it.
    op.execute(
        "UPDATE step_run SET moves_at = deadline_at WHERE moves_at IS NULL AND state IN ('open', 'claimed') AND level < last_level"
    )
    with op.batch_alter_table("step_run") as table:
        table.create_check_constraint(op.f("ck_step_run_moves_on"), MOVES_ON)
        table.create_check_constraint(
            op.f("ck_step_run_looks_before_it_moves"), "escalate_at <= moves_at"
        )


def downgrade() -> None:
    op.drop_index(
        "ix_outbox_sent_as",
        table_name="outbox",
        sqlite_where=SENT_TOGETHER,
        postgresql_where=SENT_TOGETHER,
    )
    op.drop_index(op.f("ix_outbox_behind_id"), table_name="outbox")
    op.execute(
        "DELETE FROM receipt WHERE message_id IN (SELECT id FROM outbox WHERE channel <> 'push' OR kind IN ('reminder', 'handed_back'))"
    )
    op.execute("DELETE FROM outbox WHERE channel <> 'push' OR kind IN ('reminder', 'handed_back')")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_outbox_kind_known"), KINDS_BEFORE)
        table.drop_constraint(op.f("ck_outbox_channel_known"), type_="check")
        table.drop_constraint(op.f("fk_outbox_behind_id"), type_="foreignkey")
        table.drop_column("sent_as")
        table.drop_column("behind_id")
        table.drop_column("channel")
    op.drop_index(op.f("ix_handoff_step_run_id"), table_name="handoff")
    op.drop_index(
        "uq_handoff_step_run_level",
        table_name="handoff",
        sqlite_where=NOT_RETURNED,
        postgresql_where=NOT_RETURNED,
    )
    op.execute("DELETE FROM handoff WHERE returned_at IS NOT NULL")
    op.execute("UPDATE handoff SET reason = 'missed' WHERE reason IN ('absent', 'unreached')")
    with op.batch_alter_table("handoff") as table:
        table.drop_constraint(op.f("ck_handoff_reason_known"), type_="check")
        table.create_check_constraint(op.f("ck_handoff_reason_known"), REASONS_BEFORE)
        table.create_unique_constraint(
            op.f("uq_handoff_step_run_id_level"), ["step_run_id", "level"]
        )
        table.drop_column("returned_at")
    with op.batch_alter_table("step_run") as table:
        table.drop_constraint(op.f("ck_step_run_looks_before_it_moves"), type_="check")
        table.drop_constraint(op.f("ck_step_run_moves_on"), type_="check")
        table.drop_constraint(op.f("ck_step_run_escalate_why_known"), type_="check")
        table.drop_column("reached_within_minutes")
        table.drop_column("moves_at")
        table.drop_column("escalate_why")
    op.drop_index(
        "ix_run_to_remind", table_name="run", sqlite_where=TO_REMIND, postgresql_where=TO_REMIND
    )
    with op.batch_alter_table("run") as table:
        table.drop_constraint(op.f("ck_run_reminds_while_open"), type_="check")
        table.drop_column("remind_at")
    with op.batch_alter_table("process_version") as table:
        table.drop_constraint(op.f("ck_process_version_reached_within_not_negative"), type_="check")
        table.drop_constraint(op.f("ck_process_version_remind_not_negative"), type_="check")
        table.drop_column("reached_within_minutes")
        table.drop_column("remind_minutes")
    with op.batch_alter_table("location") as table:
        table.drop_constraint(op.f("ck_location_region_of_country"), type_="check")
        table.drop_constraint(op.f("ck_location_open_some_day"), type_="check")
        table.drop_column("holiday_region")
        table.drop_column("holiday_country")
        table.drop_column("open_days")
    with op.batch_alter_table("person") as table:
        table.drop_column("extra_url")
    with op.batch_alter_table("engine") as table:
        table.drop_column("findings")
        table.drop_column("last_clean_audit_at")
        table.drop_column("last_audit_at")
    op.drop_index("ix_absence_person_last_day", table_name="absence")
    op.drop_table("absence")
