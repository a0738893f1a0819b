"""The tablet on the wall: its board, PINs, two people on one glass, and a power cut."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import kept
from tests.browser.facts import iso
from tests.browser.fake_kiosk import CODE, FakeKiosk
from tests.browser.kiosk.hands import (
    ANA,
    BEN,
    CONTROLLED,
    board,
    name_and_pin,
    until_sent,
    writes_note,
)
from tests.stack import until

pytestmark = pytest.mark.e2e


def test_a_tablet_that_is_not_paired_shows_its_code_and_becomes_the_board(
    server: FakeKiosk, tablet: Page
) -> None:
    server.paired = "no"
    tablet.goto("/kiosk")
    expect(tablet.get_by_text(CODE)).to_be_visible()
    expect(tablet.get_by_role("img", name="QR code")).to_be_visible()
    server.paired = "yes"
    board(tablet)


def test_who_is_signed_in_leaves_before_the_browser_becomes_a_kiosk(
    server: FakeKiosk, tablet: Page
) -> None:
    server.paired, server.is_persons = "no", True
    tablet.goto("/kiosk")
    expect(tablet.locator("#app")).to_contain_text("Ben is signed in on this browser.")
    expect(tablet.get_by_role("button", name="Sign out here")).to_be_visible()
    assert server.codes == 0


def test_a_tablet_that_is_not_paired_yet_says_no_more_than_that(
    server: FakeKiosk, tablet: Page
) -> None:
    server.paired = "no"
    tablet.goto("/kiosk")
    expect(tablet.get_by_text(CODE)).to_be_visible()
    expect(tablet.locator("#light")).to_have_text("Not paired yet")


def test_a_code_that_is_over_is_renewed_by_itself(server: FakeKiosk, tablet: Page) -> None:
    server.paired = "no"
    tablet.goto("/kiosk")
    expect(tablet.get_by_text(CODE)).to_be_visible()
    server.paired = "expired"
    until(lambda: server.codes == 2, "another code is asked for")


def test_the_board_leads_with_what_is_late_and_says_who_holds_it(
    server: FakeKiosk, tablet: Page
) -> None:
    moved = {"from": {"id": "P1", "name": "Ana"}, "at": iso(-6), "reason": "missed"}
    server.step_of("S1").update(missed_at=iso(-10), level=1, handed_over=moved)
    tablet.goto("/kiosk")
    rows = tablet.locator(".kiosk-day .item")
    expect(rows.first).to_contain_text("5 of 5 steps open. With Ben now, because Ana did not get")
    expect(rows.first).to_have_class("item need")
    expect(rows.last).to_have_class("item done")
    expect(rows.last).to_contain_text("Ana, timed check")
    expect(tablet.locator("#light")).to_contain_text("Safe on the server")


def test_many_names_hide_behind_more(server: FakeKiosk, tablet: Page) -> None:
    server.extra_people = [{"id": f"X{n}", "name": f"Zoe {n}"} for n in range(9)]
    tablet.goto("/kiosk")
    expect(tablet.locator(".tile")).to_have_count(8)
    tablet.get_by_role("button", name="More").tap()
    expect(tablet.locator(".tile")).to_have_count(12)


def test_a_long_name_stands_alone_and_makes_no_other_tile_tall(
    server: FakeKiosk, tablet: Page
) -> None:
    server.extra_people = [{"id": "X1", "name": "Bartholomew-Maximilian of Wolfratshausen Junior"}]
    tablet.goto("/kiosk")
    expect(tablet.locator(".tile.long")).to_have_count(1)
    heights = [
        box["height"] for tile in tablet.locator(".tile").all() if (box := tile.bounding_box())
    ]
    assert max(heights) <= 1.5 * min(heights)


def test_a_wrong_pin_is_said_and_a_right_one_opens_what_is_theirs(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    tablet.get_by_role("button", name="Ben", exact=True).tap()
    tablet.get_by_label("Your PIN").fill("111111")
    expect(tablet.get_by_role("alert")).to_contain_text("This is not the PIN of Ben. 3 more tries")
    tablet.get_by_label("Your PIN").fill(BEN)
    expect(tablet.locator("h1")).to_have_text("Ben")
    expect(tablet.get_by_role("link", name="Take the photo")).to_be_visible()
    assert [turn["person"] for turn in server.turns.values()] == ["P2", "P2"]


def test_who_is_locked_out_reads_until_when(server: FakeKiosk, tablet: Page) -> None:
    server.locked_until = (datetime.now(UTC) + timedelta(seconds=30)).isoformat()
    tablet.goto("/kiosk")
    tablet.get_by_role("button", name="Ben", exact=True).tap()
    tablet.get_by_label("Your PIN").fill(BEN)
    expect(tablet.get_by_role("alert")).to_contain_text("Too many wrong PINs for Ben. Try again at")


def test_somebody_without_a_pin_learns_where_to_set_one(tablet: Page) -> None:
    tablet.goto("/kiosk")
    tablet.get_by_role("button", name="Fay", exact=True).tap()
    expect(tablet.locator("#app")).to_contain_text("Set one on your own phone")


def test_two_people_take_turns_in_seven_taps_and_nothing_of_them_mixes(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    assert name_and_pin(tablet, "Ana", ANA) == 7
    writes_note(tablet, "The swing is fine")
    until_sent(server, 1)
    tablet.get_by_role("button", name="Done here").tap()
    board(tablet)
    assert name_and_pin(tablet, "Ben", BEN) == 7
    tablet.get_by_role("link", name="Fridge temperature").first.tap()
    tablet.get_by_label("Reading").fill("38")
    tablet.get_by_role("button", name="Save the reading").tap()
    until_sent(server, 2)
    whose = {turn: told["person"] for turn, told in server.turns.items()}
    assert [(whose[c["turn"]], c["step_run"]) for c in server.received] == [
        ("P1", "S3"),
        ("P2", "S2"),
    ]


def test_without_a_connection_the_turn_goes_on_unverified_until_there_is_one(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.locator("#over")).to_have_text("Unverified until this tablet has a connection")
    writes_note(tablet, "All clear")
    expect(tablet.locator("#light")).to_contain_text("1 on this tablet")
    assert ANA not in str(kept(tablet, "meta"))
    server.way = "ok"
    tablet.locator("#light").click()
    until_sent(server, 1)
    expect(tablet.locator("#over")).to_be_hidden()


def test_a_wrong_pin_typed_offline_ends_the_turn_and_its_work_is_held(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    board(tablet)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    name_and_pin(tablet, "Ana", "908172")
    writes_note(tablet, "Said to be by Ana")
    expect(tablet.locator("#light")).to_contain_text("1 on this tablet")
    server.way = "ok"
    tablet.locator("#light").click()
    expect(tablet.locator("#app")).to_contain_text("The PIN of Ana did not fit.")
    assert not server.received
    [receipt] = kept(tablet, "receipts")
    assert (receipt["person"], receipt["code"]) == ("P1", "pin_wrong")


def test_two_minutes_without_a_touch_end_the_turn_and_keep_what_was_begun(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.clock.install()
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_role("link", name="Playground walk").first.tap()
    tablet.get_by_label("Note").fill("The gate")
    tablet.clock.run_for(105_000)
    expect(tablet.get_by_role("alertdialog")).to_contain_text("Are you still here, Ana?")
    tablet.get_by_role("button", name="I am still here").tap()
    expect(tablet.get_by_role("alertdialog")).to_have_count(0)
    tablet.clock.run_for(125_000)
    board(tablet)
    expect(tablet.get_by_label("Note")).to_have_count(0)
    name_and_pin(tablet, "Ben", BEN)
    tablet.get_by_role("link", name="Playground walk").first.tap()
    expect(tablet.get_by_label("Note")).to_have_value("")
    tablet.get_by_label("Note").fill("Of Ben")
    tablet.clock.run_for(1_000)
    tablet.get_by_role("button", name="Done here").tap()
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_role("link", name="Go on with it").tap()
    expect(tablet.get_by_label("Note")).to_have_value("The gate")


def test_a_tablet_that_was_signed_off_says_so_and_keeps_what_is_unsent(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    server.paired = "revoked"
    writes_note(tablet, "Still here")
    app = tablet.locator("#app")
    expect(app).to_contain_text("This tablet was signed off.")
    expect(app).to_contain_text("1 thing done here is not yet on the server.")
    expect(tablet.get_by_role("button", name="Make a rescue file")).to_be_visible()
    server.paired = "yes"
    board(tablet)
    until_sent(server, 1)


def test_after_a_power_cut_without_a_connection_the_board_and_the_work_are_there(
    server: FakeKiosk, wall: Any
) -> None:
    page = wall()
    page.goto("/kiosk")
    board(page)
    page.evaluate(CONTROLLED)
    server.way = "down"
    name_and_pin(page, "Ana", ANA)
    writes_note(page, "Before the cut")
    expect(page.locator("#light")).to_contain_text("1 on this tablet")
    page.context.close()
    page = wall()
    page.goto("/kiosk")
    board(page)
    expect(page.locator(".kiosk-day")).to_contain_text("Opening check")
    expect(page.locator("#light")).to_contain_text("1 on this tablet")
    server.way = "ok"
    page.locator("#light").click()
    until_sent(server, 1)
    assert server.turns[server.received[0]["turn"]]["person"] == "P1"
