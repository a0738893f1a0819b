"""A receipt that did not arrive is given once more; the message is shown all the same."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.e2e

# The module that the service worker runs, here with what it finds there; time flies.
GIVES = """async (answers) => {
  const { received } = await import("/sw/notifications.js");
  const { fetch, setTimeout } = self;
  const seen = { shown: 0, given: [] };
  const showNotification = async () => { seen.shown += 1; };
  const clients = { matchAll: async () => [] };
  Object.assign(self, { registration: { showNotification }, clients });
  self.setTimeout = (work, ms) => setTimeout.call(self, work, ms === 1000 ? 0 : ms);
  self.fetch = async (path, options) => {
    if (path !== "/api/v1/receipts") return new Response("");
    seen.given.push([seen.shown, JSON.parse(options.body).event]);
    const status = answers.shift();
    if (!status) throw new TypeError("no network");
    return new Response(null, { status });
  };
  try {
    await received({ json: () => ({ id: "M1", title: "Front room ready" }) });
  } finally {
    Object.assign(self, { fetch, setTimeout });
  }
  return seen;
}"""
REACHED = [1, "reached"]


@pytest.mark.parametrize(
    ("answers", "given"),
    [
        ([204], 1),
        ([404], 1),
        ([503, 204], 2),
        ([0, 204], 2),
        ([0, 503, 204], 2),
    ],
)
def test_a_receipt_is_given_once_more_where_the_server_failed(
    page: Page, answers: list[int], given: int
) -> None:
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("Safe")
    page.evaluate('async () => (await import("/static/js/ids.js")).deviceId()')
    seen: dict[str, Any] = page.evaluate(GIVES, answers)
    assert seen == {"shown": 1, "given": [REACHED] * given}
