"""Steps that open later, at the tablet on the wall: the board and a turn without a connection."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.facts import iso, run, step
from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import BEN, CONTROLLED, board, name_and_pin
from tests.browser.test_later import FRIDGE, ONLY_IF, asked, reads

pytestmark = pytest.mark.e2e


def test_a_reading_in_the_dark_opens_what_it_asks_for_in_the_same_turn(
    server: FakeKiosk, tablet: Page
) -> None:
    fridge = step("S1", 1, "Fridge", "number", proof=FRIDGE)
    food = step("S2", 2, "Move the food", "note", state="waiting", holder=None, later=asked())
    server.runs = [run("R1", "Opening check", [fridge, food])]
    tablet.goto("/kiosk")
    board(tablet)
    expect(tablet.locator(".kiosk-day .item").first).to_contain_text("1 of 2 steps open.")
    name_and_pin(tablet, "Ben", BEN)
    expect(tablet.locator("[data-step=S2]").first).to_contain_text(ONLY_IF)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    tablet.locator("[data-key=next]").click()
    reads(tablet, "45")
    expect(tablet.locator("section[data-step=S2]")).to_be_visible()
    tablet.get_by_label("Note").fill("It is in the other fridge.")
    tablet.get_by_role("button", name="Save the note").click()
    expect(tablet.get_by_text("This run is done.")).to_be_visible()


def test_the_board_says_what_a_run_waits_for(server: FakeKiosk, tablet: Page) -> None:
    fridge = step("S1", 1, "Fridge", "number", state="in_review", mine=False)
    food = step("S2", 2, "Move the food", "note", state="waiting", holder=None, later=asked())
    server.runs = [run("R1", "Opening check", [fridge, food])]
    tablet.goto("/kiosk")
    board(tablet)
    expect(tablet.locator(".kiosk-day .item").first).to_contain_text(f"Move the food. {ONLY_IF}.")


def test_what_yesterday_still_waits_for_hides_nothing_of_today(
    server: FakeKiosk, tablet: Page
) -> None:
    food = step("S1", 1, "Move the food", "note", state="waiting", holder=None, later=asked())
    before = run("R1", "Opening check", [food], deadline_at=iso(-24 * 60))
    doors = step("S2", 1, "Doors", "note", state="waiting", holder=None)
    soon = {"opens_at": iso(1), "deadline_at": iso(2)}
    server.runs = [before, run("R2", "Locking up", [doors], state="planned", **soon)]
    tablet.goto("/kiosk")
    board(tablet)
    expect(tablet.locator(".kiosk-day .item")).to_have_count(2)
