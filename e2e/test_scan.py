"""A visitor takes the scan, mends the worst with a draft, rehearses it and signs up with it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.daycare import PASSWORD
from e2e.phone import PATIENCE_MS
from e2e.visits import scan, title
from tests.stack import Stack

CHICAGO = "America/Chicago"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An installation in which nobody has begun anything."""
    with Stack(tmp_path_factory.mktemp("scanned")) as running:
        running.start()
        yield running


@pytest.fixture
def page(empty: Stack, browser: Browser) -> Iterator[Page]:
    phone = {"width": 390, "height": 844}
    context = browser.new_context(base_url=empty.url, viewport=phone, timezone_id=CHICAGO)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def test_a_visitor_goes_from_the_scan_to_a_process_of_their_own(page: Page, empty: Stack) -> None:
    scan(page)
    expect(page.locator("main")).to_contain_text("1 of 1 recurring tasks that can do serious harm")
    expect(page.get_by_role("button", name="Print it")).to_be_visible()
    page.get_by_role("button", name=re.compile("would mend it ?: Fridge")).click()

    title(page, "Fridge temperatures")
    expect(page.get_by_label("Responsible")).to_have_value("Maria")
    expect(page.get_by_label("Time zone of your place")).to_have_value(CHICAGO)
    page.get_by_role("button", name="Keep this draft").click()
    expect(page.get_by_role("alert")).to_contain_text("Your draft is kept")
    page.get_by_label("Backup").fill("James")
    page.get_by_label("Due at").fill("09:00")
    page.get_by_role("button", name="Keep this draft").click()

    title(page, "Your drafts")
    page.get_by_role("link", name="What if nobody does it?").click()
    title(page, "If nobody does it")
    expect(page.locator("main")).to_contain_text("James hears at 09:10, Mara at 09:40")
    page.get_by_role("group", name="Who is away on all these days?").get_by_label("James").check()
    page.get_by_role("button", name="Play it again").click()
    expect(page.locator("main")).not_to_contain_text("James hears at 09:10")
    page.get_by_role("main").get_by_role("link", name="Your drafts").click()

    page.get_by_role("button", name="Create an organisation with them").click()
    title(page, "Create an organisation")
    expect(page.get_by_label("Your name")).to_have_value("Mara")
    expect(page.get_by_label("Time zone of this location")).to_have_value(CHICAGO)
    page.get_by_label("Name of the organisation").fill("Little Oaks")
    page.get_by_label("First location").fill("Downtown")
    page.get_by_label("E-mail").fill("mara@oaks.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the organisation").click()

    title(page, "Processes")
    expect(page.get_by_role("heading", name="Fridge temperatures")).to_be_visible()
    expect(page.get_by_role("region", name="Drafts from before your account")).to_be_visible()
    dumped = empty.cli("dump")
    assert "Fridge temperatures" in dumped
    assert "name: James" in dumped
    page.goto("/fragility")
    title(page, "Where it is most fragile")


def test_the_scan_is_taken_by_keyboard_alone(page: Page) -> None:
    page.goto("/scan")
    page.get_by_label("Daycare or school").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Bakery, café or kitchen")).to_be_checked()
    page.get_by_label("Who works with you?").focus()
    page.keyboard.type("Lin")
    page.keyboard.press("Enter")
    title(page, "What comes round again and again?")
    page.get_by_label("Counting the till").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Go on").focus()
    page.keyboard.press("Enter")
    title(page, "How often does it come round?")
    expect(page.get_by_role("group", name="Counting the till")).to_be_visible()
