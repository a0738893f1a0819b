"""How a location words a step, and what each version of a process was called.

Revision: 0013, after 0011.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None

KNOWN = "wording IN ('locked', 'open')"
NAME = sa.text(
    "UPDATE process_version SET name ="
    " (SELECT process.name FROM process WHERE process.id = process_version.process_id)"
)


def upgrade() -> None:
    op.add_column("process_version", sa.Column("name", sa.String(), nullable=True))
    op.execute(NAME)
    with op.batch_alter_table("process_version") as table:
        table.alter_column("name", existing_type=sa.String(), nullable=False)
        table.create_check_constraint(op.f("ck_process_version_named"), "length(name) > 0")
        table.add_column(sa.Column("wording", sa.String(), nullable=False, server_default="locked"))
        table.create_check_constraint(op.f("ck_process_version_wording_known"), KNOWN)
    with op.batch_alter_table("process_version") as table:
        table.alter_column("wording", existing_type=sa.String(), server_default=None)
    with op.batch_alter_table("step") as table:
        table.add_column(sa.Column("wording", sa.String(), nullable=True))
        table.create_check_constraint(op.f("ck_step_wording_known"), KNOWN)
    op.create_table(
        "step_wording",
        sa.Column("step_id", sa.String(length=26), nullable=False),
        sa.Column("location_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("instructions", sa.String(), nullable=True),
        sa.CheckConstraint(
            "title IS NOT NULL OR instructions IS NOT NULL",
            name=op.f("ck_step_wording_says_something"),
        ),
        sa.ForeignKeyConstraint(["step_id"], ["step.id"], name=op.f("fk_step_wording_step_id")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_step_wording_location_id")
        ),
        sa.PrimaryKeyConstraint("step_id", "location_id", name=op.f("pk_step_wording")),
    )


def downgrade() -> None:
    op.drop_table("step_wording")
    with op.batch_alter_table("step") as table:
        table.drop_constraint(op.f("ck_step_wording_known"), type_="check")
        table.drop_column("wording")
    with op.batch_alter_table("process_version") as table:
        for name in ("wording_known", "named"):
            table.drop_constraint(op.f(f"ck_process_version_{name}"), type_="check")
        table.drop_column("wording")
        table.drop_column("name")
