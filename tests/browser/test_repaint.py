"""A list that changes in one place: the rest stays on the page, with whoever is there."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import ready, write_note

pytestmark = pytest.mark.e2e

MARK_ROWS = """() => {
  for (const row of document.querySelectorAll("ol.steps > li")) row.before_it = true;
}"""
NEW_ROWS = """() => [...document.querySelectorAll("ol.steps > li")]
  .filter((row) => !row.before_it).map((row) => row.querySelector("[data-step]").dataset.step)"""
ORDER = (
    """() => [...document.querySelectorAll("ol.steps [data-step]")].map((e) => e.dataset.step)"""
)
CHANGE = 'async () => (await import("/static/js/sync.js")).announce()'


def test_opening_another_step_leaves_the_other_rows_where_they_are(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    page.goto("/run/R1#S1")
    expect(page.locator("ol.steps [data-step=S4]")).to_be_visible()
    page.evaluate(MARK_ROWS)
    page.locator("ol.steps [data-step=S4]").click()
    expect(page.locator("ol.steps [data-step=S1]")).to_be_visible()
    expect(page.locator("ol.steps [data-step=S4]")).to_have_count(0)
    assert page.evaluate(NEW_ROWS) == ["S1"]
    order = page.evaluate(ORDER)
    assert order == sorted(order)
    expect(page.locator(".run-step h2")).to_be_focused()


def test_work_on_one_step_changes_its_row_alone(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    write_note(page, "All clear")
    expect(page.locator("#light")).to_contain_text("1 on this phone")
    page.goto("/today")
    saved = page.locator("ol.steps [data-step=S3]")
    expect(saved).to_contain_text("Saved on this phone")
    page.evaluate(MARK_ROWS)
    server.way = "ok"
    page.evaluate('async () => (await import("/static/js/sync.js")).wake()')
    expect(saved).not_to_contain_text("Saved on this phone")
    assert page.evaluate(NEW_ROWS) == ["S3"]


def test_whoever_is_on_a_row_stays_there_when_the_page_is_shown_again(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    row = page.locator("ol.steps [data-step=S3]")
    row.focus()
    page.evaluate("() => { document.querySelector('.card').before_it = true; }")
    page.evaluate(CHANGE)
    page.wait_for_function("() => !document.querySelector('.card').before_it")
    expect(row).to_be_focused()
