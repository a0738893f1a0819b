"""Who is away reads so first, and says with one press that they are back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.facts import ZONE
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE

pytestmark = pytest.mark.e2e


def until(days: int) -> str:
    return (datetime.now(ZoneInfo(ZONE)) + timedelta(days=days)).date().isoformat()


@pytest.fixture
def away(server: FakeServer) -> FakeServer:
    server.away = {"until": until(4), "absences": ["A1", "A2"], "held_by": ["Ben", "Fay"]}
    server.runs = []
    return server


def test_who_is_away_reads_until_when_and_who_holds_the_work(page: Page, away: FakeServer) -> None:
    page.goto("/today")
    notice = page.get_by_label("You are away")
    expect(notice).to_contain_text("You are away until")
    expect(notice).to_contain_text("Ben and Fay hold your work.")
    expect(page.get_by_role("link", name="I am away")).to_have_count(0)


def test_one_press_says_that_they_are_back(page: Page, away: FakeServer) -> None:
    page.goto("/today")
    page.get_by_role("button", name="I am back").click()
    expect(page.get_by_role("link", name="I am away")).to_be_visible()
    expect(page.get_by_label("You are away")).to_have_count(0)
    ended = [line for line in away.log if line.startswith("DELETE")]
    assert ended == ["DELETE /api/v1/absences/A1", "DELETE /api/v1/absences/A2"]


def test_without_a_connection_it_is_said_and_can_be_pressed_again(
    page: Page, away: FakeServer
) -> None:
    page.goto("/today")
    button = page.get_by_role("button", name="I am back")
    expect(button).to_be_visible()
    page.evaluate("() => import('/static/js/sync.js')")  # kept, before nothing can be fetched
    away.way = "down"
    button.click()
    said = page.get_by_role("alert")
    expect(said).to_contain_text("There is no connection.")
    page.evaluate(WAKE)  # what is heard or not heard meanwhile draws the page anew
    expect(said).to_contain_text("There is no connection.")
    away.way = "ok"
    button.click()
    expect(button).to_have_count(0)


def test_an_absence_that_is_over_is_not_said_from_memory(page: Page, away: FakeServer) -> None:
    assert away.away
    away.away["until"] = until(-2)
    page.goto("/today")
    expect(page.get_by_role("link", name="I am away")).to_be_visible()
    expect(page.get_by_label("You are away")).to_have_count(0)


def test_who_is_here_finds_the_way_to_say_that_they_are_away(
    page: Page, server: FakeServer
) -> None:
    page.goto("/today")
    expect(page.get_by_role("link", name="I am away")).to_have_attribute("href", "/away")
