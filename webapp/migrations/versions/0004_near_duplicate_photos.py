"""What photos are compared by, and which earlier one a proof looks like.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("blob") as table:
        table.add_column(sa.Column("likeness", sa.LargeBinary(), nullable=True))
    op.create_table(
        "likeness_band",
        sa.Column("org_id", sa.String(length=26), nullable=False),
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "sha256"],
            ["blob.org_id", "blob.sha256"],
            name=op.f("fk_likeness_band_org_id_sha256"),
        ),
        sa.PrimaryKeyConstraint(
            "org_id", "band", "sha256", "fingerprint", name=op.f("pk_likeness_band")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("proof") as table:
        table.add_column(sa.Column("like_id", sa.String(length=26), nullable=True))
        table.add_column(sa.Column("like_distance", sa.Integer(), nullable=True))
        table.add_column(
            sa.Column("like_turned", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.create_foreign_key(op.f("fk_proof_like_id"), "proof", ["like_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("proof") as table:
        table.drop_constraint(op.f("fk_proof_like_id"), type_="foreignkey")
        table.drop_column("like_turned")
        table.drop_column("like_distance")
        table.drop_column("like_id")
    op.drop_table("likeness_band")
    with op.batch_alter_table("blob") as table:
        table.drop_column("likeness")
