"""Every time at a kiosk is the location's, whatever zone and hour the tablet is set to."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.conftest import options
from tests.browser.kiosk.hands import ANA, CONTROLLED, name_and_pin

pytestmark = pytest.mark.e2e
# Half past ten in Paris, where the tablet hangs; half a minute more keeps it so for the whole test.
HALF_PAST_TEN_IN_PARIS = datetime(2026, 11, 23, 9, 30, 30, tzinfo=UTC)
BY_THE_TABLET = "2026-11-23T07:12:00Z"


@pytest.fixture
def tablet(browser: Browser, server: FakeKiosk) -> Iterator[Page]:
    server.later = (HALF_PAST_TEN_IN_PARIS - datetime.now(UTC)).total_seconds() / 60
    server.zone = "Europe/Paris"
    for each in server.runs:
        each["time_zone"] = server.zone
    context = browser.new_context(**options(server), timezone_id="Asia/Tokyo")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.clock.set_fixed_time(BY_THE_TABLET)
    yield page
    context.close()


def test_the_light_and_the_page_of_the_tablet_show_the_time_of_the_place(tablet: Page) -> None:
    tablet.goto("/kiosk")
    expect(tablet.locator("#light")).to_have_text("Safe on the server 10:30")
    tablet.get_by_role("button", name="This tablet").tap()
    expect(tablet.locator("#app")).to_contain_text("Nothing waits here. Safe on the server 10:30.")
    heard = tablet.get_by_role("term").filter(has_text="Heard from the server")
    expect(heard.locator("xpath=following-sibling::dd")).to_have_text("10:30")


def test_what_lies_on_the_tablet_is_dated_by_the_clock_of_the_place(
    server: FakeKiosk, tablet: Page
) -> None:
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    tablet.evaluate(CONTROLLED)
    server.way = "down"
    tablet.get_by_role("link", name="Playground walk").first.tap()
    tablet.get_by_label("Note").fill("All clear")
    tablet.get_by_role("button", name="Save the note").tap()
    expect(tablet.locator("#light")).to_contain_text("1 on this tablet, oldest 10:30")


def test_a_timed_check_says_by_the_clock_of_the_place_when_it_began(
    server: FakeKiosk, tablet: Page
) -> None:
    server.step_of("S4")["proof"]["min_seconds"] = 30
    tablet.goto("/kiosk")
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_role("link", name="Alarm off").first.tap()
    tablet.get_by_role("button", name="Start").tap()
    expect(tablet.locator("#app")).to_contain_text("Started 10:30.")
