"""The page of this device: what lies on it, the rescue file, signing out and forgetting it."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.device import kept, lying, note, photo
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]
ANA = {"id": "P1", "name": "Ana", "role": "staff"}
BEN = {"id": "P2", "name": "Ben", "role": "staff"}


@pytest.fixture
def shared(page: Page, server: FakeServer) -> Page:
    """A phone on which Ana has left a note, and Ben, who is signed in, a note and a photo."""
    server.person = ANA
    ready(page)
    server.way = "down"
    note(page, "S4", "P1")
    server.way, server.person = "ok", BEN
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("1 of Ana's is on this phone too")
    server.way = "down"
    note(page)
    photo(page, size=340_000)
    return page


def send_everything(page: Page, server: FakeServer) -> None:
    for person in (ANA, BEN):
        server.way, server.person = "ok", person
        page.evaluate(WAKE)
    assert lying(page) == ([], [])


def test_the_light_leads_to_what_lies_on_this_device(shared: Page) -> None:
    shared.get_by_role("link", name="2 on this phone, oldest").click()
    mine = shared.locator("section", has_text="Yours, not yet on the server")
    expect(mine).to_contain_text("Opening check: Playground walk")
    expect(mine).to_contain_text("photo, 340 KB. Waits to be sent.")
    theirs = shared.locator("section", has_text="Not yet on the server, of Ana")
    expect(theirs).to_contain_text("Sent when Ana signs in on this phone.")
    expect(theirs).to_contain_text("Opening check: Alarm off")


def test_the_page_opens_after_a_cold_start_without_a_connection(
    open_browser: Open, server: FakeServer
) -> None:
    phone = open_browser()
    ready(phone.pages[0])
    server.way = "down"
    note(phone.pages[0])
    phone.close()
    page = open_browser().pages[0]
    page.goto("/device")
    expect(page.locator("#app")).to_contain_text("Opening check: Playground walk")
    expect(page.locator("#app")).to_contain_text("Version of the app1.0.0+one")


def test_send_now_sends_mine_and_leaves_the_others(shared: Page, server: FakeServer) -> None:
    shared.goto("/device")
    shared.evaluate(WAKE)  # in vain: the next try of its own comes seconds later
    server.way = "ok"
    shared.get_by_role("button", name="Send now").click()
    expect(shared.locator("#light")).to_contain_text("Safe on the server")
    expect(shared.get_by_role("button", name="Send now")).to_be_hidden()
    assert lying(shared) == (["S4"], [])
    expect(shared.locator("#app")).to_contain_text("Not yet on the server, of Ana")


def test_send_now_against_a_dead_server_says_what_happened_and_what_comes_next(
    shared: Page, server: FakeServer
) -> None:
    shared.goto("/device")
    shared.get_by_role("button", name="Send now").click()
    said = shared.get_by_role("alert")
    expect(said).to_contain_text("Not sent at")
    expect(said).to_contain_text("It is tried again by itself within five minutes")
    server.way = "ok"
    shared.get_by_role("button", name="Send now").click()
    expect(said).to_be_hidden()


def rescued(page: Page, tmp_path: Path) -> tuple[str, dict[str, Any], dict[str, bytes]]:
    with page.expect_download() as download:
        page.get_by_role("button", name="Make a rescue file").click()
    path = tmp_path / "rescue.zip"
    download.value.save_as(path)
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        assert {info.compress_type for info in file.infolist()} == {zipfile.ZIP_STORED}
        names = [name for name in file.namelist() if name != "baton-rescue.json"]
        blobs = {name: file.read(name) for name in names}
        return download.value.suggested_filename, json.loads(file.read("baton-rescue.json")), blobs


def test_the_rescue_file_holds_everybodys_work_and_changes_nothing(
    shared: Page, tmp_path: Path
) -> None:
    before = lying(shared), kept(shared, "commands")
    shared.goto("/device")
    name, listed, blobs = rescued(shared, tmp_path)
    assert name.startswith("baton-rescue-20")
    assert (listed["format"], listed["version"]) == ("baton-rescue", 1)
    assert listed["people"] == [{"id": "P1", "name": "Ana"}, {"id": "P2", "name": "Ben"}]
    assert listed["organisation"] == {"id": "O1", "name": "Little Oaks"}
    assert [(c["person"], c["step_run"]) for c in listed["commands"]] == [
        ("P1", "S4"),
        ("P2", "S3"),
        ("P2", "S1"),
    ]
    [blob] = listed["blobs"]
    assert (blob["bytes"], blob["person"], blob["step_run"]) == (340_000, "P2", "S1")
    assert blobs == {f"blobs/{blob['sha256']}": b"\x07" * 340_000}
    assert isinstance(listed["skew_ms"], int)
    assert listed["app_version"] == "1.0.0+one"
    expect(shared.locator("#app")).to_contain_text("Give it to your owner")
    assert (lying(shared), kept(shared, "commands")) == before


def test_a_device_with_unsent_work_of_anybody_is_not_forgotten(
    shared: Page, server: FakeServer
) -> None:
    server.way = "ok"
    shared.evaluate(WAKE)
    shared.goto("/device")
    shared.get_by_role("button", name="Forget this device").click()
    words = "Not forgotten: 1 entry on this phone is not yet sent"
    expect(shared.get_by_role("alert")).to_contain_text(words)
    expect(shared.get_by_role("button", name="Make a rescue file")).to_be_visible()
    assert lying(shared) == (["S4"], [])


def test_forgetting_names_a_proof_that_was_begun_and_would_go(
    shared: Page, server: FakeServer
) -> None:
    send_everything(shared, server)
    shared.evaluate(
        """async () => {
          const { write } = await import("/static/js/store.js");
          await write("drafts", { key: "S3:1:note", person: "P2", run: "R1", step_run: "S3",
            attempt: 1, title: "Playground walk", kind: "note", at: "2026-11-22T06:00:00Z" });
        }"""
    )
    shared.goto("/device")
    shared.get_by_role("button", name="Forget this device").click()
    words = "It also drops 1 proof that was begun (the note for “Playground walk”)."
    expect(shared.get_by_role("alert")).to_contain_text(words)


def test_what_still_goes_on_when_a_device_is_forgotten_leaves_nothing(shared: Page) -> None:
    assert (
        shared.evaluate(
            """async () => {
          const { clearAll } = await import("/static/js/forget.js");
          const { readAll, write } = await import("/static/js/store.js");
          const gone = clearAll(async () => true);
          write("meta", "Ana", "late");
          await gone;
          write("meta", "Ana", "later");
          return readAll("meta");
        }"""
        )
        == []
    )


def test_what_is_saved_while_a_device_refuses_to_be_forgotten_is_kept(shared: Page) -> None:
    assert "Ana" in shared.evaluate(
        """async () => {
          const { clearAll } = await import("/static/js/forget.js");
          const { readAll, write } = await import("/static/js/store.js");
          const kept = clearAll(async () => false);
          await Promise.all([kept, write("meta", "Ana", "late")]);
          return readAll("meta");
        }"""
    )


def test_a_forgotten_device_holds_nothing_and_is_signed_out(
    shared: Page, server: FakeServer
) -> None:
    send_everything(shared, server)
    shared.goto("/device")
    shared.get_by_role("button", name="Forget this device").click()
    expect(shared.get_by_role("alert")).to_contain_text("Everything that was done here is on")
    shared.get_by_role("button", name="Forget it now").click()
    expect(shared).to_have_url(f"{server.url}/sign-in")
    assert "POST /sign-out" in server.log
    left = shared.evaluate(
        """async () => {
          const { readAll } = await import("/static/js/store.js");
          const stores = ["commands", "blobs", "claims", "receipts", "runs", "meta"];
          const rows = (await Promise.all(stores.map(readAll))).flat().length;
          const worker = await navigator.serviceWorker.getRegistration();
          return [rows, await caches.keys(), Boolean(worker)];
        }"""
    )
    assert left == [0, [], False]


def test_a_device_is_not_forgotten_without_a_connection(shared: Page, server: FakeServer) -> None:
    send_everything(shared, server)
    shared.goto("/device")
    server.way = "down"
    shared.get_by_role("button", name="Forget this device").click()
    shared.get_by_role("button", name="Forget it now").click()
    expect(shared.get_by_role("alert")).to_contain_text("It needs a connection")
    assert kept(shared, "runs")


def test_signing_out_is_refused_over_unsent_work_and_offers_a_way(
    shared: Page, server: FakeServer, tmp_path: Path
) -> None:
    shared.get_by_role("button", name="Sign out").click()
    notice = shared.locator("#sign-out-words")
    expect(notice).to_contain_text("Not signed out: 2 on this device are not yet sent.")
    _, listed, _ = rescued(shared, tmp_path)
    assert len(listed["commands"]) == 3
    assert "POST /sign-out" not in server.log
    server.way = "ok"
    shared.get_by_role("button", name="Send now and sign out").click()
    expect(shared).to_have_url(f"{server.url}/sign-in")
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]


def test_work_left_behind_at_a_sign_out_stays_bound_to_its_person(
    shared: Page, server: FakeServer
) -> None:
    server.way = "ok"
    shared.route("**/api/v1/sync", lambda route: route.abort())
    shared.get_by_role("button", name="Sign out").click()
    shared.get_by_role("button", name="Leave it here and sign out").click()
    expect(shared).to_have_url(f"{server.url}/sign-in")
    shared.unroute_all()
    server.way, server.person = "ok", ANA
    shared.goto("/today")
    expect(shared.locator("#light")).to_contain_text("2 of Ben's are on this phone too")
    expect(shared.locator("#light")).to_contain_text("they are sent when Ben signs in")
    shared.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S4"]
    shared.goto("/device")
    expect(shared.locator("#app")).to_contain_text("Opening check: Front room ready")
    server.person = BEN
    shared.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S4", "S3", "S1"]
    assert lying(shared) == ([], [])


def test_a_phone_without_much_room_says_so_before_it_is_full(
    page: Page, server: FakeServer
) -> None:
    page.add_init_script(
        """navigator.storage.estimate = () => Promise.resolve({ usage: 9e8, quota: 1e9 });
        navigator.storage.persisted = () => Promise.resolve(false);"""
    )
    ready(page)
    app = page.locator("#app")
    expect(app).to_contain_text("This device is nearly full: 100 MB are left for Baton.")
    expect(app).not_to_contain_text("has not promised to keep")
    server.way = "down"
    note(page)
    for path in ("/today", "/device"):
        page.goto(path)
        expect(app).to_contain_text("This device is nearly full: 100 MB are left for Baton.")
        expect(app).to_contain_text("This browser has not promised to keep what lies here.")


def test_asking_the_browser_to_keep_it_shows_its_answer(page: Page) -> None:
    page.add_init_script(
        """let kept = false;
        navigator.storage.persisted = () => Promise.resolve(kept);
        navigator.storage.persist = () => Promise.resolve((kept = true));"""
    )
    ready(page)
    page.goto("/device")
    expect(page.locator("#app")).to_contain_text("Kept by the browserNot yet")
    page.get_by_role("button", name="Ask the browser to keep it").click()
    expect(page.locator("#app")).to_contain_text("Kept by the browserYes")
