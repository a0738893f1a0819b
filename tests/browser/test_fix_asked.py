"""Whoever closes a step that had failed is asked once what was done about it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step
from tests.stack import until

pytestmark = pytest.mark.e2e
WORDS = "At Northside, “Door seal replaced.” has held for 12 runs."


def _failed(server: FakeServer, **more) -> None:
    """The playground walk was missed, and nobody has said what was done about it."""
    step = server.runs[0]["steps"][2]
    step.update({"missed_at": step["deadline_at"], "asks_fix": True} | more)


def _close(page: Page) -> None:
    open_step(page, "S3")
    page.get_by_label("Note").fill("All well")
    page.get_by_role("button", name="Save the note").click()


def test_after_a_failed_step_is_closed_its_fix_is_asked_for(page: Page, server: FakeServer) -> None:
    _failed(server)
    _close(page)
    page.get_by_label("What was done about it?").fill("Swept the sand.")
    page.get_by_role("button", name="Save the fix note").click()
    expect(page.get_by_label("What was done about it?")).to_have_count(0)
    until(lambda: len(server.received) == 2, "both arrived")
    kinds = [(each["kind"], each.get("text")) for each in server.received]
    assert kinds == [("complete_step", None), ("fix_note", "Swept the sand.")]


def test_what_held_elsewhere_is_taken_over_with_one_press(page: Page, server: FakeServer) -> None:
    _failed(server, fix_offer={"text": "Door seal replaced.", "words": WORDS})
    _close(page)
    expect(page.get_by_text(WORDS)).to_be_visible()
    page.get_by_role("button", name="Take it over here").click()
    expect(page.get_by_label("What was done about it?")).to_have_count(0)
    until(lambda: len(server.received) == 2, "both arrived")
    assert server.received[-1]["text"] == "Door seal replaced."


def test_a_step_that_went_well_asks_nothing(page: Page, server: FakeServer) -> None:
    _close(page)
    expect(page.locator("section[data-step=S3]")).to_have_count(0)
    until(lambda: len(server.received) == 1, "it arrived")
