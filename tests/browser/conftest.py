from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.facts import PHOTOS, THERE, opening_check, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import ready
from tests.chromium import ARGS, QUICK, WHOLE

PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)  # a busy machine is slow, not wrong

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "permissions": ["camera", "notifications"],
}
Open = Callable[[], BrowserContext]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as fake:
        yield fake


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """For tests whose devices are not closed and opened again: starting one takes a second."""
    launched = playwright.chromium.launch(**QUICK, **THERE, args=ARGS)
    yield launched
    launched.close()


@pytest.fixture
def open_browser(
    playwright: Playwright, server: FakeServer, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Opens the one phone of the test: closed and opened again it still has its storage."""
    opened: list[BrowserContext] = []
    browser = WHOLE if request.node.get_closest_marker("notifications") else QUICK

    def start() -> BrowserContext:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone",
            **browser,
            **THERE,
            args=ARGS,
            headless=True,
            **PHONE,
            base_url=server.url,
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def phone(server: FakeServer, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    """The one phone of the test; it forgets everything with the test unless that opens it again."""
    wanted = request.node
    if "open_browser" in wanted.fixturenames or wanted.get_closest_marker("notifications"):
        yield request.getfixturevalue("open_browser")()
        return
    browser: Browser = request.getfixturevalue("browser")
    context = browser.new_context(**PHONE, base_url=server.url)
    context.set_default_timeout(PATIENCE_MS)
    context.new_page()
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.pages[0]


@pytest.fixture
def offline(page: Page, server: FakeServer) -> Page:
    """The day is kept, each step of PHOTOS is open, and from now on nothing can be sent."""
    opening = opening_check()
    opening["steps"] += [step(sid, int(sid[1]), f"Room {sid}", "photo") for sid in PHOTOS[1:]]
    server.runs = [opening]
    ready(page)
    server.way = "down"
    server.log.clear()
    return page
