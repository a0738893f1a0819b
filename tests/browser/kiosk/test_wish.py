"""Who presses a row at the tablet reads whom it is with, and whose doing counts, before any PIN."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, name_and_pin

pytestmark = pytest.mark.e2e
FAY = "998877"
OTHERS = "You can do what others hold; the owner then decides whether it counts."


@pytest.fixture
def server(server: FakeKiosk) -> FakeKiosk:
    """All of the opening check is Ben's; Ana had it before him."""
    for step in server.runs[0]["steps"]:
        ana, ben = (next(e for e in step["chain"] if e["person"]["id"] == p) for p in ("P1", "P2"))
        rest = [each for each in step["chain"] if each not in (ana, ben)]
        step.update(chain=[ana, ben, *rest], level=1, holder=ben["person"], missed_at=None)
    server.pins["P3"] = FAY
    return server


def wants(tablet: Page) -> None:
    tablet.goto("/kiosk")
    tablet.locator("[data-key=do-R1]").tap()
    expect(tablet.get_by_role("heading", name="Opening check: who are you?")).to_be_focused()


def offers(tablet: Page, *names: str) -> None:
    expect(tablet.locator(".tile .name")).to_have_text(list(names))


def test_before_the_pin_it_says_who_holds_it_and_offers_those_whose_doing_counts(
    tablet: Page,
) -> None:
    wants(tablet)
    expect(tablet.locator("#who-can")).to_have_text("With Ben now. Ana may close it too.")
    offers(tablet, "Ben", "Ana", "Somebody else")


def test_who_had_it_before_is_led_to_the_very_step(tablet: Page) -> None:
    wants(tablet)
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.locator("section[data-step=S1]")).to_be_visible()
    expect(tablet.get_by_role("button", name="Take the photo")).to_be_visible()
    expect(tablet.get_by_text("Nothing is left for you")).to_have_count(0)


def test_somebody_else_reads_at_the_step_that_the_owner_decides(tablet: Page) -> None:
    wants(tablet)
    tablet.get_by_role("button", name="Somebody else").tap()
    offers(tablet, "Ana", "Ben", "Fay")
    expect(tablet.locator("#who-can")).to_contain_text(OTHERS)
    name_and_pin(tablet, "Fay", FAY)
    expect(tablet.locator("section[data-step=S1]")).to_contain_text(
        "With Ben now. What you do here is kept, and the owner decides whether it counts."
    )


def test_who_has_steps_of_the_run_is_led_to_their_own_first(
    server: FakeKiosk, tablet: Page
) -> None:
    server.step_of("S3")["holder"] = {"id": "P1", "name": "Ana"}
    wants(tablet)
    expect(tablet.locator("#who-can")).to_contain_text("With Ben and Ana now.")
    name_and_pin(tablet, "Ana", ANA)
    expect(tablet.locator("section[data-step=S3]")).to_be_visible()


def test_who_has_nothing_left_in_the_run_reads_with_whom_the_rest_is(
    server: FakeKiosk, tablet: Page
) -> None:
    server.step_of("S3")["holder"] = {"id": "P1", "name": "Ana"}
    wants(tablet)
    name_and_pin(tablet, "Ana", ANA)
    tablet.get_by_label("Note").fill("All clear")
    tablet.get_by_role("button", name="Save the note").tap()
    words = "Nothing is left for you in this run. What is still open is with Ben."
    expect(tablet.get_by_text(words)).to_be_visible()


def test_a_wish_ends_when_nobody_says_who_they_are(server: FakeKiosk, tablet: Page) -> None:
    tablet.clock.install(time=datetime.now(UTC))
    wants(tablet)
    server.later = 3
    tablet.clock.fast_forward(timedelta(minutes=3) // timedelta(milliseconds=1))
    expect(tablet.locator("#who")).to_have_text("Who are you?")
    offers(tablet, "Ana", "Ben", "Fay")
