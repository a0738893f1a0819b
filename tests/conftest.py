"""Fixtures of all tests: an application on a fresh database, and a clock that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.databases import KINDS, Renewed
from tests.factories import Crew, crew_of_a_daycare
from webapp.config import Settings
from webapp.extensions import db, limiter

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


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an installation under the test's own directory, on SQLite."""
    read = Settings.from_env({"BATON_DATA_DIR": str(tmp_path), "BATON_PUSH_INSECURE": "1"})
    return replace(read, push_contact="mailto:operator@baton.example")


def _used(renewed: Renewed, settings: Settings, clock: FixedClock) -> Iterator[APIFlask]:
    """Lend the run's application to one test, with the test's own data directory and clock."""
    app = renewed()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    app.config["SETTINGS"] = replace(settings, database_url=url)
    app.extensions["baton_clock"] = clock
    limiter.enabled = False
    with app.app_context():
        yield app
        db.session.remove()
    limiter.enabled = True


@pytest.fixture
def app(settings: Settings, clock: FixedClock, on_sqlite: Renewed) -> Iterator[APIFlask]:
    """The application on SQLite, inside its context."""
    yield from _used(on_sqlite, settings, clock)


@pytest.fixture
def session(app: APIFlask) -> Session:
    return db.session()


@pytest.fixture(params=KINDS)
def stored(
    request: pytest.FixtureRequest, settings: Settings, clock: FixedClock
) -> Iterator[Session]:
    """A session on each kind of database in turn: for services, whose SQL must hold on both."""
    renewed: Renewed = request.getfixturevalue(f"on_{request.param}")
    for _ in _used(renewed, settings, clock):
        yield db.session()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def crew(session: Session, clock: FixedClock) -> Crew:
    """A daycare with its people and one location, committed."""
    return crew_of_a_daycare(session, clock.now())
