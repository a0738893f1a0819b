"""The supervisor with real, small processes: it runs as its own process, as `baton up` does."""

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from webapp.supervisor import how_it_ended, wait_before_restart

SUPERVISE = """
import json, sys
from functools import partial
from pathlib import Path
from webapp import supervisor
from webapp.child_process import Service

given = json.loads(sys.argv[1])
for name, value in given["constants"].items():
    setattr(supervisor, name, value)

def service(name, code, ready_file=None):
    ready = Path(ready_file).exists if ready_file else lambda: True
    return Service(name, (sys.executable, "-S", "-c", code), ready=ready)

say = lambda name, line: print(f"{name}: {line}", flush=True)
tiers = [[service(*each) for each in tier] for tier in given["tiers"]]
finished = supervisor.Supervisor(tiers, say, partial(say, "baton", "ready")).run()
sys.exit(0 if finished else 1)
"""
PRINT_PID_AND_STAY = "import os, signal; print('pid', os.getpid()); signal.pause()"
STAY_WHEN_ASKED_TO_STOP = """
import signal
signal.signal(signal.SIGTERM, lambda number, frame: print("asked"))
print("up")
while True: signal.pause()
"""


class Supervised:
    """A supervisor under test: read its lines, send it signals."""

    def __init__(self, tiers: list[list[tuple[str, ...]]], constants: dict[str, float]) -> None:
        given = json.dumps({"tiers": tiers, "constants": constants})
        self.process = subprocess.Popen(
            [sys.executable, "-c", SUPERVISE, given], stdout=subprocess.PIPE, text=True
        )
        self.lines: list[str] = []

    def until(self, part: str) -> str:
        """Read on to the first line that has `part` in it and return that line."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if part in line:
                return line.strip()
        raise AssertionError(f"{part!r} never came: {self.lines}")

    def pid_of(self, name: str) -> int:
        return int(self.until(f"{name}: pid").split()[-1])

    def signal(self, number: int) -> None:
        self.process.send_signal(number)

    def end(self) -> int:
        """Read what is left and return the exit status."""
        assert self.process.stdout is not None
        self.lines += [line.strip() for line in self.process.stdout]
        return self.process.wait()


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise() -> Iterator[Supervise]:
    """Start supervisors; those that a failing test leaves behind are ended after 30 s at most."""
    started: list[Supervised] = []

    def start(*tiers: list[tuple[str, ...]], **constants: float) -> Supervised:
        started.append(Supervised(list(tiers), constants))
        return started[-1]

    def end_all() -> None:
        for each in started:
            each.process.kill()

    guard = threading.Timer(30, end_all)
    guard.start()
    yield start
    guard.cancel()
    end_all()
    for each in started:
        each.process.communicate()


@pytest.mark.parametrize(
    ("previous", "lived", "wait"),
    [
        (0.0, 0.0, 0.2),
        (0.2, 0.1, 0.4),
        (0.4, 9.9, 0.8),
        (3.2, 0.1, 5.0),
        (5.0, 0.1, 5.0),
        (5.0, 10.0, 0.2),
    ],
)
def test_the_wait_before_a_restart_doubles_until_the_service_has_lived_for_ten_seconds(
    previous: float, lived: float, wait: float
) -> None:
    assert wait_before_restart(previous, lived) == pytest.approx(wait)


@pytest.mark.parametrize(
    ("status", "words"),
    [(0, "ended with status 0"), (3, "ended with status 3"), (-9, "was ended by signal 9")],
)
def test_an_exit_status_is_said_in_words(status: int, words: str) -> None:
    assert how_it_ended(status) == words


def test_a_killed_service_is_started_again_and_said_so(supervise: Supervise) -> None:
    run = supervise([("clock", PRINT_PID_AND_STAY)])
    first = run.pid_of("clock")
    os.kill(first, signal.SIGKILL)
    said = run.until("baton: clock")
    second = run.pid_of("clock")
    run.signal(signal.SIGTERM)

    assert run.end() == 0
    assert said == "baton: clock was ended by signal 9; starting it again in 0.2 s."
    assert second != first


def test_what_a_dead_service_left_of_its_group_is_gone_before_its_successor_starts(
    supervise: Supervise, tmp_path: Path
) -> None:
    lock = tmp_path / "port"
    hold = f"""
import fcntl, os, signal
held = open({str(lock)!r}, "w")
fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
if os.fork():
    print("pid", os.getpid(), flush=True)
signal.pause()
"""
    run = supervise([("web", hold)])
    os.kill(run.pid_of("web"), signal.SIGKILL)
    run.pid_of("web")
    run.signal(signal.SIGTERM)

    assert run.end() == 0
    assert [line for line in run.lines if "Traceback" in line] == []


def test_a_tier_starts_only_when_the_one_before_it_answers(
    supervise: Supervise, tmp_path: Path
) -> None:
    ready = tmp_path / "ready"
    slow = f"import pathlib, signal; pathlib.Path({str(ready)!r}).touch(); signal.pause()"
    look = f"import os, signal; print('there', os.path.exists({str(ready)!r})); signal.pause()"
    run = supervise([("redis", slow, str(ready))], [("web", look)])

    assert run.until("web: there") == "web: there True"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything_with_the_first_tier_last(
    supervise: Supervise, number: int, tmp_path: Path
) -> None:
    log = tmp_path / "order"
    stop_slowly = f"""
import signal, sys, time
def stop(number, frame):
    time.sleep({{lag}})  # this is the work of stopping, longer for those that must go first
    print({{name!r}}, file=open({str(log)!r}, "a"))
    sys.exit()
signal.signal(signal.SIGTERM, stop)
print("up", flush=True)
while True: signal.pause()
"""
    names = {"redis": 0, "web": 0.3, "clock": 0.3, "worker": 0.3}
    services = [(name, stop_slowly.format(lag=lag, name=name)) for name, lag in names.items()]
    run = supervise(services[:1], services[1:])
    ups = {run.until(": up") for _ in services}
    run.signal(number)

    assert run.end() == 0
    assert len(ups) == 4
    stopped = log.read_text().split()
    assert stopped[-1] == "redis"
    assert sorted(stopped) == sorted(names)
    assert run.lines[-1] == "baton: redis stopped."


def test_a_service_that_does_not_stop_in_time_is_ended(supervise: Supervise) -> None:
    run = supervise([("web", STAY_WHEN_ASKED_TO_STOP)], STOP_WITHIN=0.2)
    run.until("web: up")
    run.signal(signal.SIGTERM)

    assert run.end() == 0
    assert run.lines[-1] == "baton: web did not stop in time and was ended."


def test_a_second_ctrl_c_ends_everything_at_once(supervise: Supervise) -> None:
    run = supervise([("web", STAY_WHEN_ASKED_TO_STOP)], SAME_PRESS=0, STOP_WITHIN=60)
    run.until("web: up")
    run.signal(signal.SIGINT)
    run.until("web: asked")
    run.signal(signal.SIGINT)

    assert run.end() == 1


def test_one_press_that_arrives_twice_is_still_a_calm_stop(supervise: Supervise) -> None:
    run = supervise([("web", PRINT_PID_AND_STAY)])
    run.pid_of("web")
    run.signal(signal.SIGINT)
    run.signal(signal.SIGINT)

    assert run.end() == 0


def test_services_do_not_hear_the_terminals_ctrl_c(supervise: Supervise) -> None:
    run = supervise([("web", "import os; print(os.getsid(0) == os.getpid())")])

    assert run.until("web: ") == "web: True"


@pytest.mark.skipif(sys.platform != "linux", reason="needs PR_SET_PDEATHSIG")
def test_a_killed_supervisor_leaves_no_orphans(supervise: Supervise, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    hold = f"import fcntl; held = open({str(lock)!r}, 'w'); fcntl.flock(held, fcntl.LOCK_EX)\n"
    run = supervise([("web", hold + PRINT_PID_AND_STAY)])
    run.pid_of("web")
    run.signal(signal.SIGKILL)
    run.end()

    with lock.open() as mine:
        fcntl.flock(mine, fcntl.LOCK_EX)  # is had only when nobody else is left to hold it
