"""One look at when the engine must act next: the clock's idle tick is this and nothing else.

The smallest moment of each kind stands at the head of its index, however many rows there are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Dialect, Engine, Select, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from webapp.models import EngineState, OutboxMessage, Run, StepRun
from webapp.services.planning import PLAN_EVERY
from worker.duties import HEARTBEAT_EVERY

_MOMENTS: dict[str, Select[Any]] = {
    "opens": select(func.min(Run.opens_at)).where(
        Run.state == "planned", Run.set_aside_at.is_(None)
    ),
    "looks": select(func.min(StepRun.escalate_at)).where(
        StepRun.escalate_at.is_not(None), StepRun.set_aside_at.is_(None)
    ),
    "follows": select(func.min(StepRun.opens_at)).where(
        StepRun.opens_at.is_not(None), StepRun.set_aside_at.is_(None)
    ),
    "reminds": select(func.min(Run.remind_at)).where(Run.remind_at.is_not(None)),
    "plans": select(EngineState.next_plan_at),
    "beats": select(EngineState.last_tick_at),
    "sends": select(func.min(OutboxMessage.next_attempt_at)).where(
        OutboxMessage.next_attempt_at.is_not(None)
    ),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found: whether a tick is needed, whether messages are due, and what is next."""

    tick_is_due: bool
    messages_due: bool
    next_at: datetime | None


class Glance:
    """Keeps one connection for its one statement. For one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        asked = select(*(each.scalar_subquery() for each in _MOMENTS.values()))
        compiled = asked.compile(dialect=engine.dialect, compile_kwargs={"literal_binds": True})
        # The driver's own cursor gets it: a percent sign is none of its parameters.
        self._sql = str(compiled)
        types = [query.selected_columns[0].type for query in _MOMENTS.values()]
        self._read = [_reader(each, engine.dialect) for each in types]
        self._cursor: Any = None

    def look(self, now: datetime) -> Seen:
        """Ask the database; DBAPIError when it does not answer, and the next look connects anew."""
        moments = dict(zip(_MOMENTS, self._ask(), strict=True))
        beats, plans, sends = (moments.pop(name) for name in ("beats", "plans", "sends"))
        coming = [moment for moment in moments.values() if moment is not None]
        # Planning begins anew, too, when the clock was set back; so does the heartbeat.
        planned = plans is not None and now < plans <= now + PLAN_EVERY
        is_due = not planned or any(moment <= now for moment in coming)
        beat = beats is not None and abs(now - beats) < HEARTBEAT_EVERY
        later = [moment for moment in (*coming, sends) if moment is not None and moment > now]
        return Seen(
            tick_is_due=is_due or not beat,
            messages_due=sends is not None and sends <= now,
            next_at=min(later, default=None),
        )

    def close(self) -> None:
        """Let go of the connection."""
        if self._cursor is not None:
            self._cursor.connection.close()
            self._cursor = None

    def _ask(self) -> list[datetime | None]:
        try:
            self._connect()
            self._cursor.execute(self._sql)
            # All of it: a statement that is not at its end would hold on to what it saw.
            (row,) = self._cursor.fetchall()
        except self._engine.dialect.loaded_dbapi.Error as error:
            self.close()
            raise DBAPIError(self._sql, None, error) from error
        return [read(value) for read, value in zip(self._read, row, strict=True)]

    def _connect(self) -> None:
        """Open a connection that is in no transaction: each look sees what is committed by then."""
        if self._cursor is not None:
            return
        pooled = self._engine.raw_connection()
        driver: Any = pooled.driver_connection
        pooled.detach()
        if self._engine.dialect.name == "postgresql":
            driver.autocommit = True
        self._cursor = driver.cursor()


def _reader(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], datetime | None]:
    """What makes a moment of what the driver gives."""
    processor = kind.dialect_impl(dialect).result_processor(dialect, None)
    return processor or (lambda value: value)
