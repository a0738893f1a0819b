"""Dates on which a location is open although they are public holidays or weekdays off.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("location") as table:
        table.add_column(sa.Column("open_all_the_same", sa.String(), nullable=True))
        table.create_check_constraint(
            op.f("ck_location_open_on_some_date"), "length(open_all_the_same) > 0"
        )


def downgrade() -> None:
    with op.batch_alter_table("location") as table:
        table.drop_constraint(op.f("ck_location_open_on_some_date"), type_="check")
        table.drop_column("open_all_the_same")
