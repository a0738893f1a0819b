"""The mark on the icon: set by what comes in, counted by the page."""

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import (
    MESSAGE,
    Deliver,
    Shown,
    deliver,  # noqa: F401
    shown,  # noqa: F401
    wait_for,
    worker_of,
)

pytestmark = [pytest.mark.e2e, pytest.mark.notifications]

# After how many messages the icon got its mark, each time.
REMEMBER_MARKS = """() => {
  self.marks = [];
  navigator.setAppBadge = async () => { self.marks.push(self.shown.length); };
}"""
MARKS = "() => self.marks"


@pytest.mark.parametrize(("kind", "marks"), [("handoff", [1, 2]), ("not_needed", [2])])
def test_a_message_about_work_marks_the_icon(
    page: Page,
    phone: BrowserContext,
    deliver: Deliver,  # noqa: F811
    shown: Shown,  # noqa: F811
    kind: str,
    marks: list[int],
) -> None:
    worker_of(phone).evaluate(REMEMBER_MARKS)
    deliver(MESSAGE.replace('"review"', f'"{kind}"'))
    shown(1)
    deliver(MESSAGE)
    shown(2)
    wait_for(page, lambda: 2 in worker_of(phone).evaluate(MARKS), "the second one marks the icon")
    assert worker_of(phone).evaluate(MARKS) == marks


def test_the_page_counts_what_is_mine_now(page: Page, server: FakeServer) -> None:
    page.add_init_script("navigator.setAppBadge = async (n) => { self.badge = n; };")
    page.goto("/today")
    page.wait_for_function("() => self.badge === 5")
    server.step_of("S5")["mine"] = False
    page.reload()
    page.wait_for_function("() => self.badge === 4")
