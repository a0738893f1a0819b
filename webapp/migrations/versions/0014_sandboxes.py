"""Drafts of visitors, kept for a week, or moved into the organisation that they begin.

Revision: 0014, after 0012.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sandbox",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("org_id", sa.String(26), nullable=True),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(org_id IS NULL) <> (expires_at IS NULL)",
            name=op.f("ck_sandbox_expires_or_moved_in"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_sandbox_org_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sandbox")),
    )
    for column in ("org_id", "expires_at"):
        op.create_index(op.f(f"ix_sandbox_{column}"), "sandbox", [column])


def downgrade() -> None:
    op.drop_table("sandbox")
