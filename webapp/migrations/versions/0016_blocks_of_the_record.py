"""The Merkle hashes of whole blocks of events.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_subtree",
        sa.Column("org_id", sa.String(26), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_record_subtree_org_id")
        ),
        sa.PrimaryKeyConstraint("org_id", "position", name=op.f("pk_record_subtree")),
    )


def downgrade() -> None:
    op.drop_table("record_subtree")
