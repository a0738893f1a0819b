"""The schema: models and migrations say the same, there and back."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from webapp import create_app
from webapp.config import SettingError, Settings
from webapp.database import MIGRATIONS, current_revision, newest_revision, upgrade_current
from webapp.extensions import db


@pytest.fixture
def empty(settings: Settings, database: str):
    app = create_app(replace(settings, database_url=database))
    with app.app_context():
        yield
        db.session.remove()
        db.engine.dispose()


def test_the_migrations_make_what_the_models_say(empty):
    upgrade_current()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_the_migrations_make_the_same_guards_as_the_models(empty):
    upgrade_current()
    migrated = _guards()
    with db.engine.begin() as connection:
        _drop_everything(connection, migrated)
    db.create_all()
    assert migrated == _guards() != []


def test_the_migrations_leave_nothing_behind_on_the_way_down(empty):
    upgrade_current()
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=str(MIGRATIONS))
    assert current_revision() == newest_revision()


def test_a_database_that_is_newer_than_the_code_is_refused_in_words(empty):
    upgrade_current()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingError, match="made by a newer Baton"):
        upgrade_current()


def test_a_database_that_cannot_be_reached_is_named(settings, tmp_path: Path):
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'baton.sqlite3'}"
    app = create_app(replace(settings, database_url=nowhere))
    with app.app_context(), pytest.raises(SettingError, match="cannot be read"):
        current_revision()


def _guards() -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    with db.engine.connect() as connection:
        return list(connection.execute(text(query)).scalars())


def _drop_everything(connection, guards: list[str]) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
        return
    connection.execute(text("PRAGMA defer_foreign_keys = ON"))
    for guard in guards:
        connection.execute(text(f"DROP TRIGGER {guard}"))
    for table in reversed(inspect(connection).get_table_names()):
        connection.execute(text(f'DROP TABLE "{table}"'))


def test_a_file_that_is_no_database_is_named(settings, tmp_path: Path):
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"no database" * 500)
    app = create_app(replace(settings, database_url=f"sqlite:///{broken}"))
    with app.app_context(), pytest.raises(SettingError, match="restore it from a copy"):
        current_revision()
