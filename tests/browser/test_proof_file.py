"""A file as proof: read whole at once, shown with name and size, refused in clear words."""

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Open
from tests.browser.facts import step
from tests.browser.fake_server import FakeServer
from tests.browser.proof_steps import open_step, sent, until_draft

pytestmark = pytest.mark.e2e

INPUT = "input[type=file]"


@pytest.fixture
def server(server: FakeServer) -> FakeServer:
    server.runs[0]["steps"].append(step("S7", 7, "Delivery note", "file"))
    return server


def pdf(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": content}


def test_a_file_is_sent_as_it_is_with_its_name(page: Page, server: FakeServer) -> None:
    content = bytes(range(256)) * 400
    open_step(page, "S7")
    page.locator(INPUT).set_input_files(pdf("Lieferschein März.pdf", content))
    expect(page.locator(".file-card")).to_have_text("Lieferschein März.pdf102 KB")
    page.get_by_role("button", name="Use this file").click()
    proof, stored = sent(server, page, "S7")
    assert stored == content
    assert (proof["kind"], proof["name"]) == ("file", "Lieferschein März.pdf")
    assert proof["media_type"] == "application/pdf"


def test_a_chosen_file_is_there_when_the_page_opens_again(
    open_browser: Open, server: FakeServer
) -> None:
    phone = open_browser()
    open_step(phone.pages[0], "S7")
    phone.pages[0].locator(INPUT).set_input_files(pdf("note.pdf", b"%PDF-1.7 all of it"))
    until_draft(phone.pages[0], "d.length === 18")
    phone.close()
    page = open_browser().pages[0]
    open_step(page, "S7")
    expect(page.locator(".file-card")).to_have_text("note.pdf18 bytes")
    page.get_by_role("button", name="Use this file").click()
    assert sent(server, page, "S7")[1] == b"%PDF-1.7 all of it"


def test_a_file_that_is_empty_or_cannot_be_read_is_refused_and_another_taken(page: Page) -> None:
    open_step(page, "S7")
    page.locator(INPUT).set_input_files(pdf("empty.pdf", b""))
    expect(page.get_by_role("alert")).to_have_text("This file is empty. Choose another one.")
    page.evaluate(
        """() => {
          const { arrayBuffer } = Blob.prototype;
          Blob.prototype.arrayBuffer = function () {
            Blob.prototype.arrayBuffer = arrayBuffer;
            return Promise.reject(new DOMException("gone", "NotReadableError"));
          };
        }"""
    )
    page.locator(INPUT).set_input_files(pdf("cloud.pdf", b"not here"))
    expect(page.get_by_role("alert")).to_contain_text("This file cannot be read.")
    page.locator(INPUT).set_input_files(pdf("here.pdf", b"here"))
    expect(page.locator(".file-card")).to_have_text("here.pdf4 bytes")


def test_a_file_above_the_limit_says_how_large_it_may_be(page: Page) -> None:
    open_step(page, "S7")
    page.locator(INPUT).set_input_files(pdf("film.mov", b"\0" * 15_060_000))
    expect(page.get_by_role("alert")).to_have_text(
        "This file has 15.1 MB. Baton takes files of up to 15 MB. Choose a smaller one."
    )


def test_a_long_name_is_cut_where_it_does_not_matter(page: Page) -> None:
    page.goto("/today")
    cut = page.evaluate(
        """async () => {
          const { fitting } = await import("/static/js/proofs/file.js");
          return fitting("a".repeat(300) + ".pdf");
        }"""
    )
    assert len(cut) == 200
    assert cut.endswith("aaa.pdf")
