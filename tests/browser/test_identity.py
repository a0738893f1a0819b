"""Who captured what, and when: clocks that are set, zones, sessions that end, two people."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import lying, note, photo
from tests.browser.facts import ZONE
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready

pytestmark = pytest.mark.e2e
DAY_MS = 24 * 3600 * 1000
ANA = {"id": "P1", "name": "Ana", "role": "staff"}
BEN = {"id": "P2", "name": "Ben", "role": "staff"}

# Sets the clock of the device by so much while the page is open.
SET_CLOCK = """(ms) => {
  const Now = Date;
  window.Date = class extends Now {
    constructor(...given) { given.length ? super(...given) : super(Now.now() + ms); }
    static now() { return Now.now() + ms; }
  };
}"""
SEEN_AGAIN = "() => document.dispatchEvent(new Event('visibilitychange'))"


@pytest.fixture
def dark(page: Page, server: FakeServer) -> Page:
    ready(page)
    page.evaluate(WAKE)
    server.way = "down"
    return page


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_set_by_a_day_proves_nothing_until_the_server_was_heard(
    dark: Page, server: FakeServer, days: int
) -> None:
    before = note(dark, "S4")
    assert abs(before["skew_ms"]) < 60_000
    dark.evaluate(SET_CLOCK, days * DAY_MS)
    assert note(dark, "S3")["skew_ms"] is None
    server.way = "ok"
    dark.evaluate(WAKE)
    assert [c["skew_ms"] is None for c in server.received] == [False, True]
    after = note(dark, "S2")
    assert abs(after["skew_ms"] + days * DAY_MS) < 60_000


def test_a_clock_that_was_set_is_remembered_by_the_next_page(
    dark: Page, server: FakeServer
) -> None:
    dark.evaluate(SET_CLOCK, -DAY_MS)
    note(dark, "S4")
    dark.goto("/run/R1")
    dark.evaluate("import('/static/js/clock.js').then((clock) => clock.loadSkew())")
    assert note(dark, "S3")["skew_ms"] is None
    server.way = "ok"
    dark.evaluate(WAKE)
    assert note(dark, "S2")["skew_ms"] is not None


def test_a_device_that_slept_is_not_taken_for_one_whose_clock_was_set(dark: Page) -> None:
    dark.evaluate(SET_CLOCK, 8 * 3600 * 1000)
    dark.evaluate(SEEN_AGAIN)
    slept = note(dark)
    assert abs(slept["skew_ms"]) < 60_000


def test_a_clock_set_back_while_the_page_was_out_of_sight_is_noticed(dark: Page) -> None:
    dark.evaluate(SET_CLOCK, -3600 * 1000)
    dark.evaluate(SEEN_AGAIN)
    assert note(dark)["skew_ms"] is None


def test_times_of_work_are_the_locations_and_of_the_phone_its_own(
    dark: Page, server: FakeServer
) -> None:
    zone = dark.context.new_cdp_session(dark)
    zone.send("Emulation.setTimezoneOverride", {"timezoneId": "America/New_York"})
    captured = note(dark)["captured_at"]
    dark.goto("/device")
    told = "([at, zone]) => import('/static/js/words.js').then((w) => w.hour(at, zone))"
    here = dark.evaluate(told, [captured, ZONE])
    new_york = dark.evaluate(told, [captured, "America/New_York"])
    expect(dark.locator("time.step-side")).to_contain_text(here)
    expect(dark.locator("#light")).to_contain_text(new_york)
    assert captured.endswith("Z")
    zone.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    later = note(dark, "S4")
    assert later["skew_ms"] is not None
    assert later["captured_at"] > captured


def test_two_people_on_one_phone_each_send_their_own(dark: Page, server: FakeServer) -> None:
    note(dark, "S3", "P2", "Ben's")
    photo(dark, "S1", "P2")
    server.way, server.person = "ok", ANA
    dark.evaluate(WAKE)
    assert (server.received, server.puts) == ([], [])
    server.way = "down"
    note(dark, "S4", "P1", "Ana's")
    server.way = "ok"
    dark.evaluate(WAKE)
    assert [c["proof"]["text"] for c in server.received] == ["Ana's"]
    server.person = BEN
    dark.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S4", "S3", "S1"]
    assert lying(dark) == ([], [])


def test_a_person_who_changes_in_mid_send_sends_nothing_of_the_other(
    dark: Page, server: FakeServer
) -> None:
    """Another window signs Ana in after this one asked who it is."""
    note(dark)
    posts: list[Any] = []

    def ana_comes(route: Any) -> None:
        server.person = ANA
        if route.request.post_data_json["commands"]:
            posts.append(route.request.headers["baton-person"])
        route.continue_()

    server.way = "ok"
    dark.route("**/api/v1/sync", ana_comes)
    dark.evaluate(WAKE)
    assert set(posts) == {"P2"}
    assert server.received == []
    assert lying(dark) == (["S3"], [])


def test_after_a_changed_password_the_queue_waits_for_the_same_person(
    dark: Page, server: FakeServer
) -> None:
    note(dark)
    server.way = "signed_out"
    dark.evaluate(WAKE)
    expect(dark.locator("#light")).to_contain_text("Sign in to send what is saved here")
    server.way, server.person = "ok", ANA
    dark.goto("/today")
    expect(dark.locator("#light")).to_contain_text("1 of Ben's is on this phone too")
    assert server.received == []
    server.person = BEN
    dark.goto("/today")
    dark.evaluate(WAKE)
    expect(dark.locator("#light")).to_contain_text("Safe on the server")
    assert [c["step_run"] for c in server.received] == ["S3"]


def test_a_device_that_was_signed_off_says_so_until_it_is_let_in_again(
    dark: Page, server: FakeServer
) -> None:
    words = dark.get_by_text("This device was signed off.")
    server.way, server.signed_off = "ok", True
    note(dark, "S4")
    dark.evaluate(WAKE)
    dark.goto("/today")
    expect(words).to_be_visible()
    server.signed_off = False
    note(dark, "S3")
    dark.evaluate(WAKE)
    expect(words).to_be_hidden()


def test_what_was_held_is_no_notice_any_more_once_its_step_is_closed(
    dark: Page, server: FakeServer
) -> None:
    step = server.step_of("S4")
    server.hold = {"S4"}
    server.way = "ok"
    note(dark, "S4")
    dark.evaluate(WAKE)
    dark.goto("/today")
    expect(dark.get_by_text("is held for the owner")).to_be_visible()
    step["state"] = "done"
    dark.evaluate(WAKE)
    expect(dark.get_by_text("is held for the owner")).to_be_hidden()
