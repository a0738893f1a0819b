"""In which language a person reads, and an organisation.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KNOWN = "language IN ('en', 'es', 'fr', 'de', 'pt', 'ar')"


def upgrade() -> None:
    _add("person", sa.Column("language", sa.String(8), nullable=True))
    _add("organisation", sa.Column("language", sa.String(8), nullable=False, server_default="en"))


def downgrade() -> None:
    for name in ("organisation", "person"):
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_language_known"), type_="check")
            table.drop_column("language")


def _add(name: str, column: sa.Column[str]) -> None:
    with op.batch_alter_table(name) as table:
        table.add_column(column)
        table.create_check_constraint(op.f(f"ck_{name}_language_known"), KNOWN)
