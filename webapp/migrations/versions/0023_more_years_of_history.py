"""Indexes for what else grew with the years: what is set aside, like photos, a person's fixes.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_step_run_set_aside": ("step_run", ["org_id"], "set_aside_at IS NOT NULL"),
    "ix_proof_like_id": ("proof", ["like_id"], "like_id IS NOT NULL"),
    "ix_fix_note_person_at": ("fix_note", ["person_id", "at"], None),
}


def upgrade() -> None:
    for name, (table, columns, which) in INDEXES.items():
        where = sa.text(which) if which else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, *_) in INDEXES.items():
        op.drop_index(name, table)
