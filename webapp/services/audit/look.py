"""What one audit has in hand: a snapshot to read, the time, and how far it got before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from webapp.models import EngineState
from webapp.rules.moment_words import clock_words
from webapp.rules.sentences import say
from webapp.services.silence import SILENCE

# What is closed is looked at as long as it is fresh; older changes break the record or a hash.
RECENT = timedelta(days=2)
# Times are kept to the microsecond; this only forgives what a database rounds.
TOLERANCE = timedelta(seconds=1)
AT_ONCE = 400
# One fault may have ten thousand children; nobody reads more than this of one kind.
MOST = 100

Item = TypeVar("Item")


@dataclass(slots=True)
class Memory:
    """How far the audits of a long-lived process have come; a fresh one makes each audit whole.

    It saves time only: what it forgets is looked at again.
    """

    process_after: str = ""
    suspects: set[str] = field(default_factory=set)
    step_after: str = ""
    suspect_steps: set[str] = field(default_factory=set)
    suspect_after: str = ""
    proof_after: str = ""
    tails: dict[str, tuple[int, str]] = field(default_factory=dict)
    reread: dict[str, tuple[int, str]] = field(default_factory=dict)

    def next_suspect_steps(self) -> list[str]:
        """Return as many as fit into one query; from the first again once all had their turn."""
        ahead = sorted(each for each in self.suspect_steps if each > self.suspect_after)
        behind = sorted(each for each in self.suspect_steps if each <= self.suspect_after)
        turn = [*ahead, *behind][:AT_ONCE]
        self.suspect_after = turn[-1] if turn else ""
        return turn


@dataclass(frozen=True, slots=True)
class Look:
    """One audit. `memory` is None for a whole one.

    `clock_at` and `worker_at` are until when the clock and the worker must have done what was
    due: when they last said that they are alive, or now if they are silent.
    """

    session: Session
    now: datetime
    blob_dir: Path
    clock_at: datetime
    worker_at: datetime
    planned_at: datetime | None
    memory: Memory | None

    @property
    def since(self) -> datetime:
        """From which deadline on closed runs are looked at."""
        return self.now - RECENT

    def words(self, moment: datetime, zone: str) -> str:
        """Say a moment as people there do; in UTC when nobody knows the zone."""
        try:
            return clock_words(moment, self.now, zone)
        except (KeyError, ValueError, OSError):
            return say("%(time)s (UTC)", time=clock_words(moment, self.now, "UTC"))

    def remember(self, step_run_id: str, *, at_fault: bool) -> None:
        """Look at a step that is at fault in each audit until it is not."""
        if self.memory is not None:
            known = self.memory.suspect_steps
            (known.add if at_fault else known.discard)(step_run_id)


def look(session: Session, now: datetime, blob_dir: Path, memory: Memory | None) -> Look:
    """Return an audit's surroundings, read from the engine's row."""
    engine = session.scalars(select(EngineState).order_by(EngineState.id).limit(1)).first()
    return Look(
        session=session,
        now=now,
        blob_dir=blob_dir,
        clock_at=_alive_at(engine.last_tick_at if engine else None, now),
        worker_at=_alive_at(engine.worker_seen_at if engine else None, now),
        planned_at=engine.next_plan_at if engine else None,
        memory=memory,
    )


def _alive_at(seen_at: datetime | None, now: datetime) -> datetime:
    is_alive = seen_at is not None and abs(now - seen_at) <= SILENCE
    return min(seen_at, now) if seen_at is not None and is_alive else now


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """Lend a session that only reads, and sees the database as it is at one moment.

    It takes no lock that a writer would wait for: SQLite reads beside the writer (WAL), and
    PostgreSQL from a snapshot.
    """
    options: dict[str, Any] = {"only_reads": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with Session(engine.execution_options(**options), autoflush=False) as session:
        yield session


def in_chunks(items: Sequence[Item]) -> Iterator[list[Item]]:
    """Yield the items in lists that fit into one query."""
    rest = iter(items)
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
