"""One process that a supervisor looks after, with its output line by line."""

import ctypes
import os
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

PR_SET_PDEATHSIG = 1  # linux/prctl.h
CHUNK = 65536

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class Service:
    """What to run: `environ` is added to the supervisor's own; `ready` asks whether it answers."""

    name: str
    argv: tuple[str, ...]
    environ: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True


class ChildProcess:
    """A running service in its own session, so that Ctrl-C in the terminal does not reach it."""

    def __init__(self, service: Service) -> None:
        """Start it. On Linux it is asked to stop when this process dies without stopping it."""
        parent = os.getpid()
        self._process = subprocess.Popen(
            service.argv,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **service.environ},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # Safe: the supervisor has no threads that could hold a lock across the fork.
            preexec_fn=lambda: _stop_with_parent(parent),
        )
        self._partial = b""

    @property
    def output(self) -> IO[bytes]:
        """The pipe that carries the process's output and errors."""
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def pid(self) -> int:
        """The process's id, which is its group's id too."""
        return self._process.pid

    def ended(self) -> int | None:
        """Return None while it runs, else its exit status (negative: ended by that signal)."""
        return self._process.poll()

    def has_output(self) -> bool:
        """Whether `read_lines` would return at once, with lines or with the end."""
        return bool(select.select([self.output], [], [], 0)[0])

    def read_lines(self) -> list[str] | None:
        """Return the whole lines that have come, or None at the end of the output.

        It waits when there is nothing to read.
        """
        chunk = os.read(self.output.fileno(), CHUNK)
        if not chunk:
            return None
        *lines, self._partial = (self._partial + chunk).split(b"\n")
        return [line.decode(errors="replace") for line in lines]

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process alone; it stops its own children in its own way."""
        if self.ended() is None:
            self._process.send_signal(signal.SIGTERM)

    def kill(self) -> int:
        """End it and what is left of its process group at once; return the exit status."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self._process.wait()


def _stop_with_parent(parent: int) -> None:
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:  # it died before the line above
        os._exit(1)
