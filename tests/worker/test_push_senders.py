"""A sender that is lost ends the worker, which is started again; an ordinary end is quiet."""

import os
from multiprocessing import Pipe

import pytest
from structlog.testing import capture_logs

from worker.push.outcome import Outcome
from worker.push.serving import LOST_A_SENDER, Link, Senders

OK = Outcome("accepted", 201)
# Stands for the sender's process: it is never waited for.
SOME = os.getpid()


@pytest.fixture
def ends(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """With what the worker ended."""
    codes: list[int] = []
    monkeypatch.setattr(os, "_exit", codes.append)
    return codes


def senders_at(link: Link) -> Senders:
    senders = Senders.__new__(Senders)
    senders._links, senders._closing, senders._told = [link], False, lambda number, outcome: None
    return senders


def test_a_sender_whose_line_ends_ends_the_worker(ends: list[int]) -> None:
    here, there = Pipe()
    there.close()
    senders_at(Link(here, SOME))._listen(Link(here, SOME))
    assert ends == [LOST_A_SENDER]


def test_an_outcome_that_cannot_be_passed_on_ends_the_worker_and_says_why(ends: list[int]) -> None:
    here, there = Pipe()
    senders = senders_at(Link(here, SOME))

    def broken(number: int, outcome: Outcome) -> None:
        raise KeyError(number)

    senders._told = broken
    there.send([(7, OK)])
    with capture_logs() as logged:
        senders._listen(Link(here, SOME))
    assert ends == [LOST_A_SENDER]
    assert logged[0]["exc_info"]


def test_closing_where_a_sender_is_gone_raises_nothing(ends: list[int]) -> None:
    here, there = Pipe()
    there.close()
    senders = senders_at(Link(here, None))
    senders.close()
    senders._listen(Link(here, SOME))
    assert ends == []
