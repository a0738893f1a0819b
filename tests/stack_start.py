"""How the processes of a stack are started: afresh, unless a suite brings a quicker way."""

import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[1]


class Process(Protocol):
    """What a stack needs of a running process."""

    @property
    def pid(self) -> int:
        """Its id, which is its group's id too."""

    def poll(self) -> int | None:
        """Its exit status, None while it runs."""

    def wait(self) -> int:
        """Its exit status, once it is there."""

    def send_signal(self, sig: int) -> None:
        """Sends a signal to the process alone."""


# Starts argv with this environment; what it says is added to the file.
Starter = Callable[[Sequence[str], Mapping[str, str], Path], Process]


def afresh(argv: Sequence[str], environ: Mapping[str, str], log: Path) -> Process:
    """Starts a process as a shell would."""
    with log.open("ab") as words:
        return subprocess.Popen(
            argv,
            env=environ,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
