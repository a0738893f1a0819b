"""One installation that many runs happen in: its processes, database, disk and push service."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.crash.faults.disk import Disk
from tests.crash.faults.postgresql import FragileServer
from tests.crash.nursery import Nursery
from tests.databases import EMPTY
from tests.push_service import RemotePushService
from tests.stack import EVERYTHING, MONDAY, RUNNING, Stack
from webapp import context, create_app, database
from webapp.clock import SharedTestClock
from webapp.extensions import db

T = TypeVar("T")

PATIENCE = 90.0
# As a supervisor does, so that a process that cannot start does not spin.
START_AGAIN_AFTER = 0.5
LOOK_EVERY, LOOK_AFTER_EVERY = 0.03, 0.2
# A worker says once that it is there. A Redis that was flushed then never hears of it.
KNOWN_BY = 10.0
DATABASE = "baton_faults"
SMALL = {"WEB_CONCURRENCY": "1"}


class House:
    """Starts everything; starts again what dies, as a supervisor would, whenever it is looked at.

    `absent` are the processes that a fault keeps away. `ends` counts exit statuses by process.
    """

    def __init__(self, directory: Path, nursery: Nursery, server: FragileServer | None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.server = server
        self.disk = Disk(directory / "data")
        self.pushes = RemotePushService(directory / "pushes.jsonl")
        url = None
        if server:
            server.make(DATABASE, EMPTY)
            url = server.address(DATABASE)
        self.stack = Stack(
            self.disk.directory, database_url=url, environ=SMALL, starter=nursery.start
        )
        self.lock = RLock()
        self.absent: set[str] = set()
        self.ends: Counter[tuple[str, int]] = Counter()
        self._started: dict[str, float] = {}
        self._armed: set[str] = set()
        self._worked: set[int] = set()
        self._looked = 0.0
        self._wanted = list(EVERYTHING)

    def __enter__(self) -> Self:
        RUNNING.append(self.stack)
        self.app = create_app(self.stack.settings)
        with self.app.app_context():
            database.upgrade_current()
        self.set_clock(datetime.fromisoformat(MONDAY))
        self.stack.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.forget_connections()
        self.stack.close()
        self.pushes.close()
        self.disk.close()

    @contextmanager
    def inside(self) -> Iterator[Session]:
        """A session of the application, in this process."""
        with self.app.app_context():
            try:
                yield db.session()
            finally:
                db.session.remove()

    def forget_connections(self) -> None:
        """Lets go of connections to a server that has ended."""
        with self.app.app_context():
            db.engine.dispose()

    def work(self, what: Callable[[Session], T]) -> T:
        """Does something in one transaction, again and again while the database is away."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                with self.inside() as session:
                    done = what(session)
                    session.commit()
                    return done
            except OperationalError:
                if time.monotonic() > give_up:
                    raise
                time.sleep(0.1)

    def set_clock(self, moment: datetime) -> None:
        """Moves the clock of every process."""
        self.work(lambda _session: _clock().set(moment))

    def kill(self, name: str) -> None:
        """Ends a process and what it started, with kill -9."""
        with self.lock:
            if self.stack.is_running(name):
                self.stack.kill(name)

    def launch(self, name: str, **environ: str) -> None:
        """Starts a process, in the place of the one that runs; with `environ` it is armed."""
        with self.lock:
            self.kill(name)
            self.stack.ended(name)
            self._start(name, environ)

    def is_armed(self, name: str) -> bool:
        """Whether the process still waits to die at a named point."""
        return name in self._armed

    def _start(self, name: str, environ: dict[str, str]) -> None:
        self._armed.discard(name)
        if environ:
            self._armed.add(name)
        self._started[name] = time.monotonic()
        self.stack.launch(name, **environ)

    def look_after(self) -> None:
        """Starts again what has died."""
        self._looked = time.monotonic()
        with self.lock:
            for name in self._wanted:
                status = self.stack.ended(name)
                if status is not None:
                    self.ends[name, status] += 1
                is_soon = time.monotonic() - self._started.get(name, 0.0) < START_AGAIN_AFTER
                if name not in self.absent and not self.stack.is_running(name) and not is_soon:
                    self._start(name, {})

    def until(self, condition: Callable[[], object], what: str, within: float = PATIENCE) -> None:
        """Waits for a condition, and looks after the processes meanwhile."""
        give_up = time.monotonic() + within
        while True:
            self._look_after_now_and_then()
            with suppress(OperationalError):
                if condition():
                    return
            if time.monotonic() > give_up:
                raise AssertionError(f"{what}: it did not happen within {within:g} s")
            time.sleep(LOOK_EVERY)

    def _look_after_now_and_then(self) -> None:
        if time.monotonic() - self._looked > LOOK_AFTER_EVERY:
            self.look_after()

    def is_whole(self) -> bool:
        """Whether every process does its work."""
        return all(self.works(name) for name in self._wanted)

    def works(self, name: str) -> bool:
        """Whether a process does its work, or did: a flushed Redis knows no worker any more."""
        with self.lock:
            if not self.stack.is_running(name):
                return False
            pid = self.stack.pid(name)
            age = time.monotonic() - self._started.get(name, 0.0)
            if name.startswith("worker") and (pid in self._worked or age > KNOWN_BY):
                return True
            works = self.stack.does_its_work(name)
            if works:
                self._worked.add(pid)
            return works


def _clock() -> SharedTestClock:
    clock = context.clock()
    assert isinstance(clock, SharedTestClock)
    return clock
