"""Letters go out from processes of their own: sealing one costs a tenth of a millisecond of CPU.

A process gets letters over a link and gives back what became of them. When the link closes,
because the worker has stopped or died, it ends.
"""

import os
import signal
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Thread
from typing import NamedTuple

import structlog

from worker.push.exchange import Exchange
from worker.push.letter import Letter, Sealer
from worker.push.outcome import Outcome

log = structlog.get_logger()

# Sealed between two looks at the network: a millisecond's work.
SEALED_AT_ONCE = 8
LOST_A_SENDER = 4

Halves = Callable[[], tuple[Sealer, Exchange]]
Told = Callable[[int, Outcome], None]


class Job(NamedTuple):
    """A letter under a number; not to be begun any more after `start_by` (monotonic seconds)."""

    number: int
    letter: Letter
    start_by: float


@dataclass(frozen=True, slots=True)
class Link:
    """The near end of the line to one sender, and the sender's process if it has one."""

    line: "Connection[list[Job] | None, list[tuple[int, Outcome]]]"
    pid: int | None


class Senders:
    """Gives letters to senders in turn, and passes on what became of each.

    With `processes` 0 the one sender is a thread of this process: for tests, and wherever a
    burst is not expected. `told` is called from other threads.
    """

    def __init__(self, halves: Halves, told: Told, processes: int) -> None:
        self._told = told
        self._closing = False
        self._next = 0
        self._links: list[Link] = []
        for _ in range(processes):
            self._links.append(_in_a_process(halves, self._links))
        if not processes:
            self._links.append(_in_a_thread(halves))
        for link in self._links:
            Thread(target=self._listen, args=(link,), daemon=True).start()

    def submit(self, jobs: list[Job]) -> None:
        """Begin to send these."""
        share = -(-len(jobs) // len(self._links))
        for start in range(0, len(jobs), max(share, SEALED_AT_ONCE)):
            self._links[self._next].line.send(jobs[start : start + max(share, SEALED_AT_ONCE)])
            self._next = (self._next + 1) % len(self._links)

    def close(self) -> None:
        """Let the senders end, whatever they still had in hand."""
        self._closing = True
        for link in self._links:
            with suppress(OSError):  # a sender that is gone needs no word
                link.line.send(None)
        for link in self._links:
            if link.pid is not None:
                os.waitpid(link.pid, 0)

    def _listen(self, link: Link) -> None:
        try:
            self._hear(link)
        except (EOFError, OSError):
            self._lost(link)
        except Exception:  # whoever hears nothing any more has lost the sender, too
            log.exception("what a sender said could not be passed on")
            self._lost(link)

    def _hear(self, link: Link) -> None:
        while True:
            for number, outcome in link.line.recv():
                self._told(number, outcome)

    def _lost(self, link: Link) -> None:
        if link.pid is not None and not self._closing:
            # What it had in hand is sent by the next worker: the leases are not kept.
            log.error("a sender is lost; the worker ends and is started again")
            os._exit(LOST_A_SENDER)


def _in_a_thread(halves: Halves) -> Link:
    here, there = Pipe()
    Thread(target=serve, args=(there, *halves()), daemon=True).start()
    return Link(here, None)


def _in_a_process(halves: Halves, others: list[Link]) -> Link:
    """Fork a sender. Only while no thread runs here: a fork takes none along."""
    here, there = Pipe()
    pid = os.fork()
    if pid:
        there.close()
        return Link(here, pid)
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        # A line that a brother keeps open would never end.
        for line in (here, *(other.line for other in others)):
            line.close()
        serve(there, *halves())
    except BaseException:
        log.exception("a sender broke down")
    finally:
        os._exit(0)


def serve(
    line: "Connection[list[tuple[int, Outcome]], list[Job] | None]",
    sealer: Sealer,
    exchange: Exchange,
) -> None:
    """Send what comes over the line until it closes."""
    waiting: deque[Job] = deque()
    ended: list[tuple[int, Outcome]] = []
    exchange.watch(line.fileno())
    try:
        while True:
            if line.poll():
                if (jobs := line.recv()) is None:
                    return
                waiting.extend(jobs)
            for _ in range(min(SEALED_AT_ONCE, len(waiting))):
                _begin(waiting.popleft(), sealer, exchange, ended)
            exchange.turn(0.0 if waiting or ended else 1.0)
            if ended:
                line.send(ended)
                ended.clear()
    except (EOFError, OSError):
        return
    finally:
        exchange.close()
        line.close()


def _begin(job: Job, sealer: Sealer, exchange: Exchange, ended: list[tuple[int, Outcome]]) -> None:
    """Seal and post; even a defect of ours never keeps the others from their messages."""
    if time.monotonic() > job.start_by:
        ended.append((job.number, Outcome("lapsed")))
        return
    try:
        request = sealer.seal(job.letter)
    except Exception:
        log.exception("sending failed", topic=job.letter.topic)
        ended.append((job.number, Outcome("retry", reason="failed")))
        return
    if isinstance(request, Outcome):
        ended.append((job.number, request))
    else:
        exchange.post(request, lambda outcome: ended.append((job.number, outcome)))
