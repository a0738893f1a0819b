"""The clock's loop: it ends when it is told to or has grown old, and for nothing else."""

import threading

import pytest
from flask import current_app
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from webapp import database
from webapp.config import SettingError
from worker import loop
from worker.duties import Tick
from worker.hints import Hints

pytestmark = pytest.mark.usefixtures("session")


class Ticks:
    """Stands for the engine: plays one thing a tick, then tells the clock to stop."""

    def __init__(self, *plays) -> None:
        self.plays, self.stop, self.count = list(plays), threading.Event(), 0

    def __call__(self, session, now, progress) -> Tick:
        self.count += 1
        play = self.plays.pop(0)
        if not self.plays:
            self.stop.set()
        if isinstance(play, Exception):
            raise play
        return Tick(0, 0, messages_due=bool(play))


@pytest.fixture
def runs(monkeypatch):
    def run(*plays) -> tuple[int, Ticks]:
        ticks = Ticks(*plays)
        monkeypatch.setattr(loop, "tick", ticks)
        monkeypatch.setattr(loop, "PAUSE", 0)
        monkeypatch.setattr(loop, "PAUSE_WHEN_AWAY", 0)
        monkeypatch.setattr(loop, "_stop_on_signals", lambda: ticks.stop)
        monkeypatch.setattr(
            Hints, "give", lambda hints, messages_due: ticks.hints.append(messages_due)
        )
        ticks.hints = []
        return loop.run_clock(current_app._get_current_object()), ticks

    return run


@pytest.fixture
def revisions(monkeypatch):
    """The revisions that the database shows, one a look; the last one stays."""

    def show(*found) -> None:
        waiting = list(found)

        def current() -> str:
            shown = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if isinstance(shown, Exception):
                raise shown
            return shown

        monkeypatch.setattr(database, "current_revision", current)
        monkeypatch.setattr(database, "newest_revision", lambda: "new")
        monkeypatch.setattr(loop, "SCHEMA_CHECK_EVERY", -1)

    return show


def test_it_ticks_until_it_is_told_to_stop_and_hints_what_is_due(runs, revisions):
    revisions("new")
    status, ticks = runs(True, False, True)
    assert (status, ticks.hints) == (0, [True, False, True])


def test_an_old_clock_stops_itself_when_the_schema_has_moved_on(runs, revisions):
    revisions("new", "new", "newer")
    with capture_logs() as said:
        status, ticks = runs(True, True, True, True)
    assert (status, ticks.count) == (loop.SCHEMA_MOVED_ON, 1)
    assert said[-1]["log_level"] == "error"


def test_a_clock_never_ticks_on_a_schema_that_is_not_its_own(runs, revisions):
    revisions("old")
    status, ticks = runs(True)
    assert (status, ticks.count) == (loop.SCHEMA_MOVED_ON, 0)


def test_a_database_that_is_away_is_waited_for(runs, revisions):
    away = SettingError("DATABASE_URL: the database cannot be reached.")
    revisions("new", away, away, "new")
    broken = OperationalError("SELECT", {}, Exception("the connection is closed"))
    with capture_logs() as said:
        status, ticks = runs(broken, broken, True)
    assert (status, ticks.count, ticks.hints) == (0, 3, [True])
    assert [entry["log_level"] for entry in said] == ["warning", "warning"]


def test_a_database_that_is_away_at_the_start_is_named(runs, revisions):
    revisions(SettingError("DATABASE_URL: the database cannot be reached."))
    with pytest.raises(SettingError, match="DATABASE_URL"):
        runs(True)
