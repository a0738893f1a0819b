"""What stood out in the evidence of a process, and when the engine looks for it again.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
KINDS = "'burst', 'deadline', 'pace', 'same', 'regular', 'digits', 'two_pins'"
CHECKS = {
    "kind_known": f"kind IN ({KINDS})",
    "seen_in_order": "seen_from <= seen_until",
    "explained_at_some_time": "(explanation IS NULL) = (explained_at IS NULL)",
    "explained_in_words": "length(explanation) > 0",
    "explained_by_them": "explanation IS NULL OR person_id IS NOT NULL",
}
REFERS = {"org_id": "organisation", "process_id": "process", "location_id": "location"}
CURRENT = sa.text("gone_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "signal",
        sa.Column("id", sa.String(26), nullable=False),
        *(sa.Column(name, sa.String(26), nullable=False) for name in REFERS),
        sa.Column("step_key", sa.String(26), nullable=True),
        sa.Column("person_id", sa.String(26), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("noticed_at", WHEN, nullable=False),
        sa.Column("seen_from", WHEN, nullable=False),
        sa.Column("seen_until", WHEN, nullable=False),
        sa.Column("gone_at", WHEN, nullable=True),
        sa.Column("explanation", sa.String(), nullable=True),
        sa.Column("explained_at", WHEN, nullable=True),
        *(
            sa.CheckConstraint(check, name=op.f(f"ck_signal_{name}"))
            for name, check in CHECKS.items()
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_signal_{column}_{table}")
            )
            for column, table in (REFERS | {"person_id": "person"}).items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signal")),
    )
    op.create_index(
        "ix_signal_current",
        "signal",
        ["process_id", "location_id"],
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
    op.create_index("ix_signal_person_id", "signal", ["person_id"])
    with op.batch_alter_table("engine") as table:
        table.add_column(sa.Column("next_signals_at", WHEN, nullable=True))
        table.add_column(sa.Column("signals_after", sa.String(26), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("engine") as table:
        table.drop_column("signals_after")
        table.drop_column("next_signals_at")
    op.drop_table("signal")
