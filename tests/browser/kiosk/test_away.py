"""Whoever feels sick at the tablet says so there, and says when they are back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, CONTROLLED, board, name_and_pin

pytestmark = pytest.mark.e2e

AWAY = "You are away today. What is yours goes to the next in line."


def asks_to_leave(tablet: Page) -> None:
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_role("link", name="I am not here today").tap()


def test_who_is_away_reads_so_and_comes_back_with_one_tap(server: FakeKiosk, tablet: Page) -> None:
    tablet.goto("/kiosk")
    asks_to_leave(tablet)
    assert not server.not_here
    tablet.get_by_role("button", name="I am away today").tap()
    expect(tablet.locator("#app")).to_contain_text(AWAY)
    assert server.not_here == {"P1"}
    tablet.get_by_role("button", name="Done here").tap()
    expect(tablet.locator(".tile").filter(has_text="Ana")).to_contain_text("away today")
    tablet.locator(".tile").filter(has_text="Ana").tap()
    tablet.get_by_label("Your PIN").fill(ANA)
    tablet.get_by_role("button", name="I am back").tap()
    expect(tablet.get_by_role("link", name="I am not here today")).to_be_visible()
    assert not server.not_here


def test_without_a_connection_it_is_said_that_nobody_would_hear_of_it(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    asks_to_leave(tablet)
    server.way = "down"
    tablet.get_by_role("button", name="I am away today").tap()
    expect(tablet.get_by_role("alert")).to_contain_text("nobody would hear of it")
    assert not server.not_here
