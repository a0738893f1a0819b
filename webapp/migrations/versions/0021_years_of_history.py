"""Indexes with which pages take as long with years of history as with a month of it.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_run_process_deadline": ("run", ["process_id", "deadline_at"], None),
    "ix_run_open": ("run", ["org_id", "location_id"], "state = 'open'"),
    "ix_run_set_aside": ("run", ["org_id"], "set_aside_at IS NOT NULL"),
    "ix_proof_photos": ("proof", ["org_id", "received_at", "id"], "kind = 'photo'"),
    "ix_proof_photos_of_person": ("proof", ["person_id"], "kind = 'photo'"),
    "ix_outbox_other_channels": (
        "outbox",
        ["org_id", "person_id", "channel", "id"],
        "channel <> 'push'",
    ),
}


def upgrade() -> None:
    for name, (table, columns, which) in INDEXES.items():
        where = sa.text(which) if which else None
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, *_) in INDEXES.items():
        op.drop_index(name, table)
