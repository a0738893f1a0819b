"""The week's digest, and what finds the eventful steps and what a person took part in.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

KINDS = (
    "kind IN ('reminder', 'handoff', 'handed_back', 'review', 'sent_back', 'not_needed', 'test',"
    " 'digest')"
)
KINDS_BEFORE = (
    "kind IN ('reminder', 'handoff', 'handed_back', 'review', 'sent_back', 'not_needed', 'test')"
)
CHOICES = "digest IN ('both', 'email', 'push', 'none')"
EVENTFUL = sa.text("missed_at IS NOT NULL OR attempt > 1 OR level > 0")
TOOK_PART = (
    ("handoff", "from_id", "at"),
    ("handoff", "to_id", "at"),
    ("review", "reviewer_id", "at"),
)


def upgrade() -> None:
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("digest", sa.String(8), nullable=False, server_default="both"))
        table.create_check_constraint(op.f("ck_person_digest_known"), CHOICES)
    with op.batch_alter_table("engine") as table:
        table.add_column(sa.Column("next_digest_at", sa.DateTime(timezone=True), nullable=True))
    _known(KINDS)
    op.create_index(
        "ix_step_run_eventful",
        "step_run",
        ["run_id"],
        sqlite_where=EVENTFUL,
        postgresql_where=EVENTFUL,
    )
    for table_name, *columns in TOOK_PART:
        op.create_index(f"ix_{table_name}_{columns[0]}_at", table_name, columns)
    op.create_index("ix_event_actor_seq", "event", ["actor", "seq"])


def downgrade() -> None:
    op.drop_index("ix_event_actor_seq", table_name="event")
    for table_name, *columns in reversed(TOOK_PART):
        op.drop_index(f"ix_{table_name}_{columns[0]}_at", table_name=table_name)
    op.drop_index(
        "ix_step_run_eventful",
        table_name="step_run",
        sqlite_where=EVENTFUL,
        postgresql_where=EVENTFUL,
    )
    op.execute(
        "DELETE FROM receipt WHERE message_id IN (SELECT id FROM outbox WHERE kind = 'digest')"
    )
    op.execute("DELETE FROM outbox WHERE kind = 'digest'")
    _known(KINDS_BEFORE)
    with op.batch_alter_table("engine") as table:
        table.drop_column("next_digest_at")
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("ck_person_digest_known"), type_="check")
        table.drop_column("digest")


def _known(kinds: str) -> None:
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint(op.f("ck_outbox_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_outbox_kind_known"), kinds)
