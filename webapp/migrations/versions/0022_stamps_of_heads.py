"""Time stamps of published heads.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_stamp",
        sa.Column("org_id", sa.String(26), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(200), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("authority", sa.String(200), nullable=True),
        sa.CheckConstraint(
            "(answer IS NULL) = (at IS NULL)", name=op.f("ck_record_stamp_stamped_at_some_time")
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (authority IS NULL)",
            name=op.f("ck_record_stamp_stamped_by_somebody"),
        ),
        sa.CheckConstraint(
            "(answer IS NULL) = (next_try_at IS NOT NULL)",
            name=op.f("ck_record_stamp_tried_until_stamped"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id"], ["organisation.id"], name=op.f("fk_record_stamp_org_id")
        ),
        sa.PrimaryKeyConstraint("org_id", "seq", name=op.f("pk_record_stamp")),
    )


def downgrade() -> None:
    op.drop_table("record_stamp")
