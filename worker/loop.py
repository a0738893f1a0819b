"""The two long-lived processes: the clock that ticks, and the RQ worker that sends."""

import os
import signal
import threading
import time
from datetime import datetime
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
from worker import auditing, deliver, nights, stamping
from worker.channels import close_channels, open_channels
from worker.duties import tick
from worker.glance import Glance
from worker.hints import QUEUE, Hints, connect

log = structlog.get_logger()

# A look costs next to nothing, and is how long a message may wait that a page has written.
PAUSE = 0.1
PAUSE_ON_TEST_CLOCK = 0.1
PAUSE_WHEN_AWAY = 1.0
SCHEMA_CHECK_EVERY = 5.0
SCHEMA_MOVED_ON = 3
# Processes that seal and send; two keep two cores busy, and more than one core is never needed
# for the mail of a few organisations.
MOST_SENDERS = 2
# RQ's defaults leave the jobs of a killed worker unseen for minutes.
WORKER: dict[str, Any] = {"worker_ttl": 20, "maintenance_interval": 5, "job_monitoring_interval": 5}


def run_clock(app: APIFlask) -> int:
    """Tick until told to stop; an old clock stops by itself when the schema has moved on."""
    stop = _stop_on_signals()
    with app.app_context():
        hints = Hints(connect(context.settings().redis_address))
        ours, revision = database.newest_revision(), database.current_revision()
        glance = Glance(db.engine)
        auditing.begin(app, stop)
        nights.begin(app, stop)
        stamping.begin(app, stop)
        try:
            return _go_on(stop, hints, glance, ours, revision)
        finally:
            stop.set()
            glance.close()


def _go_on(
    stop: threading.Event, hints: Hints, glance: Glance, ours: str | None, revision: str | None
) -> int:
    on_test_clock = context.settings().test_clock
    checked = time.monotonic()
    while not stop.is_set():
        if time.monotonic() - checked > SCHEMA_CHECK_EVERY:
            checked, revision = time.monotonic(), _revision_now(revision)
        if revision != ours:
            log.error("the database has another schema than this clock; it stops")
            return SCHEMA_MOVED_ON
        next_at = _tick_if_due(hints, glance)
        stop.wait(PAUSE_ON_TEST_CLOCK if on_test_clock else _until(next_at, PAUSE))
    return 0


def _until(next_at: datetime | None, at_most: float) -> float:
    """Seconds until the next moment that is known; others may write one that is sooner."""
    if next_at is None:
        return at_most
    return min(at_most, max(0.001, (next_at - context.now()).total_seconds()))


def _revision_now(before: str | None) -> str | None:
    """Return the database's revision; one that does not answer has moved nowhere."""
    try:
        return database.current_revision()
    except SettingError:
        return before


def _tick_if_due(hints: Hints, glance: Glance) -> datetime | None:
    """Look, and tick if something is due; a database that is away is waited for, not died of.

    Returns when something is due next, as far as is known.
    """
    try:
        now = context.now()
        seen = glance.look(now)
        if seen.tick_is_due:
            done = tick(context.session(), now, lambda: hints.give(messages_due=True))
            hints.give(done.messages_due)
        else:
            hints.give(seen.messages_due)
    except SQLAlchemyError as error:
        log.warning("the database does not answer; the clock tries again", error=str(error))
        time.sleep(PAUSE_WHEN_AWAY)
        return None
    finally:
        db.session.remove()
    return seen.next_at


def run_worker(app: APIFlask) -> int:
    """Work off RQ's hints until told to stop; a Redis that is away is waited for."""
    stop = _stop_on_signals()
    with app.app_context():
        address = context.settings().redis_address
        open_channels(min(MOST_SENDERS, os.cpu_count() or 1))
        while not stop.is_set():
            try:
                redis = connect(address)
                redis.ping()
                drainer = _Drainer([Queue(QUEUE, connection=redis)], connection=redis, **WORKER)
                drainer.stop = stop
                drainer.work(logging_level="WARNING")
                break
            except RedisError as error:
                log.warning("Redis does not answer; the worker waits for it", error=str(error))
                _listen(stop)
                stop.wait(1)
        close_channels()
    return 0


class _Drainer(SimpleWorker):
    """Runs jobs in this process: the pooled connections to push services stay open."""

    # A Redis that comes back is noticed within a second; RQ would wait up to a minute.
    max_connection_wait_time = 1.0
    stop: threading.Event

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Remember that we were told to stop: without Redis, RQ fails on its way out."""
        self.stop.set()
        deliver.stopping.set()
        super().request_stop(signum, frame)


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()
    _listen(stop)
    return stop


def _listen(stop: threading.Event) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
