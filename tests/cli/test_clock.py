"""`baton clock`: the clock of an installation that is tried out."""

from pathlib import Path

import pytest

from tests.cli.test_process_commands import run

NOON = "2026-11-23T12:00:00Z"


@pytest.fixture(autouse=True)
def installation(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_TEST_CLOCK", "1")


@pytest.mark.parametrize(("wait", "time"), [("30s", "12:00:30"), ("1h30m", "13:30:00")])
def test_it_is_set_and_moved_and_says_what_it_shows(wait: str, time: str) -> None:
    assert run("clock", "set", NOON).stdout == "The clock shows 2026-11-23T12:00:00+00:00.\n"
    assert run("clock", "advance", wait).stdout == f"The clock shows 2026-11-23T{time}+00:00.\n"


def test_what_is_no_moment_is_wrong_usage() -> None:
    assert run("clock", "set", "soon").exit_code == 2
