"""What keeps going wrong, and what became of each fix.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KINDS = (
    "fix_failed",
    "repeated",
    "drift",
    "by_another",
    "one_person",
    "at_deadline",
    "dark_device",
    "no_proof",
)
CURRENT = sa.text("gone_at IS NULL")


def upgrade() -> None:
    for table in ("organisation", "process"):
        op.add_column(table, sa.Column("patterns_at", sa.DateTime(timezone=True), nullable=True))
        op.create_index(op.f(f"ix_{table}_patterns_at"), table, ["patterns_at"])
    with op.batch_alter_table("fix_note") as table:
        for name, default in (("failed_before", "1"), ("of_before", "1"), ("clean_runs", "0")):
            table.add_column(sa.Column(name, sa.Integer(), nullable=False, server_default=default))
        table.add_column(sa.Column("outcome", sa.String(16), nullable=True))
        table.add_column(sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("from_id", sa.String(26), nullable=True))
        table.create_foreign_key(
            op.f("fk_fix_note_from_id_fix_note"), "fix_note", ["from_id"], ["id"]
        )
        table.create_check_constraint(
            op.f("ck_fix_note_outcome_known"), "outcome IN ('held', 'did_not_hold')"
        )
        table.create_check_constraint(
            op.f("ck_fix_note_failed_of"), "failed_before >= 0 AND failed_before <= of_before"
        )
        table.create_index("ix_fix_note_step_run", ["step_run_id"])
    _patterns()


def _patterns() -> None:
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.create_table(
        "pattern",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("org_id", sa.String(26), nullable=False),
        sa.Column("subject", sa.String(128), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("process_id", sa.String(26), nullable=True),
        sa.Column("location_id", sa.String(26), nullable=True),
        sa.Column("person_id", sa.String(26), nullable=True),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("runs", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("noted_by_id", sa.String(26), nullable=True),
        sa.Column("noted_times", sa.Integer(), nullable=True),
        sa.Column("noted_of", sa.Integer(), nullable=True),
        sa.Column("got_worse_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_pattern_kind_known")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_pattern_{column}_{table}")
            )
            for column, table in (
                ("org_id", "organisation"),
                ("process_id", "process"),
                ("location_id", "location"),
                ("person_id", "person"),
                ("noted_by_id", "person"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pattern")),
    )
    op.create_index("ix_pattern_org_id_gone_at", "pattern", ["org_id", "gone_at"])
    for name, columns, unique in (
        ("uq_pattern_current", ["org_id", "subject"], True),
        ("ix_pattern_process", ["process_id"], False),
    ):
        op.create_index(
            name, "pattern", columns, unique=unique, sqlite_where=CURRENT, postgresql_where=CURRENT
        )


def downgrade() -> None:
    op.drop_table("pattern")
    with op.batch_alter_table("fix_note") as table:
        table.drop_index("ix_fix_note_step_run")
        table.drop_constraint(op.f("ck_fix_note_outcome_known"), type_="check")
        table.drop_constraint(op.f("ck_fix_note_failed_of"), type_="check")
        table.drop_constraint(op.f("fk_fix_note_from_id_fix_note"), type_="foreignkey")
        for name in ("from_id", "settled_at", "outcome", "clean_runs", "of_before"):
            table.drop_column(name)
        table.drop_column("failed_before")
    for table in ("organisation", "process"):
        op.drop_index(op.f(f"ix_{table}_patterns_at"), table)
        op.drop_column(table, "patterns_at")
