"""The schema: bring it up to date, and refuse to run on one that is newer than the code."""

from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade as run_migrations
from sqlalchemy.exc import DatabaseError

from webapp.config import SettingError, Settings
from webapp.extensions import db

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(settings: Settings) -> None:
    """Bring the database of `settings` to this code's schema.

    Raises `SettingError` when it cannot be reached or was made by a newer Baton.
    """
    from webapp import create_app

    with create_app(settings).app_context():
        upgrade_current()


def upgrade_current() -> None:
    """Bring the current application's database to this code's schema."""
    if current_revision() == newest_revision():
        return
    refuse_newer()
    run_migrations(directory=str(MIGRATIONS))


def refuse_newer() -> None:
    """Raise `SettingError` when the database has a revision that this code does not know."""
    revision = current_revision()
    known = {script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if revision is not None and revision not in known:
        raise SettingError(
            f"DATABASE_URL: this database was made by a newer Baton (schema {revision}). "
            "Update Baton, or use another database."
        )


def current_revision() -> str | None:
    """Return the revision that the database stands at, or None when it is empty."""
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DatabaseError as error:
        name = current_app.config["SETTINGS"].database_url.rpartition("@")[2]
        raise SettingError(
            f"DATABASE_URL: the database {name} cannot be read. Start it, mend the address, "
            "or restore it from a copy."
        ) from error


def newest_revision() -> str | None:
    """Return the revision that this code was written for."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()
