"""The mark on the icon: set by what comes in, counted by the page."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import MESSAGE, Deliver, Shown, deliver, shown, worker_of  # noqa: F401

pytestmark = pytest.mark.e2e

REMEMBER_MARK = "() => { navigator.setAppBadge = async () => { self.marked = true; }; }"


@pytest.mark.parametrize(("kind", "marked"), [("handoff", True), ("not_needed", False)])
def test_a_message_about_work_marks_the_icon(
    page: Page,
    phone: BrowserContext,
    deliver: Deliver,  # noqa: F811
    shown: Shown,  # noqa: F811
    kind: str,
    marked: bool,
) -> None:
    worker_of(phone).evaluate(REMEMBER_MARK)
    deliver(MESSAGE.replace('"review"', f'"{kind}"'))
    shown(1)
    page.wait_for_timeout(300)
    assert worker_of(phone).evaluate("() => Boolean(self.marked)") is marked


def test_the_page_counts_what_is_mine_now(page: Page, server: FakeServer) -> None:
    page.add_init_script("navigator.setAppBadge = async (n) => { self.badge = n; };")
    page.goto("/today")
    page.wait_for_function("() => self.badge === 5")
    server.step_of("S5")["mine"] = False
    page.reload()
    page.wait_for_function("() => self.badge === 4")
