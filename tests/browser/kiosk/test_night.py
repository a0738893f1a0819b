"""The tablet hangs there through the night: in the morning it shows the morning, and takes PINs."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.facts import iso, run, step
from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, board, name_and_pin, until_sent, writes_note

pytestmark = pytest.mark.e2e

NIGHT = 13 * 60
COUNTS = """
  const request = async () => { self.asked = (self.asked || 0) + 1; };
  Object.defineProperty(navigator, "wakeLock", { value: { request } });
"""
SEEN_AGAIN = "document.dispatchEvent(new Event('visibilitychange'))"


def sleeps(server: FakeKiosk, tablet: Page) -> None:
    """Thirteen hours go by, on both clocks."""
    server.later = NIGHT
    tablet.clock.fast_forward(NIGHT * 60_000)


def test_after_a_night_it_shows_the_new_day_by_itself_and_somebody_can_begin(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.clock.install()
    tablet.goto("/kiosk")
    board(tablet)
    evening = tablet.locator("h1").inner_text()
    morning = {"opens_at": iso(NIGHT - 30), "deadline_at": iso(NIGHT + 30)}
    counted = step("S20", 1, "Milk counted", "note", run="R2")
    server.runs = [run("R2", "Breakfast", [counted], **morning)]
    sleeps(server, tablet)
    expect(tablet.locator(".kiosk-day")).to_contain_text("Breakfast")
    expect(tablet.locator("h1")).not_to_have_text(evening)
    name_and_pin(tablet, "Ana", ANA)
    writes_note(tablet, "Nine", title="Milk counted")
    until_sent(server, 1)


def test_whoever_was_signed_in_in_the_evening_is_not_in_the_morning(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.clock.install()
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    sleeps(server, tablet)
    board(tablet)
    expect(tablet.get_by_role("button", name="Done here")).to_have_count(0)


def test_the_screen_is_asked_to_stay_on_again_when_it_is_seen_again(tablet: Page) -> None:
    tablet.add_init_script(COUNTS)
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(SEEN_AGAIN)
    assert tablet.evaluate("self.asked") == 2
