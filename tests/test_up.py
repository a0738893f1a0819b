"""`baton up`: what it refuses before it starts anything, and one real start."""

import fcntl
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from redis import Redis
from redis.exceptions import RedisError

from webapp import private_redis
from webapp.cli.up import say, up


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _up(**environ: str) -> Result:
    return CliRunner().invoke(up, env={"HOST": "127.0.0.1", **environ})


def test_a_port_in_use_is_named_with_a_way_out(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = _up(BATON_DATA_DIR=str(tmp_path), PORT=str(port))

    assert result.exit_code == 2
    assert result.stderr == (
        f"Port {port} is in use. Stop the other program or set PORT to another number.\n"
    )


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = _up(BATON_DATA_DIR=str(tmp_path / "file" / "var"))

    assert result.exit_code == 2
    assert result.stderr.startswith(f"BATON_DATA_DIR: {tmp_path}/file/var cannot be made")


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    result = _up(BATON_DATA_DIR=str(tmp_path), PORT="many")

    assert result.exit_code == 2
    assert result.stderr.startswith("PORT: ")


def test_an_address_of_another_machine_is_refused(tmp_path: Path) -> None:
    result = _up(BATON_DATA_DIR=str(tmp_path), HOST="192.0.2.1", PORT=str(_free_port()))

    assert result.exit_code == 2
    assert result.stderr.startswith("HOST: this machine has no address '192.0.2.1'.")


def test_a_second_one_on_the_same_data_directory_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "up.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        result = _up(BATON_DATA_DIR=str(tmp_path), PORT=str(_free_port()))

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Baton is already running on {tmp_path}.")


def test_a_redis_that_already_answers_there_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(private_redis, "STOP_WITHIN", 0.0)
    with private_redis.running(tmp_path):
        result = _up(BATON_DATA_DIR=str(tmp_path), PORT=str(_free_port()))
        assert private_redis.answers(tmp_path)

    assert result.exit_code == 2
    assert result.stderr.startswith(f"Baton is already running on {tmp_path}.")


def test_a_reader_that_has_gone_away_stops_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver, sender = os.pipe()
    os.close(receiver)
    with open(sender, "wb", buffering=0) as gone:
        monkeypatch.setattr("sys.stdout", io.TextIOWrapper(gone, write_through=True))
        say("web", "a line that nobody reads")
        sys.stdout.detach()


class Running:
    """A real `baton up` on its own port and data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.port = _free_port()
        self.data_dir = data_dir
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from webapp.cli.up import up; up()"],
            env={**kept, "PORT": str(self.port), "BATON_DATA_DIR": str(data_dir)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def until(self, part: str) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            if part in line:
                return
        raise AssertionError(f"{part!r} never came: {self.lines}")

    def status_of(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status

    def stop(self) -> int:
        assert self.process.stdout is not None
        self.process.send_signal(signal.SIGINT)
        self.lines += [line.rstrip() for line in self.process.stdout]
        return self.process.wait()


@pytest.fixture
def running(tmp_path: Path) -> Iterator[list[Running]]:
    """Collects what a test starts, and ends it after 90 s at most."""
    started: list[Running] = []

    def end_all() -> None:
        for each in started:
            each.process.kill()

    guard = threading.Timer(90, end_all)
    guard.start()
    yield started
    guard.cancel()
    end_all()
    for each in started:
        each.process.communicate()


def until_it_answers(address: str) -> None:
    """Wait for the Redis that was started again; ten seconds at most."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with suppress(RedisError), Redis.from_url(address) as client:
            client.ping()
            return
    raise AssertionError("Redis did not come back")


@pytest.mark.crash
def test_a_worker_stops_at_once_although_redis_is_away(
    running: list[Running], tmp_path: Path
) -> None:
    running.append(one := Running(tmp_path))
    one.until("Baton is running at")
    with Redis.from_url(private_redis.url(tmp_path)) as client:
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
    one.until("redis was ended by signal 9; starting it again")
    assert one.stop() == 0
    assert "baton  | worker stopped." in one.lines


@pytest.mark.crash
def test_it_serves_survives_a_killed_redis_stops_cleanly_and_starts_again_with_its_data(
    running: list[Running], tmp_path: Path
) -> None:
    running.append(first := Running(tmp_path))
    first.until(f"Baton is running at http://localhost:{first.port}")
    assert first.status_of("/healthz") == 200
    with Redis.from_url(private_redis.url(tmp_path)) as client:
        client.set("kept", "yes")
        os.kill(client.info("server")["process_id"], signal.SIGKILL)
    first.until("redis was ended by signal 9; starting it again")
    until_it_answers(private_redis.url(tmp_path))

    assert first.stop() == 0
    assert first.lines[-1] == "baton  | redis stopped."
    assert not [line for line in first.lines if "Traceback" in line]

    running.append(second := Running(tmp_path))
    second.until("Baton is running at")
    with Redis.from_url(private_redis.url(tmp_path)) as client:
        assert client.get("kept") == b"yes"
    assert second.stop() == 0
