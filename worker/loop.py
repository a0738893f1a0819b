"""The two long-lived processes: the clock that ticks, and the RQ worker that sends."""

import signal
import threading
import time
from types import FrameType
from typing import Any

import structlog
from apiflask import APIFlask
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from sqlalchemy.exc import SQLAlchemyError

from webapp import context, database
from webapp.config import SettingError
from webapp.extensions import db
from worker import auditing
from worker.duties import tick
from worker.hints import QUEUE, Hints, connect

log = structlog.get_logger()

# Well under the second within which a due step must move.
PAUSE = 0.4
PAUSE_ON_TEST_CLOCK = 0.1
PAUSE_WHEN_AWAY = 1.0
SCHEMA_CHECK_EVERY = 5.0
SCHEMA_MOVED_ON = 3
# RQ's defaults leave the jobs of a killed worker unseen for minutes.
WORKER: dict[str, Any] = {"worker_ttl": 20, "maintenance_interval": 5, "job_monitoring_interval": 5}


def run_clock(app: APIFlask) -> int:
    """Tick until told to stop; an old clock stops by itself when the schema has moved on."""
    stop = _stop_on_signals()
    with app.app_context():
        settings = context.settings()
        hints = Hints(connect(settings.redis_address))
        pause = PAUSE_ON_TEST_CLOCK if settings.test_clock else PAUSE
        ours, revision = database.newest_revision(), database.current_revision()
        checked = time.monotonic()
        auditing.begin(app, stop)
        while not stop.is_set():
            if time.monotonic() - checked > SCHEMA_CHECK_EVERY:
                checked, revision = time.monotonic(), _revision_now(revision)
            if revision != ours:
                log.error("the database has another schema than this clock; it stops")
                return SCHEMA_MOVED_ON
            _tick_once(hints)
            stop.wait(pause)
    return 0


def _revision_now(before: str | None) -> str | None:
    """Return the database's revision; one that does not answer has moved nowhere."""
    try:
        return database.current_revision()
    except SettingError:
        return before


def _tick_once(hints: Hints) -> None:
    """One cycle; a database that is away is waited for, not died of."""
    try:
        hints.give(tick(context.session(), context.now()).messages_due)
    except SQLAlchemyError as error:
        log.warning("the database does not answer; the clock tries again", error=str(error))
        time.sleep(PAUSE_WHEN_AWAY)
    finally:
        db.session.remove()


def run_worker(app: APIFlask) -> int:
    """Work off RQ's hints until told to stop; a Redis that is away is waited for."""
    stop = _stop_on_signals()
    with app.app_context():
        address = context.settings().redis_address
        while not stop.is_set():
            try:
                redis = connect(address)
                redis.ping()
                drainer = _Drainer([Queue(QUEUE, connection=redis)], connection=redis, **WORKER)
                drainer.stop = stop
                drainer.work(logging_level="WARNING")
                return 0
            except RedisError as error:
                log.warning("Redis does not answer; the worker waits for it", error=str(error))
                _listen(stop)
                stop.wait(1)
    return 0


class _Drainer(SimpleWorker):
    """Runs jobs in this process: the pooled connections to push services stay open."""

    # A Redis that comes back is noticed within a second; RQ would wait up to a minute.
    max_connection_wait_time = 1.0
    stop: threading.Event

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that we were told to stop: without Redis, RQ fails on its way out."""
        self.stop.set()
        super().request_stop(signum, frame)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    _listen(stop)
    return stop


def _listen(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
