"""Find uploads that began and did not end by an index.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

UNFINISHED = sa.text("completed_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_blob_unfinished",
        "blob",
        ["org_id", "created_at"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )


def downgrade() -> None:
    op.drop_index("ix_blob_unfinished", table_name="blob")
