"""A new version of the app while work waits: nothing is lost, nobody is torn out of their work."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.device import lying, note, photo, until_true
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready

pytestmark = pytest.mark.e2e

UPDATE = "() => navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => 0)"
IN_CHARGE = """async (version) => {
  const { versionOf } = await import("/static/js/storage.js");
  const registration = await navigator.serviceWorker.getRegistration();
  return (await versionOf(registration.active)) === version;
}"""
# Chromium lets a worker go only when it is idle: to ask it again and again would keep it.
TOOK_OVER = f"""async (version) => {{
  const {{ installing, waiting }} = await navigator.serviceWorker.getRegistration();
  return !installing && !waiting && ({IN_CHARGE})(version);
}}"""
WAITING = """async (version) => {
  const { versionOf } = await import("/static/js/storage.js");
  const registration = await navigator.serviceWorker.getRegistration();
  return (await versionOf(registration.waiting)) === version;
}"""
ONLY_CACHE = "async (name) => String(await caches.keys()) === name"
# Chromium starts a worker anew that is asked while it ends, and then it does not go for long.
ASKS_UNTIL_ANOTHER_IS_READY_AND_A_WHILE = """async () => {
  const registration = await navigator.serviceWorker.getRegistration();
  const ask = () => fetch("/static/css/tokens.css").then((answer) => answer.text());
  await registration.update();
  const another = registration.installing || registration.waiting || registration.active;
  while (another.state === "installing") await ask();
  for (const until = Date.now() + 250; Date.now() < until; ) await ask();
}"""
GOES_PAST_THE_WORKER = """async (path) => {
  await fetch(path).then((answer) => answer.text());
  const [entry] = performance.getEntriesByName(new URL(path, location.href).href);
  return entry.workerMatchedSourceType === "network";
}"""
NOTHING_COMES = """async () => {
  const { installing, waiting } = await navigator.serviceWorker.getRegistration();
  return !installing && !waiting;
}"""

CHOOSE_THE_DARK_LOOK = """() => {
  for (const value of ["", "dark"]) {
    const radio = { type: "radio", name: "theme", value, defaultChecked: !value };
    document.body.append(Object.assign(document.createElement("input"), radio));
  }
  document.querySelector("input[value=dark]").click();
}"""
TICK_A_BOX = """() => {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", value: "yes" });
  document.body.append(box);
  box.click();
}"""


@pytest.fixture
def full(page: Page, server: FakeServer) -> Page:
    """A phone with a note and a photo that the server cannot take now."""
    ready(page)
    server.sync_way = "down"
    note(page)
    photo(page)
    return page


def everything_came_once(page: Page, server: FakeServer) -> None:
    server.sync_way = "ok"
    page.evaluate(WAKE)
    assert lying(page) == ([], [])
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]


def test_a_small_update_takes_over_in_mid_queue_and_loses_nothing(
    full: Page, server: FakeServer
) -> None:
    server.version = "1.0.1+two"
    full.evaluate(UPDATE)
    until_true(full, TOOK_OVER, "1.0.1+two")
    assert lying(full)[0] == ["S3", "S1"]
    full.reload()
    expect(full.locator("#light")).to_contain_text("2 on this phone")
    until_true(full, ONLY_CACHE, "baton-files-1.0.1+two")
    everything_came_once(full, server)


def test_a_page_opens_although_the_version_before_was_asked_as_it_ended(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    for version in ("1.0.1+two", "1.0.2+three", "1.0.3+four"):
        server.version = version
        page.evaluate(ASKS_UNTIL_ANOTHER_IS_READY_AND_A_WHILE)
        until_true(page, TOOK_OVER, version)
        page.goto("/today")
        expect(page.locator("#light")).to_contain_text("on the server")


def test_what_the_worker_never_answers_goes_past_it(page: Page) -> None:
    ready(page)
    page.reload()
    assert page.evaluate(GOES_PAST_THE_WORKER, "/api/v1/today?again")
    assert not page.evaluate(GOES_PAST_THE_WORKER, "/static/css/tokens.css")


def test_a_large_update_waits_until_everybodys_work_is_sent(full: Page, server: FakeServer) -> None:
    note(full, "S4", "P1")
    server.version = "2.0.0+two"
    full.evaluate(UPDATE)
    expect(full.locator("#update")).to_contain_text("It starts when everything here is sent.")
    server.sync_way = "ok"
    full.evaluate(WAKE)
    assert lying(full) == (["S4"], [])
    assert full.evaluate(IN_CHARGE, "1.0.0+one")
    assert full.evaluate(WAITING, "2.0.0+two")
    server.person = {"id": "P1", "name": "Ana", "role": "staff"}
    full.evaluate(WAKE)
    until_true(full, TOOK_OVER, "2.0.0+two")
    assert [c["step_run"] for c in server.received] == ["S3", "S1", "S4"]


def test_a_large_update_that_the_person_wants_now_keeps_the_queue(
    full: Page, server: FakeServer
) -> None:
    server.version = "2.0.0+two"
    full.evaluate(UPDATE)
    full.get_by_role("button", name="Use it now").click()
    until_true(full, TOOK_OVER, "2.0.0+two")
    full.reload()
    everything_came_once(full, server)


def test_an_update_waits_while_somebody_writes(full: Page, server: FakeServer) -> None:
    full.goto("/run/R1#S4")
    full.goto("/run/R1#S2")
    full.get_by_label("Reading").fill("38")
    server.version = "1.0.1+two"
    full.evaluate(UPDATE)
    until_true(full, WAITING, "1.0.1+two")
    full.evaluate(WAKE)
    assert full.evaluate(IN_CHARGE, "1.0.0+one")
    expect(full.get_by_label("Reading")).to_have_value("38")


def test_a_page_of_choices_that_nobody_is_changing_takes_an_update(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    page.goto("/device")
    expect(page.get_by_role("radio", name="English")).to_be_checked()
    page.evaluate(CHOOSE_THE_DARK_LOOK)
    server.version = "1.0.1+two"
    page.evaluate(UPDATE)
    until_true(page, TOOK_OVER, "1.0.1+two")


def test_an_update_waits_while_a_box_is_ticked_that_was_not(page: Page, server: FakeServer) -> None:
    ready(page)
    page.evaluate(TICK_A_BOX)
    server.version = "1.0.1+two"
    page.evaluate(UPDATE)
    until_true(page, WAITING, "1.0.1+two")
    page.evaluate(WAKE)
    assert page.evaluate(IN_CHARGE, "1.0.0+one")


def test_a_version_with_a_file_missing_is_not_installed(full: Page, server: FakeServer) -> None:
    server.version = "1.0.1+two"
    server.lost_files = {"/static/css/offline.css"}
    full.evaluate(UPDATE)
    until_true(full, NOTHING_COMES)
    until_true(full, ONLY_CACHE, "baton-files-1.0.0+one")
    assert full.evaluate(IN_CHARGE, "1.0.0+one")
    server.way = "down"
    full.goto("/device")
    expect(full.locator("#app")).to_contain_text("Opening check: Playground walk")
