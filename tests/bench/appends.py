"""Many writers on one record: how many events a second, with one of them killed on its way.

Beside them, as many that do the least that a chain needs: take one row, insert one, commit. What
was said to be committed must be there once, and the chain must stand.
"""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tests.bench.appends_writer import BARE, NOTED
from tests.bench.databases import Fresh
from tests.bench.installation import fill
from tests.bench.row import Row
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Event, Person, StepRun, new_id
from webapp.rules.record import Verified
from webapp.services import record

STEPS, WRITERS = 8_000, 8
WORDS = {
    "note": ("an event each", ">= 0.8 of it"),
    "close": ("a step closed each", ""),
    "batch": ("a hundred steps closed at once", ">= 500/s"),
}
# Of what is only noted, and of steps that are closed.
AT_MOST = (20_000, STEPS // 4)
SECONDS = 5.0
KILLED_AFTER = 2.0


def compare(kind: str, directory: Path, fresh: Fresh) -> Iterator[Row]:
    """Events a second of eight writers on one organisation, beside as many bare commits."""
    directory = directory / "appends"
    with _house(directory, fresh()) as house:
        bare = {writers: house.rate("bare", writers) for writers in (1, WRITERS)}
        for how, (words, goal) in WORDS.items():
            alone, together = house.rate(how, 1), house.rate(how, WRITERS)
            yield Row(
                f"appends, {WRITERS} writers on one record, {words}, {kind}",
                f"{together:.0f}/s",
                f"{WRITERS} bare writers {bare[WRITERS]:.0f}/s",
                f"{together / bare[WRITERS]:.2f} of it",
                goal,
                f"one writer {alone:.0f}/s, bare {bare[1]:.0f}/s; one of eight was killed; "
                "every acknowledged event is there once, the chain stands",
            )


class _House(NamedTuple):
    """One organisation with many open steps, and what a writer must be told of it."""

    session: Session
    given: list[str]
    ids: list[str]

    def rate(self, how: str, writers: int) -> float:
        """Let so many write at once, each step once; how many events a second that were."""
        closes = how in ("close", "batch")
        ids = [self.ids.pop() if closes else new_id() for _ in range(AT_MOST[closes])]
        before = self._count(how)
        said, took = _run([*self.given, how], ids, writers)
        written = self._count(how) - before
        _check(self.session, said, how)
        return written / took

    def _count(self, how: str) -> int:
        self.session.rollback()
        counted = text("SELECT count(*) FROM bare_event") if how == "bare" else _EVENTS
        return int(self.session.scalar(counted) or 0)


_EVENTS = select(func.count()).select_from(Event)


@contextmanager
def _house(directory: Path, url: str | None) -> Iterator[_House]:
    directory.mkdir()
    url = url or f"sqlite:///{directory / 'baton.sqlite3'}"
    settings = Settings.from_env({"BATON_DATA_DIR": str(directory), "DATABASE_URL": url})
    database.upgrade(settings)
    with create_app(settings).app_context():
        session = db.session()
        now = datetime.now(UTC)
        fill(session, STEPS, now + timedelta(days=30), now, "https://push.example")
        for statement in BARE:
            session.execute(text(statement))
        session.commit()
        ana = session.scalars(select(Person.id).where(Person.name == "Ana")).one()
        ids = list(session.scalars(select(StepRun.id).where(StepRun.state == "open")))
        yield _House(session, [str(directory), url, ana], ids)
        db.session.remove()
        db.engine.dispose()


def _run(given: Sequence[str], ids: Sequence[str], writers: int) -> tuple[list[str], float]:
    """Let them write for some seconds; return what they said, and how long that took."""
    # Each has runs of its own, as a phone has: two that share one wait for each other.
    share = len(ids) // writers
    started = [
        _Writer(given, ids[number * share : (number + 1) * share]) for number in range(writers)
    ]
    for writer in started:
        writer.wait_until_ready()
    began = time.monotonic()
    for writer in started:
        writer.begin()
    time.sleep(KILLED_AFTER)
    if writers > 1:
        started[0].process.kill()
    time.sleep(SECONDS - KILLED_AFTER)
    for writer in started:
        writer.process.kill()
        writer.finish()
    took = max(writer.heard_at for writer in started) - began
    return [each for writer in started for each in writer.said], took


class _Writer:
    """A process that writes, and a thread that hears what it says."""

    def __init__(self, given: Sequence[str], ids: Sequence[str]) -> None:
        self._todo = ids
        self.said: list[str] = []
        self.heard_at = 0.0
        command = [sys.executable, "-m", "tests.bench.appends_writer", *given]
        self.process: subprocess.Popen[str] = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._threads = [threading.Thread(target=each) for each in (self._hear, self._feed)]

    def wait_until_ready(self) -> None:
        """It has started, and waits for its first step."""
        assert self._out.readline() == "ready\n", "the writer has started"

    def begin(self) -> None:
        """Give it all its steps."""
        for thread in self._threads:
            thread.start()

    def finish(self) -> None:
        """Hear the last of it."""
        self.process.wait()
        for thread in self._threads:
            thread.join()

    @property
    def _out(self) -> Any:
        return self.process.stdout

    def _feed(self) -> None:
        given: Any = self.process.stdin
        with suppress(BrokenPipeError), given:  # it was killed
            for each in self._todo:
                given.write(f"{each}\n")

    def _hear(self) -> None:
        for line in self._out:
            if line.endswith("\n"):
                self.said.append(line.strip())
                self.heard_at = time.monotonic()


def _check(session: Session, said: Sequence[str], how: str) -> None:
    """Nothing that was acknowledged is lost, doubled, or outside the chain."""
    done = select(Event.subject).where(Event.kind.in_(("step.done", NOTED)))
    query = text("SELECT said FROM bare_event") if how == "bare" else done
    there = Counter(session.scalars(query))
    assert all(there[each] == 1 for each in said), "each is there once"
    assert len(said) == len(set(said)), "each was said once"
    org_id = session.scalars(select(Event.org_id).limit(1)).one()
    verdict = record.verify(session, org_id)
    assert isinstance(verdict, Verified), verdict
