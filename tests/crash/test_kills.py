"""A process that is killed at the worst moment loses nothing and doubles nothing."""

import pytest

from tests.crash.morning import KILLED, Morning
from worker.outbox import LEASE

POSTGRESQL = pytest.mark.postgres
BEFORE_COMMIT = ("after_claim", "after_handoff", "after_outbox")


def on(stack: str, point: str):
    marks = [POSTGRESQL] if stack == "postgresql" else []
    return pytest.param(stack, point, marks=marks)


@pytest.mark.parametrize(
    ("stack", "point"),
    [
        *[on("sqlite", point) for point in (*BEFORE_COMMIT, "after_commit")],
        on("postgresql", "after_outbox"),
    ],
    indirect=["stack"],
)
def test_a_clock_killed_in_a_handoff_makes_it_once_all_the_same(morning: Morning, point: str):
    stack = morning.stack
    stack.start("redis", "worker")
    morning.opens()
    stack.start("clock", BATON_FAILPOINT=point)
    morning.comes_due_for("ben")
    assert stack.wait_for_end("clock") == KILLED
    assert morning.level() == (0 if point in BEFORE_COMMIT else 1)
    stack.start("clock")
    morning.tells("ben")
    morning.goes_on(after="ben")
    morning.nothing_was_lost_or_doubled()


@pytest.mark.parametrize(
    ("stack", "point"),
    [
        on("sqlite", "after_lease"),
        on("sqlite", "after_send"),
        on("postgresql", "after_send"),
    ],
    indirect=["stack"],
)
def test_a_worker_killed_while_sending_leaves_the_message_to_the_next(morning: Morning, point: str):
    stack = morning.stack
    stack.start("redis", "clock")
    morning.opens()
    morning.comes_due_for("ben")
    morning.reaches_level(1)
    stack.start("worker", BATON_FAILPOINT=point)
    assert stack.wait_for_end("worker") == KILLED
    sent = 1 if point == "after_send" else 0
    stack.start("worker")
    morning.advance(seconds=LEASE.total_seconds())
    morning.tells("ben", times=sent + 1)
    morning.goes_on(after="ben")
    morning.nothing_was_lost_or_doubled(sent_again=sent)
