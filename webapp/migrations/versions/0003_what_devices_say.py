"""What devices say of themselves, what they lost, and which device a session is on.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("device") as table:
        table.add_column(sa.Column("app_version", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("waiting", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(
            sa.Column("waiting_bytes", sa.BigInteger(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("oldest_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("persisted", sa.Boolean(), nullable=True))
        table.add_column(sa.Column("free_bytes", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("numbers", sa.JSON(), nullable=True))
        table.add_column(sa.Column("losses", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("sign_in") as table:
        table.add_column(sa.Column("device_id", sa.String(length=64), nullable=True))
    with op.batch_alter_table("handoff") as table:
        table.add_column(sa.Column("dark_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("handoff") as table:
        table.drop_column("dark_since")
    with op.batch_alter_table("sign_in") as table:
        table.drop_column("device_id")
    with op.batch_alter_table("device") as table:
        table.drop_column("losses")
        table.drop_column("numbers")
        table.drop_column("reported_at")
        table.drop_column("free_bytes")
        table.drop_column("persisted")
        table.drop_column("oldest_at")
        table.drop_column("waiting_bytes")
        table.drop_column("waiting")
        table.drop_column("app_version")
