"""Words as proof and as reasons: the end of a page loses none of them."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import drafts, killed, open_step, until_draft

pytestmark = pytest.mark.e2e


def test_a_half_written_note_outlives_a_killed_browser(
    open_browser: Open, server: FakeServer, tmp_path: Path
) -> None:
    page = open_browser().pages[0]
    open_step(page, "S3")
    page.get_by_label("Note").press_sequentially("The slide is loose")
    until_draft(page, "d.words?.note === 'The slide is loose'")

    page = killed(open_browser, tmp_path)
    open_step(page, "S3")
    expect(page.get_by_label("Note")).to_have_value("The slide is loose")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-step=S3]")).to_contain_text("Received")
    assert [c["proof"]["text"] for c in server.received] == ["The slide is loose"]
    assert drafts(page) == []


def test_a_half_written_reason_is_there_again(page: Page, server: FakeServer) -> None:
    open_step(page, "S3")
    page.get_by_role("button", name="I can't do this").click()
    page.get_by_label("Why not?").press_sequentially("The gate is locked")
    until_draft(page, "d.kind === 'cannot_do' && d.words?.words === 'The gate is locked'")
    page.reload()
    page.get_by_role("button", name="I can't do this").click()
    expect(page.get_by_label("Why not?")).to_have_value("The gate is locked")
    page.get_by_role("button", name="Hand it on").click()
    expect(page.locator("[data-step=S3]")).to_contain_text("With Fay now")
    assert server.received[0]["reason"] == "The gate is locked"
    assert drafts(page) == []


def test_a_full_storage_keeps_nobody_from_writing(page: Page, server: FakeServer) -> None:
    open_step(page, "S3")
    page.evaluate(
        """() => {
          const { put } = IDBObjectStore.prototype;
          IDBObjectStore.prototype.put = function (value, ...rest) {
            if (this.name === "drafts") throw new DOMException("full", "QuotaExceededError");
            return put.call(this, value, ...rest);
          };
        }"""
    )
    page.get_by_label("Note").fill("All well")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-step=S3]")).to_contain_text("Received")
    assert server.received[0]["proof"]["text"] == "All well"


def test_a_note_that_is_too_long_says_by_how_much_and_is_not_cut(
    page: Page, server: FakeServer
) -> None:
    open_step(page, "S3")
    page.get_by_label("Note").fill("a" * 4010)
    page.get_by_role("button", name="Save the note").click()
    words = "This note has 4010 characters, and 4000 is the most. Shorten it by 10"
    expect(page.locator("#note-error")).to_contain_text(words)
    expect(page.get_by_label("Note")).to_have_value("a" * 4010)
    assert server.received == []
