"""A server that answers badly, in part or not at all stops nothing that could still be sent."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import QUEUE, WAKE, ready, take_photo, write_note

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


def test_work_is_sent_though_the_list_of_the_day_fails(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    write_note(page, "All clear")
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    take_photo(page)
    server.way, server.today_way = "ok", "fails"
    page.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]
    assert page.evaluate(QUEUE) == []
    [(_, size)] = server.puts
    assert size == server.received[1]["proof"]["bytes"]


def test_nothing_is_sent_under_another_person_though_the_list_of_the_day_fails(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    server.way = "down"
    take_photo(page)
    server.way, server.sync_way, server.today_way = "ok", "down", "fails"
    server.person = {"id": "P1", "name": "Ana", "role": "staff"}
    page.evaluate(WAKE)
    server.sync_way = "ok"
    page.evaluate(WAKE)
    assert page.evaluate(QUEUE) == ["S1"]
    assert (server.received, server.puts) == ([], [])


def test_bytes_are_not_sent_under_another_person_though_the_list_of_the_day_fails(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    server.way, server.break_puts_after = "down", 0
    take_photo(page)
    server.way = "ok"
    page.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S1"]
    server.break_puts_after, server.today_way = None, "fails"
    ben, server.person = server.person, {"id": "P1", "name": "Ana", "role": "staff"}
    page.evaluate(WAKE)
    assert server.puts == []
    server.person = ben
    page.evaluate(WAKE)
    assert len(server.puts) == 1
