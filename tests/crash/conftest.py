"""Real processes on a database of their own, and a push service that remembers everything."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.crash.morning import Morning
from tests.databases import EMPTY
from tests.push_service import RemotePushService
from tests.stack import Stack
from tests.stack_logs import with_logs


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks everything in this directory."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("crash")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failure what the processes said."""
    return with_logs((yield))


@pytest.fixture
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    """An installation of which nothing runs yet; on SQLite unless the test names PostgreSQL."""
    url = None
    if getattr(request, "param", "sqlite") == "postgresql":
        server = request.getfixturevalue("postgresql")
        server.make("baton_crash", EMPTY)
        url = server.address("baton_crash")
    with Stack(tmp_path, database_url=url) as installed:
        yield installed


@pytest.fixture
def morning(stack: Stack, remote_push_service: RemotePushService) -> Morning:
    """The daycare, before anything runs."""
    return Morning(stack, remote_push_service)
