"""Reference pictures: how a step should look, on the version's step and frozen on its runs.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WITH_PICTURE = sa.text("picture_sha256 IS NOT NULL")


def upgrade() -> None:
    for name in ("step", "step_run"):
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("picture_sha256", sa.String(length=64), nullable=True))
            table.add_column(sa.Column("picture_alt", sa.String(), nullable=True))
    with op.batch_alter_table("step") as table:
        table.create_check_constraint(
            op.f("ck_step_picture_in_words"), "picture_sha256 IS NULL OR length(picture_alt) > 0"
        )
    op.create_index(op.f("ix_step_picture_sha256"), "step", ["picture_sha256"])
    op.create_index(
        "ix_step_run_picture_sha256",
        "step_run",
        ["picture_sha256"],
        sqlite_where=WITH_PICTURE,
        postgresql_where=WITH_PICTURE,
    )


def downgrade() -> None:
    op.drop_index(
        "ix_step_run_picture_sha256",
        table_name="step_run",
        sqlite_where=WITH_PICTURE,
        postgresql_where=WITH_PICTURE,
    )
    op.drop_index(op.f("ix_step_picture_sha256"), table_name="step")
    with op.batch_alter_table("step") as table:
        table.drop_constraint(op.f("ck_step_picture_in_words"), type_="check")
    for name in ("step_run", "step"):
        with op.batch_alter_table(name) as table:
            table.drop_column("picture_alt")
            table.drop_column("picture_sha256")
