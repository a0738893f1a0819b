"""The real processes on a data directory of their own: private Redis, web, clock and worker.

They are the services that `baton up` runs, started, stopped and killed one by one.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from redis.exceptions import RedisError
from rq import Worker
from sqlalchemy import create_engine, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tests.stack_start import ROOT, Process, Starter, afresh, free_port
from webapp.child_process import Service
from webapp.cli.up import tiers
from webapp.clock import SharedTestClock
from webapp.config import Settings
from webapp.models import EngineState
from webapp.models.engine import TestClock
from worker.duties import HEARTBEAT_EVERY
from worker.hints import connect

BATON = (sys.executable, "-c", "from webapp.cli import main; main()")
# Monday, half past five in the morning in Chicago.
MONDAY = "2026-11-23T11:30:00+00:00"
EVERYTHING = ("redis", "web", "clock", "worker")
# Any number of these may run; the suite of faults runs two of each at times.
SECOND = {"clock2": "clock", "worker2": "worker"}
PATIENCE = 60.0
LOOK_EVERY = 0.02

RUNNING: list["Stack"] = []


def until(condition: Callable[[], object], what: str, within: float = PATIENCE) -> None:
    """Waits for a condition by looking, never for a time; fails with `what` did not happen."""
    give_up = time.monotonic() + within
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"{what}: it did not happen within {within:g} s")
        time.sleep(LOOK_EVERY)


class Stack:
    """One installation. Its clock stands still at `now` (ISO 8601) until a test moves it.

    with Stack(tmp_path) as stack:
        stack.start("redis", "web", "clock", "worker")      # each is ready when this returns
        stack.start("clock", BATON_FAILPOINT="after_claim")  # not waited for: it is to die
        stack.clock.advance(timedelta(minutes=15))
        stack.kill("worker")
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        database_url: str | None = None,
        now: str = MONDAY,
        environ: Mapping[str, str] | None = None,
        starter: Starter | None = None,
    ) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        ours = {
            "BATON_DATA_DIR": str(data_dir),
            "PORT": str(free_port()),
            "BATON_TEST_CLOCK": "1",
            "BATON_DISK_RESERVE_MB": "0",  # some disks here are made to be small, and to fill up
            "BATON_PUSH_INSECURE": "1",
            "BATON_PUSH_CONTACT": "mailto:operator@baton.example",
        }
        database = {"DATABASE_URL": database_url} if database_url else {}
        self.environ = kept | ours | database | dict(environ or {})
        self.settings = Settings.from_env(self.environ)
        self._logs = data_dir / "logs"
        self._logs.mkdir(exist_ok=True)
        wanted = tiers(self.settings)
        self._services = {service.name: service for tier in wanted for service in tier}
        self._services |= {name: self._services[first] for name, first in SECOND.items()}
        self._running: dict[str, Process] = {}
        self._starter = starter or afresh
        self._engine = create_engine(
            self.settings.database_url,
            execution_options={"only_reads": True},
            pool_pre_ping=True,  # a test may have ended the server meanwhile
        )
        self._now = now

    def __enter__(self) -> Self:
        """Makes the database and sets the clock; starts nothing."""
        RUNNING.append(self)
        self.cli("clock", "set", self._now)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends what still runs, Redis last, and lets go of the database."""
        for name in sorted(self._running, key=lambda name: name == "redis"):
            self.kill(name)
        self._engine.dispose()
        RUNNING.remove(self)

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.settings.public_url

    def start(self, *names: str, **environ: str) -> None:
        """Starts these processes and waits until each does its work.

        With `environ` (such as BATON_FAILPOINT) they are not waited for.
        """
        for name in names or EVERYTHING:
            self.launch(name, **environ)
        for name in () if environ else names or EVERYTHING:
            self.wait_until_ready(name)

    def launch(self, name: str, **environ: str) -> None:
        """Starts a process without waiting for it."""
        assert not self.is_running(name), f"{name} runs already"
        service = self._services[name]
        start = afresh if name == "redis" else self._starter
        wanted = self._environ_of(service) | environ
        self._running[name] = start(service.argv, wanted, self._logs / f"{name}.log")

    def stop(self, name: str) -> int:
        """Asks a process to stop, as `baton up` does; its exit status."""
        process = self._running[name]
        process.send_signal(signal.SIGTERM)
        until(lambda: process.poll() is not None, f"{name} stops")
        return self._bury(name)

    def kill(self, name: str) -> int:
        """Ends a process and all that it started with kill -9; its exit status."""
        with suppress(ProcessLookupError):
            os.killpg(self._running[name].pid, signal.SIGKILL)
        return self._bury(name)

    def pause(self, name: str) -> None:
        """Freezes a process and all that it started, until it is killed or `resume` wakes it."""
        os.killpg(self._running[name].pid, signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Wakes what was frozen."""
        os.killpg(self._running[name].pid, signal.SIGCONT)

    def ended(self, name: str) -> int | None:
        """The exit status of a process that is gone by itself; it can be started again then."""
        if name not in self._running or self._running[name].poll() is None:
            return None
        return self.kill(name)

    def wait_for_end(self, name: str) -> int:
        """Waits until a process is gone by itself; its exit status."""
        process = self._running[name]
        until(lambda: process.poll() is not None, f"{name} ends")
        return self._bury(name)

    def is_running(self, name: str) -> bool:
        """Whether the process is there."""
        return name in self._running and self._running[name].poll() is None

    def pid(self, name: str) -> int:
        """The process's id, which is its group's id too."""
        return self._running[name].pid

    def wait_until_ready(self, name: str) -> None:
        """Waits until the process does its work; fails at once when it has ended."""
        until(lambda: self.does_its_work(name), f"{name} is ready")

    def cli(self, *arguments: str, stdin: str = "", status: int = 0) -> str:
        """Runs `baton` with these arguments; its standard output."""
        done = subprocess.run(
            [*BATON, *arguments],
            env=self.environ,
            cwd=ROOT,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, (arguments, done.returncode, done.stdout, done.stderr)
        return done.stdout

    @property
    def clock(self) -> SharedTestClock:
        """The clock of every process, moved without the second or two that a command takes."""
        return SharedTestClock(self._engine)

    @contextmanager
    def database(self) -> Iterator[Session]:
        """A session that only reads, and sees what was committed when it began."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    def last_words(self, characters: int) -> str:
        """The end of what each process of Baton has said."""
        files = [file for file in sorted(self._logs.glob("*.log")) if file.stem != "redis"]
        said = [(file.stem, file.read_text(errors="replace")[-characters:]) for file in files]
        return "\n".join(f"--- {name}\n{text}" for name, text in said if text)

    def logs(self) -> str:
        """What the processes have said so far, and Redis' own log."""
        files = [*sorted(self._logs.glob("*.log")), self.settings.data_dir / "redis" / "redis.log"]
        said = [(file.stem, file.read_text(errors="replace")) for file in files if file.exists()]
        return "\n".join(f"--- {name}\n{text}" for name, text in said if text)

    def _environ_of(self, service: Service) -> dict[str, str]:
        return self.environ | {"PYTHONUNBUFFERED": "1"} | dict(service.environ)

    def _bury(self, name: str) -> int:
        return self._running.pop(name).wait()

    def does_its_work(self, name: str) -> bool:
        """Whether it is ready; fails at once when it has ended."""
        assert self.is_running(name), f"{name} has ended:\n{self.logs()}"
        if SECOND.get(name, name) == "clock":
            return self._clock_ticks()
        if SECOND.get(name, name) == "worker":
            return self._worker_listens(name)
        return self._services[name].ready()

    def _clock_ticks(self) -> bool:
        """A heartbeat of now; the clock does not write one with every tick."""
        try:
            with self.database() as session:
                shown = session.scalar(select(TestClock.shows))
                ticked = session.scalar(select(EngineState.last_tick_at))
        except SQLAlchemyError:
            return False
        return bool(shown and ticked and abs(shown - ticked) < HEARTBEAT_EVERY)

    def _worker_listens(self, name: str) -> bool:
        with connect(self.settings.redis_address) as redis, suppress(RedisError):
            return self.pid(name) in [worker.pid for worker in Worker.all(connection=redis)]
        return False
