"""A timed check: its start outlives the page, and no moved clock makes its time negative."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.facts import step
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step, until_draft

pytestmark = pytest.mark.e2e

MINUTE = 60_000
# The clock of the phone as somebody set it: `localStorage` carries it over a reload.
SET_CLOCK = """(() => {
  const Real = Date;
  const moved = () => Number(localStorage.getItem("moved") || 0);
  self.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + moved()); }
    static now() { return Real.now() + moved(); }
  };
})();"""


@pytest.fixture
def server(server: FakeServer) -> FakeServer:
    proof = {"min_seconds": 30}
    server.runs[0]["steps"].append(step("S8", 8, "Hot water run", "timed", proof=proof))
    return server


def move_clock(page: Page, minutes: int) -> None:
    page.evaluate("(ms) => localStorage.setItem('moved', ms)", minutes * MINUTE)


def seconds_of(server: FakeServer) -> float:
    [proof] = [c["proof"] for c in server.received]
    started, ended = (datetime.fromisoformat(proof[f"{part}_at"]) for part in ("started", "ended"))
    return (ended - started).total_seconds()


@pytest.mark.parametrize(
    ("steps", "ran", "what"),
    [
        ([(1000, 1000), (1000, 1000)], 2000, "clock and page agree"),
        ([(999, 1001), (1001, 999)], 2000, "they differ by moments"),
        ([(600_000, 0)], 600_000, "the page was closed, or the phone slept"),
        ([(1000, 1000), (-3_600_000, 1000)], 2000, "an hour back while the page is open"),
        ([(60_000, 60_000), (-3_600_000, 0)], 60_000, "an hour back while the page is closed"),
        ([(-3_600_000, 1000), (5000, 5000)], 6000, "and it goes on from there"),
        ([(-86_400_000, 0), (1000, 1000)], 1000, "a day back"),
    ],
)
def test_a_check_runs_by_what_can_be_believed(
    page: Page, steps: list[tuple[int, int]], ran: int, what: str
) -> None:
    page.goto("/today")
    found = page.evaluate(
        """async (steps) => {
          const { begun, goneOn, spanOf } = await import("/static/js/proofs/stopwatch.js");
          let reading = begun(1_800_000_000_000);
          for (const [told, seen] of steps) reading = goneOn(reading, reading.at + told, seen);
          const { started_at, ended_at } = spanOf(reading);
          return [reading.ran, Date.parse(ended_at) - Date.parse(started_at)];
        }""",
        steps,
    )
    assert found == [ran, ran], what


def test_a_check_goes_on_over_a_closed_page(open_browser: Open, server: FakeServer) -> None:
    phone = open_browser()
    phone.add_init_script(SET_CLOCK)
    open_step(phone.pages[0], "S8")
    phone.pages[0].get_by_role("button", name="Start").click()
    expect(phone.pages[0].get_by_role("button", name="Done")).to_be_disabled()
    until_draft(phone.pages[0], "d.timer")
    phone.close()

    phone = open_browser()
    phone.add_init_script(SET_CLOCK)
    page = phone.pages[0]
    page.goto("/today")
    move_clock(page, minutes=2)
    open_step(page, "S8")
    expect(page.get_by_role("timer")).to_contain_text("02:")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[data-step=S8]")).to_contain_text("Received")
    assert 120 <= seconds_of(server) < 200


def test_a_clock_that_was_set_back_takes_nothing_from_a_check(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(SET_CLOCK)
    open_step(page, "S8")
    page.get_by_role("button", name="Start").click()
    until_draft(page, "d.timer")
    move_clock(page, minutes=3)  # three minutes go by
    until_draft(page, "d.timer.ran > 150000")
    move_clock(page, minutes=-60)
    page.reload()
    expect(page.get_by_role("timer")).to_contain_text("03:")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[data-step=S8]")).to_contain_text("Received")
    assert 180 <= seconds_of(server) < 260
