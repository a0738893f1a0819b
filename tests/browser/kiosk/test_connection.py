"""What the tablet says when its connection, or what it may do, is gone or there again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, CONTROLLED, board, name_and_pin

pytestmark = pytest.mark.e2e


def loses_connection(tablet: Page) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    expect(tablet.locator("#light")).to_contain_text("Safe on the server")
    tablet.context.set_offline(True)


def test_the_light_says_at_once_that_the_connection_is_gone(tablet: Page) -> None:
    loses_connection(tablet)
    expect(tablet.locator("#light")).to_contain_text("No connection.", timeout=2_000)


def test_a_pin_that_nobody_answers_tells_the_light_too(server: FakeKiosk, tablet: Page) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.locator("#light")).to_contain_text("No connection.", timeout=2_000)


def test_a_tablet_that_is_let_in_again_goes_back_to_its_board_by_itself(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.clock.install()
    tablet.goto("/kiosk")
    board(tablet)
    server.paired = "revoked"
    tablet.locator("#light").click()
    expect(tablet.locator("#app")).to_contain_text("This tablet was signed off.")
    server.paired = "let in again"
    tablet.clock.run_for(30_000)
    board(tablet)
    expect(tablet.locator("#light")).to_contain_text("Safe on the server")
