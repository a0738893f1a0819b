"""Where the time comes from. Nothing else in Baton asks the machine what time it is."""

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import Engine, delete, insert, select

from webapp.models.engine import TestClock


class Clock(Protocol):
    """Gives the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return what the machine says."""
        return datetime.now(UTC)


class SharedTestClock:
    """A clock that stands still in a database row, so that every process follows it at once.

    Only with `BATON_TEST_CLOCK=1`. Until it is set for the first time it shows the real time.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # Asked in the midst of a write, it must not wait for that very write to end.
        self._reading = engine.execution_options(only_reads=True)

    def now(self) -> datetime:
        """Return what the row says, or the real time while there is none."""
        with self._reading.connect() as connection:
            shown = connection.execute(select(TestClock.shows)).scalar_one_or_none()
        return shown or datetime.now(UTC)

    def set(self, moment: datetime) -> datetime:
        """Make every process of this installation believe that it is `moment` (aware)."""
        moment = moment.astimezone(UTC)
        with self._engine.begin() as connection:
            connection.execute(delete(TestClock))
            connection.execute(insert(TestClock).values(id=1, shows=moment))
        return moment

    def advance(self, by: timedelta) -> datetime:
        """Move the clock forward and return what it shows now."""
        return self.set(self.now() + by)
