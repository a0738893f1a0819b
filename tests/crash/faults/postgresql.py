"""A PostgreSQL server that can be killed, stopped at once and frozen."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from tests.databases import Server


class FragileServer(Server):
    """It may forget at a power cut, but never what it acknowledged before it was killed."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self._directory = directory
        self._run("ALTER SYSTEM SET synchronous_commit = on")
        self._run("SELECT pg_reload_conf()")
        self._run("SELECT 1")

    def kill(self) -> None:
        """Ends the postmaster with kill -9; its children see that and go."""
        self._admin.dispose()
        postmaster = self._postmaster()
        left = children(postmaster)
        os.kill(postmaster, signal.SIGKILL)
        for pid in (postmaster, *left):
            _wait_until_gone(pid)

    def stop_at_once(self) -> None:
        """Stops without a checkpoint, as an impatient operator does."""
        self._admin.dispose()
        postmaster = self._postmaster()
        os.kill(postmaster, signal.SIGQUIT)
        _wait_until_gone(postmaster)

    def start(self) -> None:
        """Starts again and recovers. Where nobody buries the dead, the old process looks alive."""
        for left in (self._directory / "postmaster.pid", *self._directory.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        for _ in range(5):
            with suppress(subprocess.SubprocessError):
                self._server.ensure_postgres_running()
                break
        for _ in range(200):
            with suppress(OperationalError):
                self._run("SELECT 1")
                return
            time.sleep(0.05)
        raise AssertionError("PostgreSQL did not come back")

    def freeze(self) -> list[int]:
        """Freezes the server with every connection; gives what to `thaw`."""
        postmaster = self._postmaster()
        frozen = [postmaster, *children(postmaster)]
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        return frozen

    def thaw(self, frozen: list[int]) -> None:
        """Wakes it."""
        for pid in frozen:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    def _postmaster(self) -> int:
        return int((self._directory / "postmaster.pid").read_text().splitlines()[0])


def children(parent: int) -> list[int]:
    """The processes that this one has forked."""
    try:
        text = Path(f"/proc/{parent}/task/{parent}/children").read_text()
    except OSError:
        return []
    return [int(pid) for pid in text.split()]


def _wait_until_gone(pid: int) -> None:
    for _ in range(400):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "Z":
            return
        time.sleep(0.02)
    raise AssertionError(f"process {pid} does not go")
