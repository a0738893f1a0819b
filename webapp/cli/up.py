"""`baton up`: everything that one installation needs, from one command."""

import errno
import fcntl
import http.client
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import click

from webapp import database, private_redis
from webapp.child_process import Service
from webapp.config import SettingError, Settings
from webapp.supervisor import Supervisor

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class CannotStartError(click.ClickException):
    """Something is missing or in the way; the message says what to do about it."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence alone."""
        click.echo(self.message, file=file or sys.stderr)


@click.command()
def up() -> None:
    """Serve Baton: web, clock, worker, and a Redis of its own unless REDIS_URL is set."""
    try:
        settings = Settings.from_env()
        with _only_one_here(settings.data_dir):
            _refuse_taken_port(settings.host, settings.port)
            wanted = tiers(settings)
            database.upgrade(settings)
            finished = Supervisor(wanted, say, partial(_announce, settings)).run()
    except (SettingError, private_redis.NoRedisError, PermissionError) as error:
        raise CannotStartError(str(error)) from error
    sys.exit(0 if finished else 1)


def say(name: str, line: str) -> None:
    """Print one line of a service. A closed pipe or terminal stops nothing."""
    with suppress(OSError):
        print(f"{name:<6} | {line}", flush=True)


def _announce(settings: Settings) -> None:
    with suppress(OSError):
        print(f"Baton is running at {settings.public_url}", flush=True)


def tiers(settings: Settings) -> list[list[Service]]:
    """Return what to run: Redis, when it is ours, before and after everything else."""
    environ = {
        "BATON_DATA_DIR": str(settings.data_dir),
        "REDIS_URL": settings.redis_url or private_redis.url(settings.data_dir),
        "HOST": settings.host,
        "PORT": str(settings.port),
    }
    python = sys.executable
    web = (python, "-m", "gunicorn", "--config", "python:webapp.gunicorn_conf")
    serving = [
        Service("web", web, environ, partial(answers, settings)),
        Service("clock", (python, "-m", "worker", "clock"), environ),
        Service("worker", (python, "-m", "worker", "deliver"), environ),
    ]
    return [serving] if settings.redis_url else [[_redis(settings.data_dir)], serving]


def _redis(data_dir: Path) -> Service:
    return Service(
        "redis",
        private_redis.command(data_dir),
        private_redis.ENVIRON,
        partial(private_redis.answers, data_dir),
    )


def answers(settings: Settings) -> bool:
    """Whether a page can be had: /healthz says 200."""
    host = EVERY_ADDRESS.get(settings.host, settings.host)
    connection = http.client.HTTPConnection(host, settings.port, timeout=1)
    try:
        connection.request(
            "GET", "/healthz", headers={"Host": urlsplit(settings.public_url).netloc}
        )
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _only_one_here(data_dir: Path) -> Iterator[None]:
    """Hold the data directory: two would run two Redis servers on one set of files."""
    taken = CannotStartError(
        f"Baton is already running on {data_dir}. "
        "Stop it first, or set BATON_DATA_DIR to another directory."
    )
    with (data_dir / "up.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise taken from None
        if not private_redis.gone_soon(data_dir):
            raise taken
        yield


def _refuse_taken_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStartError(_why_no_port(error, host, port)) from error


def _why_no_port(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use. Stop the other program or set PORT to another number."
    if error.errno == errno.EACCES:
        return f"Port {port} needs an administrator's rights. Set PORT to 1024 or more."
    return f"HOST: this machine has no address {host!r}. Use 127.0.0.1, or 0.0.0.0 for all."
