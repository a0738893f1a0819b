from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.fake_server import FakeServer
from tests.chromium import ARGS, CHROMIUM

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)  # a busy machine is slow, not wrong

Open = Callable[[], BrowserContext]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all tests that do not close theirs: to start it costs more than a test."""
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield started
    started.close()


def _options(server: FakeServer) -> dict[str, Any]:
    return {
        "viewport": {"width": 390, "height": 844},
        "base_url": server.url,
        "permissions": ["camera", "notifications"],
    }


@pytest.fixture
def phone(browser: Browser, server: FakeServer) -> Iterator[BrowserContext]:
    """The one phone of the test, with storage of its own and one page open."""
    context = browser.new_context(**_options(server))
    context.set_default_timeout(PATIENCE_MS)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.pages[0]


@pytest.fixture
def open_browser(playwright: Playwright, server: FakeServer, tmp_path: Path) -> Iterator[Open]:
    """Opens a phone in a browser of its own: closed and opened again it still has its storage."""
    opened: list[BrowserContext] = []

    def start() -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone",
            executable_path=CHROMIUM,
            args=ARGS,
            headless=True,
            **_options(server),
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()
