"""A file and a signature before who judges them."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import review
from tests.likeness.shots import by_hand

BYTES = "b" * 64


def given(server: FakeServer, **proof: Any) -> None:
    plain = review(title="Delivery")
    plain["proof"] |= {"sha256": BYTES, "text": None, "state": "current"} | proof
    server.review = plain


def test_a_file_is_opened_before_it_is_judged(page: Page, server: FakeServer) -> None:
    given(server, kind="file", name="Delivery note.pdf", media_type="application/pdf")
    page.goto("/approve/S1")
    expect(page.get_by_role("button", name="Approve")).to_be_disabled()
    link = page.get_by_role("link", name="Delivery note.pdf")
    expect(link).to_have_attribute("href", f"/api/v1/blobs/{BYTES}/file")
    link.click()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_a_file_that_is_a_picture_is_shown(page: Page, server: FakeServer) -> None:
    server.blobs[BYTES] = by_hand(0)
    given(server, kind="file", name="Meter.jpg", media_type="image/jpeg")
    page.goto("/approve/S1")
    expect(page.get_by_role("img", name="Meter.jpg")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()


def test_a_signature_is_seen_before_it_is_judged(page: Page, server: FakeServer) -> None:
    server.blobs[BYTES] = by_hand(0)
    given(server, kind="signature", name=None, media_type="image/png")
    page.goto("/approve/S1")
    expect(page.get_by_role("img", name="Signature of Delivery")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
