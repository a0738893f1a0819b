"""Marks everything here: real processes and a real browser."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.chromium import playwright
from tests.offline.house import House
from tests.stack_logs import with_logs

__all__ = ["playwright"]
PLAYED = "test_faults.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what plays, not what only judges."""
    for item in items:
        if item.path == Path(__file__).with_name(PLAYED):
            item.add_marker("crash")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failure what the processes said."""
    return with_logs((yield))


@pytest.fixture(scope="session")
def offline_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with House(tmp_path_factory.mktemp("offline")) as house:
        yield house
