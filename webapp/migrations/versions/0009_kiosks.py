"""Kiosks, how they are paired, turns at them, and PINs.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    _make_kiosk()
    _make_pairing()
    _make_turn()
    _make_tries()
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("pin_hash", sa.String(), nullable=True))
        table.add_column(sa.Column("pin_set_at", TIME, nullable=True))
    for name in ("command", "proof"):
        op.add_column(name, sa.Column("turn_id", sa.String(length=64), nullable=True))
    with op.batch_alter_table("device") as table:
        table.alter_column("person_id", existing_type=sa.String(length=26), nullable=True)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM device WHERE person_id IS NULL"))
    with op.batch_alter_table("device") as table:
        table.alter_column("person_id", existing_type=sa.String(length=26), nullable=False)
    for name in ("proof", "command"):
        op.drop_column(name, "turn_id")
    with op.batch_alter_table("person") as table:
        table.drop_column("pin_set_at")
        table.drop_column("pin_hash")
    for name in ("code_tries", "pin_tries", "turn", "pairing", "kiosk"):
        op.drop_table(name)


def _make_kiosk() -> None:
    op.create_table(
        "kiosk",
        _id(),
        _ref("org_id"),
        _ref("location_id"),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        _ref("paired_by_id"),
        sa.Column("paired_at", TIME, nullable=False),
        sa.Column("revoked_at", TIME, nullable=True),
        _ref("revoked_by_id", nullable=True),
        sa.Column("wrong_day", sa.Date(), nullable=True),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_kiosk_named")),
        _refers_to("kiosk", "org_id", "organisation"),
        _refers_to("kiosk", "location_id", "location"),
        _refers_to("kiosk", "paired_by_id", "person"),
        _refers_to("kiosk", "revoked_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_token_hash")),
    )
    op.create_index("ix_kiosk_org_device", "kiosk", ["org_id", "device_id"])


def _make_pairing() -> None:
    op.create_table(
        "pairing",
        _id(),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("poll_hash", sa.String(length=64), nullable=False),
        sa.Column("device_id", sa.String(length=64), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        _ref("org_id", nullable=True),
        _ref("location_id", nullable=True),
        sa.Column("name", sa.String(length=60), nullable=True),
        _ref("approved_by_id", nullable=True),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("used_at", TIME, nullable=True),
        sa.CheckConstraint(
            "approved_at IS NULL OR (org_id IS NOT NULL AND location_id IS NOT NULL "
            "AND name IS NOT NULL AND approved_by_id IS NOT NULL)",
            name=op.f("ck_pairing_approved_whole"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR approved_at IS NOT NULL",
            name=op.f("ck_pairing_used_once_approved"),
        ),
        _refers_to("pairing", "org_id", "organisation"),
        _refers_to("pairing", "location_id", "location"),
        _refers_to("pairing", "approved_by_id", "person"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_pairing_code_hash")),
        sa.UniqueConstraint("poll_hash", name=op.f("uq_pairing_poll_hash")),
    )
    op.create_index(op.f("ix_pairing_expires_at"), "pairing", ["expires_at"])


def _make_turn() -> None:
    op.create_table(
        "turn",
        _ref("org_id"),
        sa.Column("id", sa.String(length=64), nullable=False),
        _ref("kiosk_id"),
        _ref("person_id"),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("sealed_sha256", sa.String(length=64), nullable=False),
        sa.Column("verified_at", TIME, nullable=True),
        sa.Column("refused_at", TIME, nullable=True),
        sa.Column("refused_because", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            "refused_because IN ('pin_wrong', 'pin_locked', 'pin_missing', 'not_here')",
            name=op.f("ck_turn_refused_because_known"),
        ),
        sa.CheckConstraint(
            "verified_at IS NULL OR refused_at IS NULL", name=op.f("ck_turn_settled_once")
        ),
        sa.CheckConstraint(
            "(refused_at IS NULL) = (refused_because IS NULL)",
            name=op.f("ck_turn_refused_for_a_reason"),
        ),
        _refers_to("turn", "org_id", "organisation"),
        _refers_to("turn", "kiosk_id", "kiosk"),
        _refers_to("turn", "person_id", "person"),
        sa.PrimaryKeyConstraint("org_id", "id", name=op.f("pk_turn")),
    )
    op.create_index(op.f("ix_turn_kiosk_id"), "turn", ["kiosk_id"])


def _make_tries() -> None:
    op.create_table(
        "pin_tries",
        _ref("kiosk_id"),
        _ref("person_id"),
        _ref("org_id"),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("locked_until", TIME, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("wrong_today", sa.Integer(), nullable=False),
        _refers_to("pin_tries", "kiosk_id", "kiosk"),
        _refers_to("pin_tries", "person_id", "person"),
        _refers_to("pin_tries", "org_id", "organisation"),
        sa.PrimaryKeyConstraint("kiosk_id", "person_id", name=op.f("pk_pin_tries")),
    )
    op.create_index(op.f("ix_pin_tries_person_id"), "pin_tries", ["person_id"])
    op.create_index("ix_pin_tries_org_day", "pin_tries", ["org_id", "day"])
    op.create_table(
        "code_tries",
        _ref("person_id"),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        _refers_to("code_tries", "person_id", "person"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_code_tries")),
    )


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(length=26), nullable=False)


def _ref(name: str, *, nullable: bool = False) -> sa.Column[str]:
    """A column for the id of another row; its constraint is made by `_refers_to`."""
    return sa.Column(name, sa.String(length=26), nullable=nullable)


def _refers_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
