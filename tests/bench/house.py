"""The real clock and the real worker on a database of their own, with a real private Redis."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apiflask import APIFlask
from rq import Worker
from sqlalchemy import Engine, select, update

from tests.bench.installation import fill
from webapp import create_app, database, private_redis
from webapp.config import Settings
from webapp.extensions import db
from webapp.models import EngineState, StepRun
from worker.hints import connect

ROOT = Path(__file__).parents[2]
READY_WITHIN = 120.0


class House:
    """One installation; `missed` steps come due together when the test says so."""

    def __init__(self, directory: Path, redis_url: str, database_url: str | None) -> None:
        given = {
            "BATON_DATA_DIR": str(directory),
            "REDIS_URL": redis_url,
            "BATON_PUSH_INSECURE": "1",
            "BATON_PUSH_CONTACT": "mailto:operator@baton.example",
        }
        self._environ = given | ({"DATABASE_URL": database_url} if database_url else {})
        self._directory = directory
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self.settings = Settings.from_env(self._environ)
        self.app: APIFlask = create_app(self.settings)
        database.upgrade(self.settings)

    def fill(self, count: int, origin: str) -> None:
        """Step runs that nobody did, each with a person who has a phone there; not due yet."""
        now = datetime.now(UTC)
        with self.app.app_context():
            fill(db.session(), count, now + timedelta(days=30), now, origin)
            db.session.remove()

    def come_due(self, after: float) -> datetime:
        """Lets all of them come due together; returns when."""
        due = datetime.now(UTC) + timedelta(seconds=after)
        with self.app.app_context():
            db.session.execute(
                update(StepRun)
                .where(StepRun.escalate_at == StepRun.moves_at, StepRun.state == "open")
                .values(escalate_at=due, moves_at=due)
            )
            db.session.commit()
            db.session.remove()
        return due

    def start(self, name: str) -> None:
        """Starts the clock or the worker, and waits until it does its work."""
        role = {"clock": "clock", "worker": "deliver"}[name]
        with (self._directory / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, "-m", "worker", role],
                env=os.environ | self._environ,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        give_up = time.monotonic() + READY_WITHIN
        while not self._is_ready(name):
            assert time.monotonic() < give_up, f"the {name} did not become ready"
            time.sleep(0.05)

    def kill(self, name: str) -> None:
        """Ends it, and all that it started, with kill -9."""
        process = self._running.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def cpu_seconds(self, name: str) -> float:
        """What the process and all that it started have used so far; the wall tells less here."""
        group = str(self._running[name].pid)
        stats = [_after_the_name(each) for each in Path("/proc").glob("[0-9]*/stat")]
        ours = [stat for stat in stats if stat[2:3] == [group]]
        return sum(int(stat[11]) + int(stat[12]) for stat in ours) / os.sysconf("SC_CLK_TCK")

    def close(self) -> None:
        """Ends what still runs."""
        for name in list(self._running):
            self.kill(name)
        with self.app.app_context():
            db.engine.dispose()

    def _is_ready(self, name: str) -> bool:
        if name == "worker":
            with connect(self.settings.redis_address) as redis:
                workers = Worker.all(connection=redis)
            return self._running[name].pid in [worker.pid for worker in workers]
        with self.app.app_context(), self._reading().connect() as connection:
            ticked = connection.scalar(select(EngineState.last_tick_at))
        return ticked is not None and abs(datetime.now(UTC) - ticked) < timedelta(seconds=10)

    def _reading(self) -> Engine:
        """Looks on without SQLite's write lock, which the clock may hold."""
        return db.engine.execution_options(only_reads=True)


def _after_the_name(stat: Path) -> list[str]:
    """proc(5): state, parent, group and so on; nothing when the process is gone by now."""
    with suppress(OSError):
        return stat.read_text().rpartition(")")[2].split()
    return []


@contextmanager
def house(directory: Path, database_url: str | None) -> Iterator[House]:
    """A house with its Redis; nothing of it is left running afterwards."""
    directory.mkdir()
    with private_redis.running(directory) as redis_url:
        made = House(directory, redis_url, database_url)
        try:
            yield made
        finally:
            made.close()
