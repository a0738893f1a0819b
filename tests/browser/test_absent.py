"""A page that this phone cannot fill yet says why and what to do, and asks again by itself."""

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.facts import run, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_messages import review
from tests.browser.test_offline import CONTROLLED, WAKE, ready

pytestmark = pytest.mark.e2e

OFFLINE = "There is no connection now, and this run is not on this phone yet."
ONLINE = "() => void dispatchEvent(new Event('online'))"
LOOKED_AT = "() => void document.dispatchEvent(new Event('visibilitychange'))"
# As long as another page sends, this one does not; so only a press brings anything here.
HEARS_NOTHING = """() => new Promise((held) =>
  navigator.locks.request("baton-drain", () => { held(); return new Promise(() => {}); }))"""
Asked = Callable[[str], int]

PAGES = [
    ("/today", "what is yours"),
    ("/run/R9#S9", "this run"),
    ("/approve/S1?do=send_back", "this proof"),
]
WAYS_BACK = {
    "/today": "%2Ftoday",
    "/run/R9#S9": "%2Frun%2FR9%23S9",
    "/approve/S1?do=send_back": "%2Fapprove%2FS1%3Fdo%3Dsend_back",
}


@pytest.fixture
def walk(server: FakeServer) -> None:
    """A run that today's list does not carry."""
    server.other_runs = [run("R9", "Friday safety walk", [step("S9", 1, "Exits", "note")])]


@pytest.fixture
def asked(page: Page) -> Asked:
    """How often this page has asked for something. Chromium itself asks a silent server twice."""
    paths: list[str] = []
    page.on("request", lambda request: paths.append(urlsplit(request.url).path))
    return lambda what: paths.count(f"/api/v1/{what}")


def settles(page: Page) -> None:
    """All that a page does by itself has been done: two rounds of the drainer are over."""
    for _ in range(2):
        page.evaluate(WAKE)
        page.wait_for_load_state("networkidle")


def new_phone(page: Page, server: FakeServer) -> None:
    """The pages are kept here, but nobody has ever been signed in."""
    server.way = "signed_out"
    page.goto("/today")
    page.wait_for_function(CONTROLLED)


def test_an_ended_session_says_to_sign_in_and_leads_back_to_this_very_step(
    page: Page, server: FakeServer, asked: Asked, walk: None
) -> None:
    ready(page)
    server.way = "signed_out"
    page.goto("/run/R9#S9")
    expect(page.locator("#app")).to_contain_text("Sign in to see this run.")
    expect(page.locator("#app")).not_to_contain_text("not on this phone")
    link = page.locator("#app").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", "/sign-in?next=%2Frun%2FR9%23S9")
    settles(page)
    assert asked("runs/R9") == 1


def test_a_sign_in_on_another_page_brings_the_run(
    page: Page, phone: BrowserContext, server: FakeServer, asked: Asked, walk: None
) -> None:
    ready(page)
    server.way = "signed_out"
    page.goto("/run/R9")
    expect(page.locator("#app")).to_contain_text("Sign in to see this run.")
    server.way = "ok"
    phone.new_page().goto("/today")
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    assert asked("runs/R9") == 2


@pytest.mark.parametrize("trigger", [ONLINE, LOOKED_AT])
def test_without_a_connection_each_sign_of_one_asks_once_more(
    page: Page, server: FakeServer, asked: Asked, walk: None, trigger: str
) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R9")
    expect(page.locator("#app")).to_contain_text(OFFLINE)
    settles(page)
    assert asked("runs/R9") == 1
    page.evaluate(trigger)
    settles(page)
    expect(page.locator("#app")).to_contain_text(OFFLINE)
    assert asked("runs/R9") == 2

    server.way = "ok"
    page.evaluate(trigger)
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    settles(page)
    assert asked("runs/R9") == 3


def test_a_server_that_was_heard_again_is_asked_for_the_run_once(
    page: Page, server: FakeServer, asked: Asked, walk: None
) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R9")
    expect(page.locator("#app")).to_contain_text(OFFLINE)
    server.way = "ok"
    page.evaluate(WAKE)
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    settles(page)
    assert asked("runs/R9") == 2


def test_a_press_asks_again(page: Page, server: FakeServer, walk: None) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R9")
    again = page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    page.evaluate(HEARS_NOTHING)
    with page.expect_event("requestfailed", lambda request: "/runs/R9" in request.url):
        again.click()
    expect(page.locator("#app")).to_contain_text(OFFLINE)
    server.way = "ok"
    again.click()
    expect(page.locator("#title")).to_have_text("Friday safety walk")


def test_requests_for_a_run_never_run_beside_each_other(
    page: Page, server: FakeServer, asked: Asked, walk: None
) -> None:
    ready(page)
    server.way = "stalled"
    page.goto("/run/R9")
    expect(page.locator("#app")).to_contain_text("One moment.")
    for trigger in (ONLINE, LOOKED_AT, ONLINE, LOOKED_AT):
        page.evaluate(trigger)
    settled = "async () => (await import('/static/js/queue.js')).waiting('P2')"
    page.evaluate(settled)
    assert asked("runs/R9") == 1


def test_a_run_that_is_not_mine_is_said_to_be_so_and_asked_for_once(
    page: Page, server: FakeServer, asked: Asked
) -> None:
    ready(page)
    page.goto("/run/R9")
    expect(page.locator("#app")).to_contain_text("This run is not yours, or it is no longer there.")
    expect(page.locator("#app").get_by_role("link", name="Sign in")).to_have_count(0)
    settles(page)
    assert asked("runs/R9") == 1


def test_a_run_that_is_no_longer_given_out_shows_as_it_was_seen_last(
    page: Page, server: FakeServer, walk: None
) -> None:
    ready(page)
    page.goto("/run/R9")
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    server.other_runs = []
    page.goto("/run/R9#S9")
    page.reload()
    expect(page.locator("#app")).to_contain_text("This is how this phone saw it last.")
    expect(page.locator("#title")).to_have_text("Friday safety walk")


def test_a_run_that_is_kept_here_does_not_wait_for_a_slow_server(
    page: Page, server: FakeServer, walk: None
) -> None:
    ready(page)
    page.goto("/run/R9")
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    server.way = "stalled"
    page.reload()
    expect(page.locator("#title")).to_have_text("Friday safety walk", timeout=5_000)


@pytest.mark.parametrize(("path", "name"), PAGES)
def test_every_page_says_the_same_to_who_is_not_signed_in(
    page: Page, server: FakeServer, path: str, name: str
) -> None:
    new_phone(page, server)
    page.goto(path)
    expect(page.locator("#app")).to_contain_text(f"Sign in to see {name}.")
    link = page.locator("#app").get_by_role("link", name="Sign in")
    expect(link).to_have_attribute("href", f"/sign-in?next={WAYS_BACK[path]}")


@pytest.mark.parametrize(("path", "name"), PAGES)
def test_every_page_says_the_same_without_a_connection(
    page: Page, server: FakeServer, path: str, name: str
) -> None:
    new_phone(page, server)
    server.way = "down"
    page.goto(path)
    expect(page.locator("#app")).to_contain_text(
        f"There is no connection now, and {name} is not on this phone yet."
    )


@pytest.mark.parametrize(("path", "name"), PAGES[:2])
def test_a_server_that_fails_is_not_called_a_missing_connection(
    page: Page, server: FakeServer, path: str, name: str
) -> None:
    new_phone(page, server)
    server.way, server.today_way = "ok", "fails"
    page.goto(path)
    expect(page.locator("#app")).to_contain_text("Something failed.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_a_proof_that_is_not_mine_is_said_to_be_so(page: Page, server: FakeServer) -> None:
    ready(page)
    page.goto("/approve/S1")
    expect(page.locator("#app")).to_contain_text(
        "This proof is not yours to judge, or it is no longer there."
    )


def test_a_proof_comes_with_the_connection_and_is_not_exchanged_while_it_is_judged(
    page: Page, server: FakeServer, asked: Asked
) -> None:
    ready(page)
    server.review = review()
    server.way = "down"
    page.goto("/approve/S1?do=send_back")
    expect(page.locator("#app")).to_contain_text("this proof is not on this phone yet")
    server.way = "ok"
    page.evaluate(ONLINE)
    page.get_by_label("What should Ben do again?").fill("The floor is not in it")
    page.evaluate(ONLINE)
    page.evaluate(LOOKED_AT)
    settles(page)
    assert asked("reviews/S1") == 2
    expect(page.get_by_label("What should Ben do again?")).to_have_value("The floor is not in it")
