"""A server that answers badly, in part or not at all stops nothing that could still be sent."""

import pytest
from playwright.sync_api import Page

from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import ready

pytestmark = pytest.mark.e2e

CALL = """async () => {
  const { call } = await import("/static/js/api.js");
  const late = new Promise((done) => setTimeout(() => done("still waiting"), 8000));
  const asked = call("GET", "/api/v1/today", { timeout: 300 });
  return Promise.race([late, asked.then(() => "answered", (problem) => problem.code)]);
}"""


def test_a_reply_that_stalls_after_its_headers_is_given_up(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "stalled"
    assert page.evaluate(CALL) == "unreachable"
