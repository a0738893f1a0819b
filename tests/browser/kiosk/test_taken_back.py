"""A plain step closed at the tablet can be taken back for 8 seconds, as on a phone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import kept, lying
from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, BEN, board, name_and_pin, until_sent
from tests.browser.test_messages import wait_for

pytestmark = pytest.mark.e2e

SAVED = "Alarm off, done by Ana, is saved on this tablet."
WAKE = "import('/static/js/sync.js').then((sync) => sync.wake())"


def taps_done(tablet: Page) -> None:
    """Ana closes her plain step with one tap."""
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_role("link", name="Alarm off").first.tap()
    tablet.get_by_role("button", name="Done", exact=True).tap()
    expect(tablet.locator("#undo")).to_contain_text(SAVED)


def is_open(tablet: Page, server: FakeKiosk) -> None:
    """Nothing of it lies here, and no later round has sent it."""
    assert lying(tablet) == ([], [])
    tablet.evaluate(WAKE)
    assert not server.received


def test_a_plain_step_waits_eight_seconds_and_is_sent_by_itself(
    server: FakeKiosk, tablet: Page
) -> None:
    taps_done(tablet)
    assert not server.received
    until_sent(server, 1)
    expect(tablet.get_by_role("button", name="Undo")).to_have_count(0)
    [command] = server.received
    assert command["step_run"] == "S4"
    assert "undo_until" not in command


def test_what_is_taken_back_never_leaves_the_tablet_and_is_open_again(
    server: FakeKiosk, tablet: Page
) -> None:
    taps_done(tablet)
    tablet.get_by_role("button", name="Undo").tap()
    expect(tablet.locator("#undo")).to_contain_text("Taken back. The step is open again.")
    expect(tablet.locator("section[data-step=S4]")).to_be_visible()
    is_open(tablet, server)


def test_who_is_done_here_can_still_take_it_back_from_the_board(
    server: FakeKiosk, tablet: Page
) -> None:
    taps_done(tablet)
    tablet.get_by_role("button", name="Done here").tap()
    board(tablet)
    expect(tablet.locator("#undo")).to_contain_text(SAVED)
    tablet.get_by_role("button", name="Undo").tap()
    expect(tablet.locator("#undo")).to_contain_text("Taken back. The step is open again.")
    board(tablet)
    is_open(tablet, server)


def test_after_the_turn_it_is_sent_by_itself_as_of_that_turn(
    server: FakeKiosk, tablet: Page
) -> None:
    taps_done(tablet)
    tablet.get_by_role("button", name="Done here").tap()
    board(tablet)
    assert not server.received
    until_sent(server, 1)
    assert server.turns[server.received[0]["turn"]]["person"] == "P1"
    expect(tablet.locator("#undo")).to_be_empty()


def test_the_next_name_ends_the_offer_and_sends_it(server: FakeKiosk, tablet: Page) -> None:
    taps_done(tablet)
    tablet.get_by_role("button", name="Done here").tap()
    name_and_pin(tablet, "Ben", BEN)
    expect(tablet.get_by_role("button", name="Undo")).to_have_count(0)
    until_sent(server, 1)
    assert server.turns[server.received[0]["turn"]]["person"] == "P1"


def test_a_power_cut_within_the_eight_seconds_loses_nothing(
    server: FakeKiosk, tablet: Page
) -> None:
    taps_done(tablet)
    tablet.reload()
    board(tablet)
    until_sent(server, 1)
    wait_for(tablet, lambda: not kept(tablet, "commands"), "what was sent leaves the tablet")
