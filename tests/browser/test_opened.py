"""A page that its holder opened counts as told: said once for each handoff, and quietly."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.facts import ANA, iso, opening_check
from tests.browser.fake_server import FakeServer
from tests.stack import until

pytestmark = pytest.mark.e2e


def handed(at: str) -> dict[str, Any]:
    return {"from": ANA, "at": at, "reason": "missed", "words": None}


def told(server: FakeServer) -> list[dict[str, Any]]:
    return [data for where, data in server.posts if where == "receipts"]


def settles(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator("#light")).to_contain_text("Safe")
    page.evaluate("async () => (await import('/static/js/app.js')).calm")
    page.wait_for_load_state("networkidle")


@pytest.fixture
def taken_over(server: FakeServer) -> dict[str, Any]:
    run = opening_check()
    run["steps"][1]["handed_over"] = handed(iso(-1))
    server.runs = [run]
    return run


@pytest.mark.parametrize("path", ["/today", "/run/R1"])
def test_a_step_that_was_handed_over_is_told_once(
    page: Page, server: FakeServer, taken_over: dict[str, Any], path: str
) -> None:
    settles(page, path)
    settles(page, path)
    [said] = told(server)
    assert (said["step_runs"], said["event"]) == (["S2"], "opened")
    assert said["device"] == page.evaluate(
        'async () => (await import("/static/js/ids.js")).deviceId()'
    )


def test_the_next_handoff_of_the_same_step_is_told_again(
    page: Page, server: FakeServer, taken_over: dict[str, Any]
) -> None:
    settles(page, "/today")
    until(lambda: len(told(server)) == 1, "the first is told")
    taken_over["steps"][1]["handed_over"] = handed(iso(0))
    settles(page, "/today")
    until(lambda: len(told(server)) == 2, "the next one is told")
    assert [said["step_runs"] for said in told(server)] == [["S2"], ["S2"]]


def test_what_was_ones_own_from_the_start_tells_nothing(page: Page, server: FakeServer) -> None:
    server.runs = [opening_check()]
    settles(page, "/today")
    assert told(server) == []
