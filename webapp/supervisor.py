"""Keeps a few processes running.

Services come in tiers. A tier starts when the one before it answers; all of a tier stop together,
the last tier first. So what the others lean on (Redis) is there before them and goes after them.
"""

import selectors
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from webapp.child_process import ChildProcess, Service

FIRST_WAIT = 0.2
LONGEST_WAIT = 5.0
STEADY_AFTER = 10.0
STOP_WITHIN = 10.0
PROBE_EVERY = 0.05
SAME_PRESS = 1.0  # make, or a shell, may pass one Ctrl-C on twice
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Say = Callable[[str, str], None]


def wait_before_restart(previous: float, lived: float) -> float:
    """Seconds to wait before a start: short at first, doubling while the service keeps dying."""
    if previous == 0 or lived >= STEADY_AFTER:
        return FIRST_WAIT
    return min(previous * 2, LONGEST_WAIT)


def how_it_ended(status: int) -> str:
    """Say an exit status in words; a negative one is the number of the signal that ended it."""
    return f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"


class _Watched:
    """A service, its process while it has one, and when it is to be started (again)."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.child: ChildProcess | None = None
        self.started_at = 0.0
        self.wait = 0.0
        self.start_at = 0.0

    @property
    def answers(self) -> bool:
        return self.child is not None and self.service.ready()


class Supervisor:
    """Runs services until SIGINT, SIGTERM or SIGHUP. Use it once, from the main thread.

    `say(name, line)` gets every line of output, and the supervisor's own lines as "baton".
    """

    def __init__(
        self, tiers: Sequence[Sequence[Service]], say: Say, on_ready: Callable[[], None]
    ) -> None:
        self._tiers = tiers
        self._say = say
        self._on_ready = on_ready
        self._watched: list[list[_Watched]] = []
        self._asked_at: float | None = None
        self._in_a_hurry = False
        self._selector = selectors.DefaultSelector()

    def run(self) -> bool:
        """Start everything, keep it running, and stop it when asked.

        Returns False when a second Ctrl-C cut the stopping short.
        """
        with self._woken_by_signals(), self._selector:
            try:
                self._serve()
            finally:
                self._stop_all()
        return not self._in_a_hurry

    def _serve(self) -> None:
        for tier in self._tiers:
            self._bring_up(tier)
        if self._asked_at is None:
            self._on_ready()
        while self._asked_at is None:
            self._turn()

    def _bring_up(self, services: Sequence[Service]) -> None:
        tier = [_Watched(service) for service in services]
        self._watched.append(tier)
        silent = tier
        while silent and self._asked_at is None:
            self._turn(PROBE_EVERY)
            silent = [watched for watched in silent if not watched.answers]

    def _turn(self, at_most: float | None = None) -> None:
        """Start what is due, pass on output until something happens, bury the dead."""
        for watched in self._all():
            if watched.child is None and watched.start_at <= time.monotonic():
                self._start(watched)
        self._pass_on_output(self._patience(at_most))
        for watched in self._all():
            self._bury_if_dead(watched)

    def _all(self) -> list[_Watched]:
        return [watched for tier in self._watched for watched in tier]

    def _patience(self, at_most: float | None) -> float | None:
        """Seconds until a start is due; None when only a signal or output can need us."""
        now = time.monotonic()
        waits = [max(0.0, w.start_at - now) for w in self._all() if w.child is None]
        if at_most is not None:
            waits.append(at_most)
        return min(waits, default=None)

    def _start(self, watched: _Watched) -> None:
        watched.child = ChildProcess(watched.service)
        watched.started_at = time.monotonic()
        self._selector.register(watched.child.output, selectors.EVENT_READ, watched)

    def _pass_on_output(self, patience: float | None) -> None:
        for key, _ in self._selector.select(patience):
            if isinstance(key.data, _Watched):
                self._pass_on_lines(key.data)
            else:
                key.data()

    def _pass_on_lines(self, watched: _Watched) -> None:
        assert watched.child is not None
        lines = watched.child.read_lines()
        if lines is None:
            self._selector.unregister(watched.child.output)
        for line in lines or ():
            self._say(watched.service.name, line)

    def _bury_if_dead(self, watched: _Watched) -> None:
        status = watched.child.ended() if watched.child else None
        if status is None:
            return
        self._clear_away(watched)
        now = time.monotonic()
        watched.wait = wait_before_restart(watched.wait, now - watched.started_at)
        watched.start_at = now + watched.wait
        self._say(
            "baton",
            f"{watched.service.name} {how_it_ended(status)}; "
            f"starting it again in {watched.wait:g} s.",
        )

    def _clear_away(self, watched: _Watched) -> None:
        """Take in a dead process's last lines and end what it left of its group.

        A web server's workers would otherwise keep the port from their successor.
        """
        child = watched.child
        assert child is not None
        child.kill()
        while self._listens_to(child) and child.has_output():
            self._pass_on_lines(watched)
        if self._listens_to(child):  # something it started and let go still holds the pipe
            self._selector.unregister(child.output)
        child.output.close()
        watched.child = None

    def _listens_to(self, child: ChildProcess) -> bool:
        return child.output in self._selector.get_map()

    def _stop_all(self) -> None:
        for tier in reversed(self._watched):
            self._stop_together([watched for watched in tier if watched.child])

    def _stop_together(self, tier: list[_Watched]) -> None:
        for watched in tier:
            if watched.child:
                watched.child.ask_to_stop()
        deadline = time.monotonic() + STOP_WITHIN
        while _any_alive(tier) and not self._in_a_hurry and time.monotonic() < deadline:
            self._pass_on_output(deadline - time.monotonic())
        for watched in tier:
            self._report_stop(watched)

    def _report_stop(self, watched: _Watched) -> None:
        assert watched.child is not None
        hanging = watched.child.ended() is None
        self._clear_away(watched)
        how = "did not stop in time and was ended" if hanging else "stopped"
        self._say("baton", f"{watched.service.name} {how}.")

    @contextmanager
    def _woken_by_signals(self) -> Iterator[None]:
        """Let signals, and the end of a child, end the wait for output."""
        receiver, sender = socket.socketpair()
        receiver.setblocking(False)
        sender.setblocking(False)
        self._selector.register(receiver, selectors.EVENT_READ, lambda: receiver.recv(4096))
        kept = {sig: signal.signal(sig, self._asked_to_stop) for sig in STOP_SIGNALS}
        kept[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
        try:
            yield
        finally:
            signal.set_wakeup_fd(-1)
            for sig, handler in kept.items():
                signal.signal(sig, handler)
            receiver.close()
            sender.close()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        now = time.monotonic()
        if self._asked_at is None:
            self._asked_at = now
        elif number == signal.SIGINT and now - self._asked_at >= SAME_PRESS:
            self._in_a_hurry = True


def _any_alive(tier: Sequence[_Watched]) -> bool:
    return any(watched.child and watched.child.ended() is None for watched in tier)
