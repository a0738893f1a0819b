"""What the tablet says when its connection, or what it may do, is gone or there again."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, CONTROLLED, board, name_and_pin
from tests.browser.kiosk.test_away import AWAY

pytestmark = pytest.mark.e2e
WRONG = "908172"


def loses_connection(tablet: Page) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    expect(tablet.locator("#light")).to_contain_text("Safe on the server")
    tablet.context.set_offline(True)


def wants_to_leave(tablet: Page) -> None:
    tablet.get_by_role("link", name="I am not here today").tap()
    tablet.get_by_role("button", name="I am away today").tap()


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


def test_who_is_away_presses_again_once_there_is_a_connection(
    server: FakeKiosk, tablet: Page
) -> None:
    loses_connection(tablet)
    name_and_pin(tablet, "Ana", ANA)
    wants_to_leave(tablet)
    alert = tablet.get_by_role("alert")
    expect(alert).to_contain_text("There is no connection, so nobody would hear of it.")
    tablet.context.set_offline(False)
    expect(tablet.locator("#over")).to_be_hidden()
    expect(alert).to_have_text(
        "There is a connection again. Nobody has heard of it yet, so press again."
    )
    assert not server.not_here
    tablet.get_by_role("button", name="I am away today").tap()
    expect(tablet.locator("#app")).to_contain_text(AWAY)
    assert server.not_here == {"P1"}


def test_a_press_does_not_wait_for_the_round_that_looks_at_the_pin(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.locator("#light")).to_contain_text("No connection.")
    server.way = "ok"
    wants_to_leave(tablet)
    expect(tablet.locator("#app")).to_contain_text(AWAY)


def test_a_wrong_pin_is_said_once_there_is_a_connection_though_nothing_was_done(
    server: FakeKiosk, tablet: Page
) -> None:
    loses_connection(tablet)
    name_and_pin(tablet, "Ana", WRONG)
    tablet.context.set_offline(False)
    board(tablet)
    expect(tablet.get_by_role("status").filter(has_text="PIN")).to_have_text(
        "This is not the PIN of Ana. 3 more tries, then there is a wait."
    )
    assert not server.received


def test_a_turn_that_the_server_no_longer_takes_leads_to_the_pin(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    server.turns.clear()
    wants_to_leave(tablet)
    tablet.get_by_role("alert").get_by_role("link", name="Ana").tap()
    tablet.get_by_label("Your PIN").fill(ANA)
    wants_to_leave(tablet)
    expect(tablet.locator("#app")).to_contain_text(AWAY)


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
