"""The tablet on the wall speaks the language that somebody pressed, also in the dark."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, CONTROLLED, board, name_and_pin

pytestmark = pytest.mark.e2e

SPANISH = {
    "Who are you?": "¿Quién eres?",
    "Done here": "He terminado",
    "With %(holder)s.": "Con %(holder)s.",
}


def test_one_press_changes_the_language_of_the_board(tablet: Page, server: FakeKiosk) -> None:
    server.words = {"es": SPANISH}
    tablet.goto("/kiosk")
    board(tablet)
    tablet.get_by_role("button", name="Español").tap()
    expect(tablet.get_by_role("heading", name="¿Quién eres?")).to_be_visible()
    pressed = tablet.get_by_role("button", name="Español")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    tablet.get_by_role("button", name="English").tap()
    board(tablet)


def test_a_turn_is_in_the_language_of_the_board(tablet: Page, server: FakeKiosk) -> None:
    server.words = {"es": SPANISH | {"Done here": "Done here, in Spanish"}}
    tablet.goto("/kiosk")
    tablet.get_by_role("button", name="Español").tap()
    expect(tablet.get_by_role("heading", name="¿Quién eres?")).to_be_visible()
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.get_by_role("button", name="Done here, in Spanish")).to_be_visible()


def test_the_language_is_changed_without_a_connection(tablet: Page, server: FakeKiosk) -> None:
    server.words = {"es": SPANISH}
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    tablet.get_by_role("button", name="Español").tap()
    expect(tablet.get_by_role("heading", name="¿Quién eres?")).to_be_visible()
