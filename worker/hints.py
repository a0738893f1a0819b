"""Waking the worker through RQ. A hint that is lost costs a second, never a message."""

import time

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

log = structlog.get_logger()

QUEUE = "baton"
JOB = "worker.deliver.drain"
# Two are enough: one being worked on, one that sees what was written meanwhile.
MOST_WAITING = 2
# Even with nothing to send, so that the worker shows that it is alive.
AT_LEAST_EVERY = 15.0
JOB_SECONDS = 300


def connect(address: str) -> Redis:
    """Return a connection to Redis that gives up quickly: the database is what counts."""
    return Redis.from_url(address, socket_connect_timeout=2, socket_timeout=5)


class Hints:
    """Tells the worker that there is something to send, or that it should show itself."""

    def __init__(self, redis: Redis) -> None:
        self._queue = Queue(QUEUE, connection=redis)
        self._last = float("-inf")
        self._silent = False

    def give(self, messages_due: bool) -> None:
        """Enqueue one draining job if it is time; a Redis that is away is said once."""
        if not messages_due and time.monotonic() - self._last < AT_LEAST_EVERY:
            return
        try:
            if self._queue.count < MOST_WAITING:
                self._queue.enqueue(JOB, job_timeout=JOB_SECONDS, result_ttl=0, failure_ttl=3600)
        except RedisError as error:
            self._say_away(error)
            return
        self._last, self._silent = time.monotonic(), False

    def _say_away(self, error: RedisError) -> None:
        if not self._silent:
            log.warning("Redis does not answer; messages wait in the database", error=str(error))
        self._silent = True
