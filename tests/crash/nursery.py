"""Real processes without the second and a half that each start of Python costs.

A nursery has imported everything and opened nothing. It forks; the child leads a process group of
its own, takes its own environment and log, and runs its module as `python -m` would. A thousand
runs kill and start more processes than a machine could start afresh in an hour.
"""

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from webapp.views import BLUEPRINTS

PRELOADED = ("worker.loop", "worker.deliver", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread")
LOOK_EVERY = 0.02
PR_SET_PDEATHSIG = 1


class Child:
    """A forked process, asked after as a `subprocess.Popen` is."""

    def __init__(self, nursery: "Nursery", pid: int) -> None:
        self._nursery = nursery
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        if self.returncode is None:
            self.returncode = self._nursery.ask(ended=self.pid)
        return self.returncode

    def wait(self) -> int:
        """The exit status, once it is there."""
        while (status := self.poll()) is None:
            time.sleep(LOOK_EVERY)
        return status

    def send_signal(self, number: int) -> None:
        """Sends a signal to the process alone."""
        if self.poll() is None:
            os.kill(self.pid, number)


class Nursery:
    """Starts `python -m MODULE …` as a fork of a process that has imported everything."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.crash.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def start(self, argv: Sequence[str], environ: Mapping[str, str], log: Path) -> Child:
        """The process that runs `argv`, which begins with a Python and -m."""
        return Child(self, self.ask(argv=list(argv[2:]), environ=dict(environ), log=str(log)))

    def ask(self, **given: Any) -> Any:
        """The answer of the nursery's process."""
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(given) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())


def serve() -> None:
    """Forks on request, until nobody asks any more. It has no thread: forks are safe."""
    for module in (*PRELOADED, *(f"webapp.views.{name}" for name in BLUEPRINTS)):
        importlib.import_module(module)
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _ended(asked["ended"]) if "ended" in asked else _fork(asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _ended(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _fork(asked: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        os._exit(_be(asked["argv"], asked["environ"], asked["log"]))
    while os.getpgid(pid) != pid:  # until it leads its group, nobody can kill that
        time.sleep(0.001)
    return pid


def _end_with(parent: int) -> None:
    """Whatever becomes of the suite, nothing stays behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _be(argv: list[str], environ: dict[str, str], log: str) -> int:
    """In the child: becomes the process that was asked for; its exit status."""
    os.setsid()
    _end_with(os.getppid())
    nothing = os.open(os.devnull, os.O_RDONLY)
    words = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for ours, theirs in ((nothing, 0), (words, 1), (words, 2)):
        os.dup2(ours, theirs)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = argv
    try:
        runpy.run_module(argv[0], run_name="__main__", alter_sys=True)
    except SystemExit as asked_to_end:
        return asked_to_end.code if isinstance(asked_to_end.code, int) else 0
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    serve()
