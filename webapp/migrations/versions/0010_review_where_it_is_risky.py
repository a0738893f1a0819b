"""The review policy `risky`, and what a person gave before, in order of time.

Revision: 0010, after 0009.
"""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KNOWN = "review IN ('none', 'photos', 'risky', 'all')"
KNOWN_BEFORE = "review IN ('none', 'photos', 'all')"


def upgrade() -> None:
    _known(KNOWN)
    op.create_index("ix_proof_person_captured", "proof", ["person_id", "captured_at"])


def downgrade() -> None:
    op.drop_index("ix_proof_person_captured", table_name="proof")
    op.execute("UPDATE process_version SET review = 'photos' WHERE review = 'risky'")
    op.execute("UPDATE step_run SET review = 'photos' WHERE review = 'risky'")
    _known(KNOWN_BEFORE)


def _known(policies: str) -> None:
    with op.batch_alter_table("process_version") as table:
        table.drop_constraint(op.f("ck_process_version_review_known"), type_="check")
        table.create_check_constraint(op.f("ck_process_version_review_known"), policies)
