"""A reading as proof: its big keys, which keep out of the way of the phone's keyboard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step, until_draft

pytestmark = pytest.mark.e2e


@pytest.fixture
def touch(browser: Browser, server: FakeServer) -> Iterator[Page]:
    """A page on a screen that is touched."""
    size = {"width": 390, "height": 844}
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        has_touch=True,
        is_mobile=True,
        base_url=server.url,
    )
    yield context.new_page()
    context.close()


def tap(page: Page, *names: str) -> None:
    keys = page.get_by_role("group", name="Number keys")
    for name in names:
        keys.get_by_role("button", name=name, exact=True).tap()


def test_a_reading_is_tapped_and_the_phones_keyboard_stays_away(
    touch: Page, server: FakeServer
) -> None:
    open_step(touch, "S2")
    reading = touch.get_by_label("Reading")
    expect(reading).to_have_attribute("inputmode", "none")
    tap(touch, "3", "7", "Decimal point", "Decimal point", "5", "9", "Delete")
    expect(reading).to_have_value("37.5")
    touch.get_by_role("button", name="Save the reading").tap()
    expect(touch.locator("[data-step=S2]")).to_contain_text("Received")
    assert server.received[0]["proof"]["value"] == "37.5"


def test_minus_turns_the_sign_and_outside_the_range_asks_what_was_done(touch: Page) -> None:
    open_step(touch, "S2")
    tap(touch, "4", "Minus")
    expect(touch.get_by_label("Reading")).to_have_value("-4")
    expect(touch.get_by_text("Outside: between 33 and 41 °F")).to_be_visible()
    expect(touch.get_by_label("What was done?")).to_be_visible()
    tap(touch, "Minus", "0")
    expect(touch.get_by_label("Reading")).to_have_value("40")
    expect(touch.get_by_label("What was done?")).to_be_hidden()
    expect(touch.get_by_text("Between 33 and 41 °F", exact=True)).to_be_visible()


def test_the_keys_stay_where_they_are_while_a_number_is_tapped(touch: Page) -> None:
    open_step(touch, "S2")
    key = touch.get_by_role("button", name="5", exact=True)
    before = key.evaluate("(e) => e.getBoundingClientRect().top + scrollY")
    tap(touch, "5")
    expect(touch.get_by_text("Outside: between 33 and 41 °F")).to_be_visible()
    assert key.evaluate("(e) => e.getBoundingClientRect().top + scrollY") == before


def test_the_phones_keyboard_can_be_asked_for(touch: Page) -> None:
    open_step(touch, "S2")
    touch.get_by_role("button", name="Use the keyboard").tap()
    expect(touch.get_by_role("group", name="Number keys")).to_be_hidden()
    expect(touch.get_by_label("Reading")).to_have_attribute("inputmode", "decimal")
    expect(touch.get_by_label("Reading")).to_be_focused()
    touch.get_by_role("button", name="Show number keys").tap()
    expect(touch.get_by_label("Reading")).to_have_attribute("inputmode", "none")


@pytest.mark.parametrize(("frame", "least"), [("", 48), ("kiosk", 64)])
def test_keys_are_big_enough_for_fingers_and_gloves(touch: Page, frame: str, least: int) -> None:
    open_step(touch, "S2")
    touch.evaluate("(name) => name && document.documentElement.classList.add(name)", frame)
    keys = touch.get_by_role("group", name="Number keys").get_by_role("button")
    expect(keys).to_have_count(13)
    for key in keys.all():
        box = key.bounding_box()
        assert box
        assert box["height"] >= least
        assert box["width"] >= 48


def test_with_a_mouse_the_keys_wait_until_they_are_asked_for(page: Page) -> None:
    open_step(page, "S2")
    expect(page.get_by_label("Reading")).to_have_attribute("inputmode", "decimal")
    expect(page.get_by_role("group", name="Number keys")).to_be_hidden()
    page.get_by_role("button", name="Show number keys").click()
    page.get_by_role("button", name="8", exact=True).click()
    expect(page.get_by_label("Reading")).to_have_value("8")
    expect(page.get_by_label("Reading")).to_have_attribute("inputmode", "decimal")


def test_what_is_typed_is_there_when_the_page_opens_again(
    open_browser: Open, server: FakeServer
) -> None:
    phone = open_browser()
    open_step(phone.pages[0], "S2")
    phone.pages[0].get_by_label("Reading").fill("45")
    phone.pages[0].get_by_label("What was done?").fill("Moved the milk")
    until_draft(phone.pages[0], "d.words?.corrective === 'Moved the milk'")
    phone.close()
    page = open_browser().pages[0]
    open_step(page, "S2")
    expect(page.get_by_label("What was done?")).to_have_value("Moved the milk")
    page.get_by_role("button", name="Save the reading").click()
    expect(page.locator("[data-step=S2]")).to_contain_text("Received")
    assert server.received[0]["proof"]["corrective"] == "Moved the milk"


def test_what_is_still_asked_is_shown_above_the_buttons_at_the_thumb(touch: Page) -> None:
    open_step(touch, "S2")
    tap(touch, "7", "7")
    touch.get_by_role("button", name="Save the reading").tap()
    asked = touch.get_by_text("Say what was done about it.")
    expect(asked).to_be_visible()
    touch.wait_for_function("() => document.activeElement.id === 'corrective'")
    field, bar = touch.get_by_label("What was done?").bounding_box(), touch.locator(".thumb")
    words, buttons = asked.bounding_box(), bar.bounding_box()
    assert field
    assert words
    assert buttons
    assert words["y"] > 0
    assert field["y"] + field["height"] <= buttons["y"]
