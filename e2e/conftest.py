"""One installation, one push service and one browser for the whole session; a daycare per test."""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect

from e2e.daycare import Daycare
from e2e.phone import PATIENCE_MS, Phone
from e2e.screenshots import demo
from tests.chromium import ARGS, CHROMIUM, QUICK
from tests.push_service import RemotePushService
from tests.stack import Stack
from tests.stack_logs import with_logs

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks everything in this directory."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Adds to a failure what the processes said and what is on every screen."""
    report = yield
    if report.failed:
        report.sections += _screens(getattr(item, "funcargs", {}))
    return with_logs(report)


def _screens(used: dict[str, Any]) -> list[tuple[str, str]]:
    daycare, firefox = used.get("daycare"), used.get("firefox")
    phones = daycare.people.values() if daycare else ()
    found = [(f"the screen of {phone.name}", _screen(phone)) for phone in phones]
    return [*found, ("the screen of Firefox", firefox.screen())] if firefox else found


def _screen(phone: Phone) -> str:
    try:
        return f"{phone.page.url}\n{phone.page.locator('body').aria_snapshot(timeout=2000)}"
    except Error as error:
        return str(error)


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def quick_browser(playwright: Playwright) -> Iterator[Browser]:
    """For what needs no notifications."""
    started = playwright.chromium.launch(**QUICK, args=ARGS)
    yield started
    started.close()


@pytest.fixture(scope="session")
def pushes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemotePushService]:
    with RemotePushService(tmp_path_factory.mktemp("pushes") / "pushes.jsonl") as service:
        yield service


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with Stack(tmp_path_factory.mktemp("stack")) as running:
        running.start()
        yield running


@pytest.fixture(scope="session")
def monday() -> Iterator[str]:
    """The address of the demo daycare on a Monday that began without Ana."""
    with demo() as stack:
        yield stack.url


@pytest.fixture
def daycare(stack: Stack, browser: Browser, pushes: RemotePushService) -> Iterator[Daycare]:
    """An organisation of this test's own, whose owner has not joined yet."""
    opened = Daycare(stack, browser, pushes)
    opened.begin()
    yield opened
    opened.close()
