"""The schema: models and migrations say the same, there and back."""

from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy import inspect, select, text

from webapp import create_app, extensions
from webapp.config import SettingError, Settings
from webapp.database import MIGRATIONS, current_revision, newest_revision, upgrade_current
from webapp.extensions import db
from webapp.models.base import Base


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
    guards, checks = _guards(), _checks()
    with db.engine.begin() as connection:
        _drop_everything(connection, guards)
    db.create_all()
    assert guards == _guards() != []
    assert checks == _checks()
    assert "ck_step_run_moves_on" in checks


def test_the_migrations_leave_nothing_behind_on_the_way_down(empty):
    upgrade_current()
    downgrade(directory=str(MIGRATIONS), revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    upgrade(directory=str(MIGRATIONS))
    assert current_revision() == newest_revision()


def test_a_database_that_is_newer_than_the_code_is_refused_in_words(empty):
    stamp(directory=str(MIGRATIONS))
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingError, match="made by a newer Baton"):
        upgrade_current()


def test_a_database_that_cannot_be_reached_is_named(settings, tmp_path: Path):
    nowhere = f"sqlite:///{tmp_path / 'missing' / 'baton.sqlite3'}"
    app = create_app(replace(settings, database_url=nowhere))
    with app.app_context(), pytest.raises(SettingError, match="cannot be read"):
        current_revision()


def test_a_writer_on_sqlite_looks_again_at_once_when_the_lock_is_given_back(
    settings, tmp_path: Path, monkeypatch
):
    app = create_app(replace(settings, database_url=f"sqlite:///{tmp_path / 'two.sqlite3'}"))
    with app.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        first.execute(text("CREATE TABLE done (step TEXT)"))
        looks = []
        monkeypatch.setattr(extensions.time, "sleep", lambda _: looks.append(first.commit()))
        second.execute(text("INSERT INTO done VALUES ('fridge')"))
        assert looks == [None]
        patience = second.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        assert patience == extensions._PATIENCE_MS


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


def test_a_filled_database_of_the_first_schema_is_brought_up_with_its_rows(empty):
    upgrade(directory=str(MIGRATIONS), revision="0001")
    with db.engine.begin() as connection:
        for statement in A_HELD_STEP.strip().splitlines():
            connection.execute(text(statement))
    upgrade_current()
    with db.engine.connect() as connection:
        step = connection.execute(text("SELECT moves_at, escalate_at, escalate_why FROM step_run"))
        moves_at, escalate_at, why = step.one()
        message = connection.execute(text("SELECT channel, outcome FROM outbox")).one()
        handoff = connection.execute(text("SELECT level, returned_at FROM handoff")).one()
    assert (moves_at, why) == (escalate_at, "missed")
    assert message == ("push", "accepted")
    assert handoff == (1, None)


MODELS = sorted((each.class_ for each in Base.registry.mappers), key=lambda each: each.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda each: each.__name__)
def test_what_is_joined_to_a_row_is_no_join_within_a_join(model):
    """SQLite would make a table of all that is within it, anew for each question."""
    assert "JOIN (" not in str(select(model))


A_HELD_STEP = """
INSERT INTO organisation (id, name, is_demo, created_at) VALUES ('o', 'Oaks', false, '2026-11-23 06:00:00+00:00')
INSERT INTO location (id, org_id, name, time_zone, created_at) VALUES ('l', 'o', 'Downtown', 'America/Chicago', '2026-11-23 06:00:00+00:00')
INSERT INTO person (id, org_id, name, role, created_at) VALUES ('a', 'o', 'Ana', 'staff', '2026-11-23 06:00:00+00:00')
INSERT INTO person (id, org_id, name, role, created_at) VALUES ('b', 'o', 'Ben', 'owner', '2026-11-23 06:00:00+00:00')
INSERT INTO process (id, org_id, name, version_number, created_at) VALUES ('p', 'o', 'Opening', 1, '2026-11-23 06:00:00+00:00')
INSERT INTO process_version (id, process_id, number, rrule, starts_on, opens_days_before, deadline, grace_minutes, review, created_at) VALUES ('v', 'p', 1, 'FREQ=DAILY', '2026-11-23', 0, '07:15:00', 5, 'none', '2026-11-23 06:00:00+00:00')
INSERT INTO run (id, org_id, process_id, version_id, location_id, occurrence, state, opens_at, deadline_at) VALUES ('r', 'o', 'p', 'v', 'l', '2026-11-23T07:15', 'open', '2026-11-23 12:30:00+00:00', '2026-11-23 13:15:00+00:00')
INSERT INTO step_run (id, org_id, run_id, step_key, position, title, instructions, requirement, review, may_skip, chain, last_level, state, attempt, level, holder_id, deadline_at, escalate_at, claim_paused) VALUES ('s', 'o', 'r', 'k', 1, 'Gate', '', '{}', 'none', false, '[]', 2, 'open', 1, 1, 'b', '2026-11-23 13:15:00+00:00', '2026-11-23 13:40:00+00:00', false)
INSERT INTO handoff (id, org_id, step_run_id, level, from_id, to_id, reason, due_at, at) VALUES ('h', 'o', 's', 1, 'a', 'b', 'missed', '2026-11-23 13:20:00+00:00', '2026-11-23 13:20:00+00:00')
INSERT INTO outbox (id, org_id, person_id, dedupe_key, kind, run_id, step_run_id, level, facts, created_at, expires_at, attempts, settled_at, outcome) VALUES ('m', 'o', 'b', 'handoff:h', 'handoff', 'r', 's', 1, '{}', '2026-11-23 13:20:00+00:00', '2026-11-24 13:20:00+00:00', 1, '2026-11-23 13:20:01+00:00', 'accepted')
INSERT INTO receipt (message_id, device_id, accepted_at) VALUES ('m', 'd', '2026-11-23 13:20:01+00:00')
"""  # noqa: E501


def _checks():
    inspector = inspect(db.engine)
    return {
        check["name"]
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }
