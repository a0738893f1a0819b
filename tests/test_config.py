"""Settings: each wrong one is named, with what to do, before anything starts."""

import multiprocessing
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from webapp.config import SettingError, Settings

ROOT = Path(__file__).parents[1]


def read(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_env({"BATON_DATA_DIR": str(tmp_path), **environ})


def test_nothing_needs_to_be_set(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env({})
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/baton.sqlite3"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://localhost:8000"
    assert not settings.is_secure
    assert not settings.test_clock
    assert not settings.push_insecure


def test_an_empty_setting_is_one_that_was_not_set(tmp_path):
    names = ("DATABASE_URL", "REDIS_URL", "PORT", "BATON_PUBLIC_URL", "BATON_PUSH_CONTACT")
    empty = read(tmp_path, **dict.fromkeys([*names, "SECRET_KEY", "BATON_TEST_CLOCK"], ""))
    assert empty == read(tmp_path)


WRONG = [
    ("PORT", "eighty", "number from 1 to 65535"),
    ("PORT", "0", "number from 1 to 65535"),
    ("PORT", "65536", "number from 1 to 65535"),
    ("PORT", "-1", "number from 1 to 65535"),
    ("DATABASE_URL", "mysql://localhost/baton", "Use sqlite:///… or postgresql://…"),
    ("DATABASE_URL", "baton.sqlite3", "Use sqlite:///… or postgresql://…"),
    ("REDIS_URL", "http://localhost", "use redis://"),
    ("REDIS_URL", "localhost:6379", "use redis://"),
    ("BATON_PUBLIC_URL", "baton.example.org", "https://baton.example.org"),
    ("BATON_PUBLIC_URL", "ftp://baton.example.org", "https://baton.example.org"),
    ("BATON_PUBLIC_URL", "https://", "https://baton.example.org"),
    ("BATON_PUBLIC_URL", "https://example.org/baton", "https://baton.example.org"),
    ("BATON_PUSH_CONTACT", "ops@example.org", "use mailto:you@your-domain"),
    ("BATON_PUSH_CONTACT", "mailto:ops@localhost", "use mailto:you@your-domain"),
    ("BATON_TIMESTAMP_URL", "stamps.example", "https://stamps.example/tsr"),
    ("BATON_TIMESTAMP_URL", "ftp://stamps.example/", "https://stamps.example/tsr"),
    ("BATON_TIMESTAMP_URL", "https://", "https://stamps.example/tsr"),
    ("BATON_TIMESTAMP_URL", "http://[", "https://stamps.example/tsr"),
    ("BATON_TIMESTAMP_URL", "http://stamps.example:x/", "https://stamps.example/tsr"),
    ("BATON_TIMESTAMP_URL", "http://stamps.example/a b", "https://stamps.example/tsr"),
    ("BATON_TEST_CLOCK", "yes", "use 1 (on) or 0 (off)"),
    ("BATON_PUSH_INSECURE", "true", "use 1 (on) or 0 (off)"),
]


@pytest.mark.parametrize(("name", "value", "advice"), WRONG)
def test_a_wrong_setting_is_named_with_a_way_out(tmp_path, name, value, advice):
    with pytest.raises(SettingError) as refused:
        read(tmp_path, **{name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert advice in str(refused.value)


@pytest.mark.parametrize("url", ["http://stamps.example", "https://stamps.example:8443/tsr?x=1"])
def test_an_authority_may_be_asked_by_plain_http_as_its_answer_is_signed(tmp_path, url):
    settings = read(tmp_path, BATON_TIMESTAMP_URL=url)
    assert settings.timestamp_url == url
    assert url not in repr(settings)  # it may hold a key


@pytest.mark.parametrize("process", ["clock", "deliver"])
def test_a_process_that_cannot_start_says_which_setting_and_exits_2(tmp_path, process):
    environ = {"PATH": os.environ["PATH"], "BATON_DATA_DIR": str(tmp_path), "PORT": "x"}
    done = subprocess.run(
        [sys.executable, "-m", "worker", process],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "PORT: 'x' is not a port. Use a number from 1 to 65535.\n"


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        ("postgres://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgresql+psycopg://h/d", "postgresql+psycopg://h/d"),
        ("sqlite:////srv/baton.sqlite3", "sqlite:////srv/baton.sqlite3"),
    ],
)
def test_a_database_is_named_as_hosts_name_it(tmp_path, given, read_as):
    assert read(tmp_path, DATABASE_URL=given).database_url == read_as


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingError, match=r"BATON_DATA_DIR: .*file/var cannot be made"):
        Settings.from_env({"BATON_DATA_DIR": str(tmp_path / "file" / "var")})


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path, monkeypatch):
    def refuses(path: Path, *given: object, **more: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "touch", refuses)
    with pytest.raises(SettingError, match=r"BATON_DATA_DIR: .* cannot be written to"):
        read(tmp_path)


def test_the_secret_is_made_once_and_kept_from_others(tmp_path):
    first = read(tmp_path).secret_key
    assert len(first) >= 32
    assert read(tmp_path).secret_key == first
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600
    assert first not in repr(read(tmp_path))


def test_a_secret_from_the_environment_is_not_written_down(tmp_path):
    assert read(tmp_path, SECRET_KEY="s" * 40).secret_key == "s" * 40
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_secret_is_named_rather_than_replaced(tmp_path):
    (tmp_path / "secret_key").write_text("")
    with pytest.raises(SettingError, match=r"SECRET_KEY: .* is damaged"):
        read(tmp_path)


def _secret(data_dir: str) -> str:
    return Settings.from_env({"BATON_DATA_DIR": data_dir}).secret_key


def test_processes_that_start_at_once_agree_on_one_secret(tmp_path):
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        secrets = pool.map(_secret, [str(tmp_path)] * 16, chunksize=1)
    assert len(set(secrets)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret_key"]


@pytest.mark.parametrize(
    ("setting", "value"), [("SECRET_KEY", "x"), ("BATON_PUSH_HOSTS", "https://x/ y")]
)
def test_a_weak_secret_and_a_host_that_is_none_are_refused(tmp_path, setting, value):
    with pytest.raises(SettingError, match=setting):
        Settings.from_env({"BATON_DATA_DIR": str(tmp_path), setting: value})


def test_a_directory_whose_name_would_cut_the_address_short_is_refused(tmp_path):
    with pytest.raises(SettingError, match="Name another directory"):
        Settings.from_env({"BATON_DATA_DIR": str(tmp_path / "what?")})


def test_hosts_that_the_operator_adds_are_listed(tmp_path):
    hosts = read(tmp_path, BATON_PUSH_HOSTS="push.example.org, other.example.net").push_hosts
    assert hosts == ("push.example.org", "other.example.net")


def test_https_outside_makes_the_cookies_insist_on_it(tmp_path):
    settings = read(tmp_path, BATON_PUBLIC_URL="https://baton.example.org/")
    assert (settings.public_url, settings.is_secure) == ("https://baton.example.org", True)
