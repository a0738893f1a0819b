"""A plain step takes one tap, a photo three; for 8 seconds a tap can be taken back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import lying
from tests.browser.facts import step
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step, sent
from tests.browser.test_offline import WAKE

pytestmark = pytest.mark.e2e

COUNT_TAPS = """addEventListener("click", (event) => {
  if (event.isTrusted) self.taps = (self.taps || 0) + 1;
}, true);"""
SAVED = "Saved on this phone."


def sent_steps(server: FakeServer) -> list[str]:
    return [command["step_run"] for command in server.received]


def test_a_plain_step_is_one_tap_and_is_sent_by_itself(page: Page, server: FakeServer) -> None:
    page.add_init_script(COUNT_TAPS)
    open_step(page, "S4")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#undo")).to_contain_text(SAVED)
    assert page.evaluate("self.taps") == 1
    expect(page.locator("#light")).to_contain_text("1 on this phone")
    assert not sent_steps(server)
    expect(page.locator("#light")).to_contain_text("Safe on the server", timeout=20_000)
    assert sent_steps(server) == ["S4"]
    assert "undo_until" not in server.received[0]
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)


def test_a_photo_step_is_three_taps(page: Page, server: FakeServer) -> None:
    page.add_init_script(COUNT_TAPS)
    open_step(page, "S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Use this photo").click()
    expect(page.locator("ol.steps [data-step=S1]")).to_be_visible()
    assert page.evaluate("self.taps") == 3
    sent(server, page, "S1")


def test_what_is_taken_back_in_time_never_leaves_the_phone(page: Page, server: FakeServer) -> None:
    open_step(page, "S4")
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#undo")).to_contain_text("Taken back. The step is open again.")
    expect(page.locator("section[data-step=S4]")).to_be_visible()
    expect(page.get_by_role("button", name="Done")).to_be_visible()
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    assert lying(page) == ([], [])  # so that no later round can send it
    page.evaluate(WAKE)
    assert not sent_steps(server)


def test_the_next_tap_sends_the_one_before(page: Page, server: FakeServer) -> None:
    server.runs[0]["steps"].append(step("S8", 8, "Lights on", "timed"))
    open_step(page, "S4")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#undo")).to_contain_text(SAVED)
    page.goto("/run/R1#S8")
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Undo")).to_have_count(1)
    expect(page.locator("[data-step=S4]")).to_contain_text("Received")
    assert sent_steps(server) == ["S4"]


def test_a_page_that_is_left_sends_it(page: Page, server: FakeServer) -> None:
    open_step(page, "S4")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#undo")).to_contain_text(SAVED)
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("Safe on the server", timeout=20_000)
    assert sent_steps(server) == ["S4"]


def test_what_has_left_already_is_not_said_to_be_undone(page: Page, server: FakeServer) -> None:
    open_step(page, "S4")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("#undo")).to_contain_text(SAVED)
    page.evaluate("""async () => {
      const { transact } = await import("/static/js/store.js");
      await transact(["commands"], "readwrite", async ({ commands }) => commands.clear());
    }""")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#undo")).to_contain_text("It was sent already, so it stays done.")
