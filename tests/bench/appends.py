"""Many writers on one record: how many events a second, with one of them killed on its way.

Each closes steps by the service that a phone's work comes to. What was said to be committed must
be there once, and the chain must stand.
"""

import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.bench.appends_writer import NOTED
from tests.bench.databases import Fresh
from tests.bench.installation import fill
from tests.bench.row import Row
from webapp import create_app, database
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import Event, Person, StepRun
from webapp.rules.record import Verified
from webapp.services import record

STEPS, WRITERS = 20_000, 8
WORDS = {"note": "one event each", "close": "a step closed each"}
SECONDS = 8.0
KILLED_AFTER = 3.0


def compare(kind: str, directory: Path, fresh: Fresh) -> Iterator[Row]:
    """Events a second of eight writers, beside one alone, each on an organisation of its own."""
    for how, goal in (("note", ">= 500/s"), ("close", "")):
        alone = _written(directory / f"{how}-one", fresh(), 1, how)
        together = _written(directory / f"{how}-eight", fresh(), WRITERS, how)
        yield Row(
            f"appends, {WRITERS} writers on one record, {WORDS[how]}, {kind}",
            f"{together:.0f}/s",
            f"one writer {alone:.0f}/s",
            f"{together / alone:.2f} of it",
            goal,
            "one was killed; every acknowledged one is there once, the chain stands",
        )


def _written(directory: Path, url: str | None, writers: int, how: str) -> float:
    directory.mkdir()
    url = url or f"sqlite:///{directory / 'baton.sqlite3'}"
    settings = Settings.from_env({"BATON_DATA_DIR": str(directory), "DATABASE_URL": url})
    database.upgrade(settings)
    with create_app(settings).app_context():
        session = db.session()
        now = datetime.now(UTC)
        fill(session, STEPS, now + timedelta(days=30), now, "https://push.example")
        ana = session.scalars(select(Person.id).where(Person.name == "Ana")).one()
        ids = list(session.scalars(select(StepRun.id).where(StepRun.state == "open")))
        before = session.scalar(select(func.count()).select_from(Event)) or 0
        session.rollback()
        said, took = _run([str(directory), url, ana, how], ids, writers)
        rate = (_checked(session, said) - before) / took
        db.session.remove()
        db.engine.dispose()
    return rate


def _run(given: Sequence[str], ids: Sequence[str], writers: int) -> tuple[list[str], float]:
    """Let them write for some seconds; return what they said, and how long they had."""
    said: list[str] = []
    started = [_Writer(given, ids[number::writers], said) for number in range(writers)]
    for writer in started:
        writer.wait_until_ready()
    began = time.monotonic()
    for writer in started:
        writer.begin()
    time.sleep(KILLED_AFTER)
    if writers > 1:
        started[0].process.kill()
    time.sleep(SECONDS - KILLED_AFTER)
    took = time.monotonic() - began
    for writer in started:
        writer.process.kill()
        writer.finish()
    return said, took


class _Writer:
    """A process that writes, and a thread that hears what it says."""

    def __init__(self, given: Sequence[str], ids: Sequence[str], said: list[str]) -> None:
        self._todo, self._said = ids, said
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
        with suppress(BrokenPipeError):  # it was killed
            for each in self._todo:
                given.write(f"{each}\n")
            given.flush()

    def _hear(self) -> None:
        self._said.extend(line.strip() for line in self._out if line.endswith("\n"))


def _checked(session: Session, said: Sequence[str]) -> int:
    """Nothing that was acknowledged is lost, doubled, or outside the chain; how long it is."""
    done = session.scalars(select(Event.subject).where(Event.kind.in_(("step.done", NOTED))))
    there = Counter(done)
    assert all(there[each] == 1 for each in said), "each is there once"
    assert len(said) == len(set(said)), "each was said once"
    org_id = session.scalars(select(Event.org_id).limit(1)).one()
    verdict = record.verify(session, org_id)
    assert isinstance(verdict, Verified), verdict
    return verdict.count
