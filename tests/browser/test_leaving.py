"""Who signed out here is gone: no answer that another window waited for brings them back."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.device import kept, until_true
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready

pytestmark = pytest.mark.e2e

START = "() => { import('/static/js/sync.js').then((m) => m.wake()); }"
FORGET = "() => import('/static/js/day.js').then((m) => m.forgetMe())"
ME = "() => import('/static/js/day.js').then((m) => m.me())"
LOCK_WANTED = "async () => (await navigator.locks.query()).pending.length > 0"


@pytest.fixture
def second(page: Page, phone: BrowserContext) -> Page:
    """Another window, with all that it does by itself done."""
    ready(page)
    page.evaluate(WAKE)
    other = phone.new_page()
    ready(other)
    other.evaluate(WAKE)
    return other


def waits(page: Page) -> Route:
    """The page has asked who is signed in, and has no answer yet."""
    held: list[Route] = []

    def hold_first(route: Route) -> None:
        route.continue_() if held else held.append(route)

    page.route("**/api/v1/today", hold_first)
    with page.expect_request("**/api/v1/today"):
        page.evaluate(START)
    page.evaluate("0")  # what came is handed over before this answer
    return held[0]


def test_an_answer_asked_for_before_somebody_left_is_not_kept(
    page: Page, second: Page, server: FakeServer
) -> None:
    asked = waits(second)
    page.evaluate(FORGET)
    with second.expect_response("**/api/v1/today"):
        asked.continue_()
    server.way = "signed_out"
    second.evaluate(WAKE)
    assert second.evaluate(ME) is None
    assert kept(second, "runs") == []


def test_signing_out_waits_for_what_another_window_asks(
    page: Page, second: Page, server: FakeServer
) -> None:
    asked = waits(second)
    page.get_by_role("button", name="Sign out").click(no_wait_after=True)
    until_true(page, LOCK_WANTED)
    assert "POST /sign-out" not in server.log
    asked.continue_()
    page.wait_for_url("**/sign-in")
    second.evaluate(WAKE)
    assert second.evaluate(ME) is None
    assert kept(second, "runs") == []


@pytest.mark.parametrize("press", ["Sign out", "Leave it here and sign out"])
def test_nobody_is_signed_out_here_before_the_server_has_done_it(
    page: Page, server: FakeServer, press: str
) -> None:
    ready(page)
    if press != "Sign out":
        server.sync_way = "down"
        page.goto("/run/R1#S3")
        page.get_by_label("Note").fill("All well.")
        page.get_by_role("button", name="Save the note").click()
        expect(page.locator("#light")).to_contain_text("1 on this phone")
        page.get_by_role("button", name="Sign out", exact=True).click()
    server.way = "down"
    page.get_by_role("button", name=press, exact=True).click()
    expect(page.locator("#sign-out-words")).to_contain_text("Nothing was changed.")
    assert page.evaluate(ME)["signed_in"]
    assert kept(page, "runs")


def test_that_signing_out_needs_a_connection_is_said_until_there_is_one(page: Page) -> None:
    ready(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("#sign-out-words")).to_contain_text("Signing out needs a connection.")
    page.context.set_offline(False)
    expect(page.locator("#sign-out-words")).to_have_count(0)
