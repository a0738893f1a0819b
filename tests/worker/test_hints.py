"""RQ wakes the worker; a hint that is lost, doubled or late loses no message."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import current_app
from redis import Redis
from rq import Queue
from structlog.testing import capture_logs

from tests.worker.conftest import UNTIL_MISSED, Post
from webapp import private_redis
from worker import hints
from worker.hints import JOB, MOST_WAITING, QUEUE, Hints, connect
from worker.loop import WORKER, _Drainer


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with private_redis.running(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
def redis(address: str) -> Iterator["Redis[bytes]"]:
    with connect(address) as client:
        client.flushall()
        yield client


@pytest.fixture
def queue(redis: "Redis[bytes]") -> Queue:
    return Queue(QUEUE, connection=redis)


def works(redis: "Redis[bytes]") -> None:
    """Runs the waiting jobs as the worker process does, and comes back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with current_app._get_current_object().app_context():
        worker = _Drainer([QUEUE], connection=redis, **WORKER)
        worker.work(burst=True, logging_level="ERROR")
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_hint_is_one_job_that_drains_the_outbox(redis, queue):
    Hints(redis).give(messages_due=True)
    assert [job.func_name for job in queue.jobs] == [JOB]


def test_no_more_than_two_jobs_wait_however_often_the_clock_ticks(redis, queue):
    clock = Hints(redis)
    for _ in range(10):
        clock.give(messages_due=True)
    assert queue.count == MOST_WAITING == 2


def test_two_clocks_do_not_heap_up_jobs_either(redis, queue):
    for clock in [Hints(redis), Hints(redis)] * 3:
        clock.give(messages_due=True)
    assert queue.count == MOST_WAITING


def test_with_nothing_to_send_the_worker_is_woken_now_and_then(redis, queue, monkeypatch):
    clock = Hints(redis)
    clock.give(messages_due=False)
    clock.give(messages_due=False)
    assert queue.count == 1
    monkeypatch.setattr(hints, "AT_LEAST_EVERY", 0)
    clock.give(messages_due=False)
    assert queue.count == 2


def test_a_redis_that_is_away_is_said_once_each_time_and_stops_nothing(tmp_path: Path):
    with private_redis.running(tmp_path) as url:
        clock = Hints(connect(url))
    for _ in range(2):
        with capture_logs() as said:
            for _ in range(3):
                clock.give(messages_due=True)
        assert [entry["log_level"] for entry in said] == ["warning"]
        with private_redis.running(tmp_path), capture_logs() as said:
            clock.give(messages_due=True)
        assert said == []


def missed(post) -> Post:
    monday = post()
    monday.phone = monday.has_phone("ben")
    monday.later(**UNTIL_MISSED)
    monday.session.commit()
    return monday


def test_the_worker_sends_what_is_due(post, redis, queue):
    monday = missed(post)
    Hints(redis).give(messages_due=True)
    works(redis)
    monday.service.expect(monday.phone, kind="handoff")
    assert (monday.outcomes(), queue.count) == (["accepted"], 0)


def test_a_hint_too_many_sends_nothing_twice(post, redis):
    monday = missed(post)
    clock = Hints(redis)
    clock.give(messages_due=True)
    clock.give(messages_due=True)
    works(redis)
    monday.service.expect(monday.phone, kind="handoff")


def test_a_flushed_redis_costs_one_tick_and_no_message(post, redis):
    monday = missed(post)
    clock = Hints(redis)
    clock.give(messages_due=True)
    redis.flushall()
    works(redis)
    assert monday.outcomes() == [None]
    clock.give(messages_due=True)
    works(redis)
    monday.service.expect(monday.phone, kind="handoff")


def test_a_job_that_fails_leaves_the_messages_where_they_are(post, redis, monkeypatch):
    monday = missed(post)
    clock = Hints(redis)

    def broken():
        raise RuntimeError("a defect")

    monkeypatch.setattr("worker.deliver.open_channels", broken)
    clock.give(messages_due=True)
    works(redis)
    monkeypatch.undo()
    assert monday.outcomes() == [None]
    clock.give(messages_due=True)
    works(redis)
    monday.service.expect(monday.phone, kind="handoff")
