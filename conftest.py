"""What tests/ and e2e/ share: databases, push service, and one browser driver a process."""

import gc

import pytest

pytest_plugins = ["tests.chromium", "tests.databases", "tests.push_service.plugin"]


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Looks for garbage seldom: what collecting made stays, and looking through it takes long."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
