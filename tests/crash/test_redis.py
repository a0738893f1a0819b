"""Redis carries hints only: emptied, stopped or killed, it takes no message with it."""

import pytest

from tests.crash.morning import Morning
from worker.hints import connect

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.mark.parametrize("stack", BOTH, indirect=True)
def test_a_redis_that_forgets_stops_and_is_killed_loses_no_message(morning: Morning):
    stack = morning.stack
    stack.start("redis", "clock")
    morning.opens()
    morning.comes_due_for("ben")
    morning.reaches_level(1)
    flush(morning)
    stack.start("worker")
    morning.tells("ben")
    stack.stop("redis")
    morning.comes_due_for("fay")
    morning.reaches_level(2)
    stack.start("redis")
    morning.tells("fay")
    stack.kill("redis")
    morning.comes_due_for("olivia")
    morning.reaches_level(3)
    stack.start("redis")
    morning.tells("olivia")
    morning.nothing_was_lost_or_doubled()
    assert stack.is_running("worker")
    assert stack.is_running("clock")


def test_a_redis_that_forgets_under_a_listening_worker_stops_nothing(morning: Morning):
    stack = morning.stack
    stack.start("redis", "clock", "worker")
    morning.opens()
    flush(morning)
    morning.comes_due_for("ben")
    morning.tells("ben")
    flush(morning)
    morning.goes_on(after="ben")
    morning.nothing_was_lost_or_doubled()


def flush(morning: Morning) -> None:
    with connect(morning.stack.settings.redis_address) as redis:
        redis.flushall()
