"""Where the time comes from, and the one clock that tests share between processes."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import StatementError

from webapp import create_app
from webapp.clock import SharedTestClock, SystemClock
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Base, EngineState

NOON = datetime(2026, 3, 8, 12, tzinfo=UTC)


@pytest.fixture
def engines(database: str):
    """Two processes' ways to one database."""
    both = create_engine(database), create_engine(database)
    Base.metadata.create_all(both[0])
    yield both
    for engine in both:
        engine.dispose()


def test_the_real_clock_is_aware_and_shows_now():
    shown = SystemClock().now()
    assert shown.utcoffset() == timedelta(0)
    assert abs(shown - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_clock_that_was_set_stands_still_for_every_process(engines):
    mine, yours = map(SharedTestClock, engines)
    mine.set(NOON)
    assert yours.now() == yours.now() == mine.now() == NOON
    assert yours.advance(timedelta(minutes=15)) == NOON + timedelta(minutes=15)
    assert mine.now() == NOON + timedelta(minutes=15)


def test_it_goes_back_as_well(engines):
    clock = SharedTestClock(engines[0])
    clock.set(NOON)
    assert clock.advance(-timedelta(hours=2)) == NOON - timedelta(hours=2)


def test_it_shows_utc_whatever_zone_it_was_set_in(engines):
    clock = SharedTestClock(engines[0])
    there = NOON.astimezone(timezone(timedelta(hours=-6)))
    assert clock.set(there).utcoffset() == timedelta(0)
    assert clock.now() == NOON


def test_until_it_is_set_it_shows_the_real_time(engines):
    assert abs(SharedTestClock(engines[0]).now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_it_can_be_read_while_another_process_writes(engines):
    mine, yours = map(SharedTestClock, engines)
    mine.set(NOON)
    with engines[0].begin() as connection:
        connection.execute(Base.metadata.tables["engine"].insert().values(id=1))
        assert yours.now() == NOON


@pytest.mark.parametrize(("switch", "kind"), [("1", SharedTestClock), ("0", SystemClock)])
def test_the_clock_moves_only_where_it_was_asked_for(tmp_path, switch, kind):
    env = {"BATON_DATA_DIR": str(tmp_path), "BATON_TEST_CLOCK": switch}
    app = create_app(Settings.from_env(env))
    assert isinstance(app.extensions["baton_clock"], kind)
    with app.app_context():
        db.engine.dispose()


def test_a_time_without_a_zone_is_never_stored(stored):
    stored.add(EngineState(id=1, last_tick_at=NOON.replace(tzinfo=None)))
    with pytest.raises(StatementError, match="without a zone"):
        stored.flush()
    stored.rollback()
