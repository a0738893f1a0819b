"""What is looked for by night is looked for beside the clock, and holds up nothing."""

import threading
from collections.abc import Callable

import pytest

from tests.factories import crew_of_a_daycare, process
from webapp.services import patterns, signal_pieces
from webapp.services.patterns.looking import gathering
from worker import nights


@pytest.fixture
def looks(app, monkeypatch) -> Callable[[Callable[..., None]], None]:
    """Lets the thread look three times, in the way that a test gives, and ends it."""

    def begin(look: Callable[..., None]) -> None:
        stop, seen = threading.Event(), threading.Semaphore(0)

        def counted(*given: object) -> None:
            seen.release()
            look(*given)

        monkeypatch.setattr(nights, "look", counted)
        monkeypatch.setattr(nights, "LOOK_EVERY", 0.01)
        nights.begin(app, stop)
        try:
            for _ in range(3):
                assert seen.acquire(timeout=20)
        finally:
            stop.set()

    return begin


def test_it_looks_again_and_again_in_a_thread_of_its_own(looks):
    threads = set()
    looks(lambda *_: threads.add(threading.current_thread().name))
    assert threads == {"nights"}


def test_a_look_that_fails_is_tried_again(looks):
    def away(*_: object) -> None:
        raise ConnectionError

    looks(away)


def test_one_kind_of_look_that_fails_keeps_no_other_from_its_turn(session, clock, monkeypatch):
    done = []

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(nights, "look_for_signals", broken)
    monkeypatch.setattr(nights, "look_for_patterns", lambda *_: done.append("patterns"))
    broken.__name__ = "look_for_signals"
    nights.look(session, clock.now())
    assert done == ["patterns"]


def test_nothing_is_locked_while_it_reads_and_thinks(stored, clock, monkeypatch):
    """On SQLite there is one lock for all writers: a handoff would wait for the whole look."""
    process(stored, crew_of_a_daycare(stored, clock.now()), clock.now())
    only_reads = []
    seen, pieces = gathering.seen, signal_pieces.pieces

    def spied(read: Callable[..., object]) -> Callable[..., object]:
        def reading(*given: object) -> object:
            only_reads.append(stored.connection().get_execution_options().get("only_reads"))
            return read(*given)

        return reading

    monkeypatch.setattr(patterns.looking.gathering, "seen", spied(seen))
    monkeypatch.setattr(signal_pieces, "pieces", spied(pieces))
    nights.look(stored, clock.advance(days=1))
    assert only_reads == [True, True]
