"""Names for devices, what waits on them, and devices that are gone for good; the daily sweep.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device") as table:
        table.add_column(sa.Column("kind", sa.String(32), nullable=True))
        table.add_column(sa.Column("name", sa.String(60), nullable=True))
        table.add_column(sa.Column("waiting_steps", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("gone_why", sa.String(), nullable=True))
    with op.batch_alter_table("handoff") as table:
        table.add_column(sa.Column("dark_device", sa.String(), nullable=True))
    with op.batch_alter_table("engine") as table:
        table.add_column(sa.Column("next_sweep_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("engine") as table:
        table.drop_column("next_sweep_at")
    with op.batch_alter_table("handoff") as table:
        table.drop_column("dark_device")
    with op.batch_alter_table("device") as table:
        for name in ("gone_why", "gone_at", "waiting_steps", "name", "kind"):
            table.drop_column(name)
