"""Steps that open later than their run: on an answer, or a while after another step.

Revision: 0012, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0013"
branch_labels = None
depends_on = None

ASKED = ("only_if", "follow_up")
CHECKS = {
    "opens_while_waiting": "opens_at IS NULL OR state = 'waiting'",
    "not_needed_is_skipped": "not_needed IS NULL OR state = 'skipped'",
}
LATER = sa.text("only_if IS NOT NULL OR follow_up IS NOT NULL")
PENDING = sa.text("opens_at IS NOT NULL AND set_aside_at IS NULL")


def upgrade() -> None:
    for name in ASKED:
        op.add_column("step", sa.Column(name, sa.JSON(), nullable=True))
    with op.batch_alter_table("step_run") as table:
        for name in (*ASKED, "not_needed"):
            table.add_column(sa.Column(name, sa.JSON(), nullable=True))
        for name in ("opens_at", "opened_at"):
            table.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(f"ck_step_run_{name}"), rule)
    _index("ix_step_run_opens_at", "opens_at", PENDING)
    _index("ix_step_run_later", "run_id", LATER)


def downgrade() -> None:
    for name in ("ix_step_run_later", "ix_step_run_opens_at"):
        op.drop_index(name, table_name="step_run")
    with op.batch_alter_table("step_run") as table:
        for name in CHECKS:
            table.drop_constraint(op.f(f"ck_step_run_{name}"), type_="check")
        for name in (*ASKED, "not_needed", "opens_at", "opened_at"):
            table.drop_column(name)
    for name in ASKED:
        op.drop_column("step", name)


def _index(name: str, column: str, where: sa.TextClause) -> None:
    op.create_index(name, "step_run", [column], sqlite_where=where, postgresql_where=where)
