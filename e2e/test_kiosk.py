"""The opening check closed by two people at one tablet, which the owner paired by its code."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from e2e.daycare import NOTE, TIMED, Daycare
from e2e.phone import PATIENCE_MS
from tests.stack import until
from webapp.models import Event

PINS = {"Ana": "246802", "Ben": "135790"}


@pytest.fixture
def tablet(daycare: Daycare) -> Iterator[Page]:
    """A browser on the wall, in which nobody is signed in."""
    context = daycare.browser.new_context(
        base_url=daycare.stack.url, viewport={"width": 1280, "height": 800}, has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def is_paired(daycare: Daycare, tablet: Page) -> None:
    """The owner confirms the code that the tablet shows."""
    tablet.goto("/kiosk")
    code = tablet.locator(".code").inner_text().split()[-1]
    owner = daycare.phone("Olivia").open(f"/kiosks/pair#{code}")
    owner.get_by_label("What you call it").fill("Kitchen tablet")
    owner.get_by_role("button", name="Pair it").click()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()
    expect(tablet.locator("h1")).to_contain_text("Downtown")


def sets_pin(daycare: Daycare, name: str) -> None:
    page = daycare.phone(name).open("/me")
    page.get_by_label("New PIN").fill(PINS[name])
    page.locator("#your-pin ~ form button").click()
    expect(page.locator("main")).to_contain_text("You have one")


def comes(tablet: Page, name: str) -> None:
    tablet.get_by_role("button", name=name, exact=True).tap()
    for digit in PINS[name]:
        tablet.get_by_role("button", name=digit, exact=True).tap()
    expect(tablet.locator("h1")).to_contain_text(name)


def goes(tablet: Page) -> None:
    tablet.get_by_role("button", name="Done here").tap()
    expect(tablet.get_by_role("heading", name="Who are you?")).to_be_visible()


def closings(daycare: Daycare) -> list[tuple[str, str]]:
    """Who closed a step, and at which kiosk, as the record says it."""
    with daycare.stack.database() as session:
        query = select(Event).where(Event.org_id == daycare.run().org_id).order_by(Event.seq)
        done = [each for each in session.scalars(query) if each.kind == "step.done"]
        return [(each.payload["by"]["name"], each.payload["kiosk"]["name"]) for each in done]


def test_ana_and_ben_close_the_opening_check_at_one_tablet(daycare: Daycare, tablet: Page) -> None:
    daycare.define(TIMED, NOTE)
    for name in PINS:
        sets_pin(daycare, name)
    is_paired(daycare, tablet)

    comes(tablet, "Ana")
    tablet.get_by_role("link", name="Doors walked").first.tap()
    tablet.get_by_role("button", name="Done", exact=True).tap()
    daycare.until_step("Doors walked", "done")
    goes(tablet)

    daycare.advance(minutes=40)
    tablet.reload()
    expect(tablet.locator(".kiosk-day")).to_contain_text("With Ben now, because Ana did not get")
    comes(tablet, "Ben")
    tablet.get_by_role("link", name="Gate checked").first.tap()
    tablet.get_by_label("Note").fill("It closes")
    tablet.get_by_role("button", name="Save the note").tap()
    daycare.until_step("Gate checked", "done")
    goes(tablet)

    until(lambda: daycare.run().state == "closed", "the opening check is closed")
    assert closings(daycare) == [("Ana", "Kitchen tablet"), ("Ben", "Kitchen tablet")]
