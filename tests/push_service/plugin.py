"""Fixtures: `pytest_plugins = ["tests.push_service.plugin"]` in the top conftest enables them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.push_service.remote import RemotePushService
from tests.push_service.service import PushService


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """A push service in this process; the test fails on any push that it did not take."""
    with PushService() as service:
        yield service


@pytest.fixture
def remote_push_service(tmp_path: Path) -> Iterator[RemotePushService]:
    """A push service in its own process, with a ledger on disk."""
    with RemotePushService(tmp_path / "pushes.jsonl") as service:
        yield service
