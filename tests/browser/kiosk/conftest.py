"""A tablet on the wall, and the server in memory that it is paired with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from tests.browser.conftest import PATIENCE_MS
from tests.browser.facts import THERE
from tests.browser.fake_kiosk import FakeKiosk
from tests.chromium import ARGS, QUICK


@pytest.fixture
def server() -> Iterator[FakeKiosk]:
    with FakeKiosk() as fake:
        yield fake


def options(server: FakeKiosk) -> dict[str, Any]:
    return {"viewport": {"width": 1280, "height": 800}, "base_url": server.url, "has_touch": True}


@pytest.fixture
def tablet(browser: Browser, server: FakeKiosk) -> Iterator[Page]:
    context = browser.new_context(**options(server))
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def wall(playwright: Playwright, server: FakeKiosk, tmp_path: Path) -> Iterator[Any]:
    """Opens the tablet in a browser of its own, again with the same storage."""
    opened: list[BrowserContext] = []

    def start() -> Page:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "tablet",
            **QUICK,
            **THERE,
            args=ARGS,
            headless=True,
            **options(server),
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context.pages[0]

    yield start
    for context in opened:
        context.close()
