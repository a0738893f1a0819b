"""The page of a proof leads on to where whoever looks at it may go."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import review
from tests.browser.test_offline import ready

pytestmark = pytest.mark.e2e


def test_who_decides_has_the_menu_and_the_way_back_to_what_needs_them(
    page: Page, server: FakeServer
) -> None:
    server.person |= {"role": "manager"}
    ready(page)
    server.review = review()
    page.goto("/approve/S1")
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    expect(page.get_by_role("navigation", name="Menu")).to_contain_text("Processes")
    expect(page.locator(".back a").first).to_have_attribute("href", "/inbox")


def test_staff_have_the_way_back_to_their_day_and_no_menu(page: Page, server: FakeServer) -> None:
    ready(page)
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text("This proof is not yours to judge")
    expect(page.locator(".back a")).to_have_attribute("href", "/today")
    expect(page.get_by_role("navigation", name="Menu")).to_have_count(0)
    expect(page.locator("a[href='/inbox']")).to_have_count(0)


def test_who_is_not_signed_in_is_led_nowhere_but_to_signing_in(
    page: Page, server: FakeServer
) -> None:
    server.person |= {"role": "manager"}
    ready(page)
    server.way = "signed_out"
    page.goto("/approve/S1")
    expect(page.get_by_role("link", name="Sign in", exact=True).first).to_be_visible()
    expect(page.get_by_role("navigation", name="Menu")).to_have_count(0)
    expect(page.locator(".back a")).to_have_count(0)
