"""Bytes that an earlier version of the app kept are read once, not by each look at them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import kept, lying
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE
from tests.browser.test_storage import BLANK, VERSION_ONE

pytestmark = pytest.mark.e2e

COUNT_BYTES_READ = """() => {
  window.bytesRead = 0;
  const { get } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.get = function (key) {
    window.bytesRead += this.name === "blobs";
    return get.call(this, key);
  };
}"""


def test_bytes_of_an_earlier_version_are_read_once_to_be_told_apart(
    page: Page, server: FakeServer
) -> None:
    page.goto(BLANK)
    page.evaluate(VERSION_ONE)
    page.evaluate("earlier.close()")
    server.sync_way = "down"
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("2 on this phone")
    page.evaluate(COUNT_BYTES_READ)
    page.evaluate(WAKE)
    assert lying(page)[0] == ["S3", "S1"]
    assert page.evaluate("bytesRead") == 0
    [claim] = kept(page, "claims")
    assert (claim["size"], claim["step_run"], "bytes" in claim) == (1000, "S1", False)
