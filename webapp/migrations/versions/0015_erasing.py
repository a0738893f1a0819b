"""What an event says can be erased, with its salt, and nothing else; so can people and photos.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

WHEN = sa.DateTime(timezone=True)
PERSON = (
    "erased_at IS NULL OR (deactivated_at IS NOT NULL AND email IS NULL"
    " AND password_hash IS NULL AND pin_hash IS NULL AND extra_url IS NULL)"
)
INDEXES = {
    "ix_event_erased": ("event", ["org_id", "seq"], "salt IS NULL"),
    "ix_blob_kept_photo": (
        "blob",
        ["org_id", "created_at"],
        "width IS NOT NULL AND erased_at IS NULL",
    ),
    "ix_blob_to_remove": (
        "blob",
        ["org_id", "sha256"],
        "erased_at IS NOT NULL AND removed_at IS NULL",
    ),
}
REFUSE = "the record cannot be changed"
KEPT = ("org_id", "seq", "at", "kind", "actor", "subject", "payload_hash", "prev_hash", "hash")
ERASES = "NEW.payload IS NULL AND NEW.salt IS NULL AND OLD.payload IS NOT NULL AND " + " AND ".join(
    f"NEW.{column} = OLD.{column}" for column in KEPT
)
SQLITE = "CREATE TRIGGER event_no_{} BEFORE {} ON event{} BEGIN SELECT RAISE(ABORT, '{}'); END"
IS_THERE = "EXISTS (SELECT 1 FROM event WHERE org_id = NEW.org_id AND seq = NEW.seq)"
BEFORE = [SQLITE.format(each.lower(), each, "", REFUSE) for each in ("UPDATE", "DELETE")]
AFTER = [
    SQLITE.format("update", "UPDATE", f" WHEN NOT ({ERASES})", REFUSE),
    SQLITE.format("delete", "DELETE", "", REFUSE),
    SQLITE.format("replace", "INSERT", f" WHEN {IS_THERE}", REFUSE),
]
FUNCTION = (
    "CREATE OR REPLACE FUNCTION refuse_record_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN {}RAISE EXCEPTION '{}'; END $$"
)
LET_ERASE = f"IF TG_OP = 'UPDATE' THEN IF {ERASES} THEN RETURN NEW; END IF; END IF; "


def upgrade() -> None:
    _change_the_record(nullable=True, guards=AFTER)
    _define_refusal(LET_ERASE)
    with op.batch_alter_table("organisation") as table:
        table.add_column(sa.Column("photo_months", sa.Integer(), nullable=True))
        name = op.f("ck_organisation_photo_months_sensible")
        table.create_check_constraint(name, "photo_months BETWEEN 1 AND 120")
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("erased_at", WHEN, nullable=True))
        table.create_check_constraint(op.f("ck_person_erased_whole"), PERSON)
    with op.batch_alter_table("blob") as table:
        table.add_column(sa.Column("erased_at", WHEN, nullable=True))
        table.add_column(sa.Column("erased_months", sa.Integer(), nullable=True))
        table.add_column(sa.Column("removed_at", WHEN, nullable=True))
        name = op.f("ck_blob_erased_then_removed")
        table.create_check_constraint(name, "removed_at IS NULL OR erased_at IS NOT NULL")
    for name, (table, columns, which) in INDEXES.items():
        where = sa.text(which)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, (table, *_) in INDEXES.items():
        op.drop_index(name, table)
    with op.batch_alter_table("blob") as table:
        table.drop_constraint(op.f("ck_blob_erased_then_removed"), type_="check")
        for column in ("removed_at", "erased_months", "erased_at"):
            table.drop_column(column)
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f("ck_person_erased_whole"), type_="check")
        table.drop_column("erased_at")
    with op.batch_alter_table("organisation") as table:
        table.drop_constraint(op.f("ck_organisation_photo_months_sensible"), type_="check")
        table.drop_column("photo_months")
    _define_refusal("")
    _change_the_record(nullable=False, guards=BEFORE)


def _change_the_record(nullable: bool, guards: list[str]) -> None:
    """SQLite makes the table anew, whose triggers go with the old one."""
    name = op.f("ck_event_erased_whole")
    with op.batch_alter_table("event") as table:
        if not nullable:
            table.drop_constraint(name, type_="check")
        table.alter_column("payload", existing_type=sa.JSON(), nullable=nullable)
        table.alter_column("salt", existing_type=sa.LargeBinary(16), nullable=nullable)
        if nullable:
            table.create_check_constraint(name, "(payload IS NULL) = (salt IS NULL)")
    for guard in guards if op.get_bind().dialect.name == "sqlite" else ():
        op.execute(guard)


def _define_refusal(let: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(FUNCTION.format(let, REFUSE))
