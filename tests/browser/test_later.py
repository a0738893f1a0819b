"""Steps that open later, on a phone: what was answered there opens them, also in the dark."""

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.facts import iso, run, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import CONTROLLED

pytestmark = pytest.mark.e2e
ONLY_IF = "Only if Fridge is outside 33 to 41 °F"
FRIDGE = {"unit": "°F", "min": 33, "max": 41, "if_outside": "Move the food"}


def asked(**more: Any) -> dict[str, Any]:
    said = [{"text": "Only if %(step)s is outside %(low)s to %(high)s", "values": {
        "step": "Fridge", "low": "33", "high": "41 °F",
    }}]  # fmt: skip
    only_if = {"step": "S1", "skipped": False, "inside": False, "min": "33", "max": "41"}
    return {"opens_at": None, "said": said, "only_if": only_if, "after": None} | more


def following(minutes: int) -> dict[str, Any]:
    said = [{"text": "Opens %(wait)s after %(step)s", "values": {"wait": "2h", "step": "Fridge"}}]
    after = {"step": "S1", "wait_minutes": minutes, "due_minutes": 15}
    return asked(said=said, only_if=None, after=after)


@pytest.fixture
def day(server: FakeServer, phone: BrowserContext):
    """Today is here, the phone is in the dark, and the fridge is open."""

    def make(later: dict[str, Any]) -> Page:
        waits = {"state": "waiting", "holder": None, "later": later}
        steps = [
            step("S1", 1, "Fridge", "number", proof=FRIDGE, may_skip=True),
            step("S2", 2, "Move the food", "note", **waits),
        ]
        server.runs = [run("R1", "Opening check", steps)]
        page = phone.pages[0]
        page.goto("/today")
        expect(page.locator("[data-run=R1]").first).to_be_visible()
        page.wait_for_function(CONTROLLED)
        server.way = "down"
        page.goto("/run/R1#S1")
        return page

    return make


def reads(page: Page, value: str) -> None:
    page.get_by_label("Reading").fill(value)
    if not 33 <= float(value) <= 41:
        page.get_by_label("What was done?").fill("Called the repair line.")
    page.get_by_role("button", name="Save the reading").click()


def test_a_step_says_what_it_waits_for(day) -> None:
    page = day(asked())
    expect(page.locator("[data-step=S2]")).to_contain_text(ONLY_IF)


def test_an_answer_given_in_the_dark_opens_the_step_at_once(day, server: FakeServer) -> None:
    page = day(asked())
    reads(page, "45")
    expect(page.locator("section[data-step=S2]")).to_be_visible()
    page.get_by_label("Note").fill("It is in the other fridge.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-step=S2]")).to_contain_text("Saved on this phone")
    server.way = "ok"
    page.goto("/today")
    expect(page.get_by_text("Downtown. Received.")).to_be_visible()
    assert [each["step_run"] for each in server.received] == ["S1", "S2"]


def test_an_answer_that_asks_for_nothing_ends_the_run_here(day) -> None:
    page = day(asked())
    reads(page, "38")
    expect(page.locator("[data-step=S2]")).to_contain_text("No longer needed")
    expect(page.get_by_text("Nothing is left for you in this run.")).to_be_visible()


def test_a_follow_up_waits_for_its_time_in_the_dark(day) -> None:
    page = day(following(120))
    expect(page.locator("[data-step=S2]")).to_contain_text("Opens 2h after Fridge")
    reads(page, "38")
    expect(page.locator("[data-step=S2]")).to_contain_text("Opens at")


def test_a_run_of_which_a_follow_up_is_left_comes_later_at_its_own_time(day) -> None:
    page = day(following(120))
    reads(page, "38")
    expect(page.locator("[data-step=S2]")).to_contain_text("Opens at")
    page.goto("/today")
    opens = page.locator(".item.later[data-run=R1] .who")
    expect(opens).to_have_text(re.compile(r"^Downtown\. Opens at \d\d:\d\d\.$"))
    time = opens.inner_text().removeprefix("Downtown. Opens at ")
    expect(page.locator(".empty")).to_contain_text(f"Next is Opening check. It opens at {time}")


def test_a_follow_up_opens_in_the_dark_when_its_time_has_come(day) -> None:
    page = day(following(0))
    reads(page, "38")
    expect(page.locator("section[data-step=S2]")).to_be_visible()


def test_a_follow_up_that_the_server_knows_the_time_of_opens_by_itself(day) -> None:
    page = day(asked(opens_at=iso(-1), only_if=None))
    page.goto("/run/R1#S2")
    expect(page.get_by_label("Note")).to_be_visible()


def test_what_the_server_left_out_says_why(server: FakeServer, phone: BrowserContext) -> None:
    said = [{"text": "Not needed: %(step)s was %(said)s", "values": {
        "step": "Fridge", "said": "38 °F",
    }}]  # fmt: skip
    left_out = step("S2", 2, "Move the food", "note", state="skipped", later=asked(said=said))
    server.runs = [run("R1", "Opening check", [step("S1", 1, "Fridge", "note"), left_out])]
    page = phone.pages[0]
    page.goto("/today")
    expect(page.locator("[data-step=S2]")).to_contain_text("Not needed: Fridge was 38 °F")
