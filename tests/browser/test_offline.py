"""What a person did is never lost: the queue in a real browser against a server that misbehaves."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.device import lying
from tests.browser.facts import run, step
from tests.browser.fake_server import FakeServer

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

CONTROLLED = "() => navigator.serviceWorker.controller !== null"
QUEUE = """async () => {
  const { readAll } = await import("/static/js/store.js");
  return (await readAll("commands")).map((c) => c.step_run);
}"""
WAKE = """async () => {
  const { wake, state } = await import("/static/js/sync.js");
  const stuck = () => new Error(`still ${state.phase}`);
  const late = new Promise((_, no) => setTimeout(() => no(stuck()), 15000));
  await Promise.race([wake(), late]);
}"""


def ready(page: Page) -> None:
    """Today is on the screen and the service worker is in charge of this page."""
    page.goto("/today")
    expect(page.locator("[data-run=R1]")).to_be_visible()
    page.wait_for_function(CONTROLLED)


def take_photo(page: Page) -> None:
    page.goto("/run/R1#S1")
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Use this photo").click()
    expect(page.locator("[data-step=S1]")).to_contain_text("Saved on this phone")


def write_note(page: Page, words: str) -> None:
    page.goto("/run/R1#S3")
    page.get_by_label("Note").fill(words)
    page.get_by_role("button", name="Save the note").click()


def test_a_photo_saved_offline_is_sent_once_after_the_browser_was_closed(
    open_browser: Open, server: FakeServer
) -> None:
    phone = open_browser()
    ready(phone.pages[0])
    server.way = "down"
    take_photo(phone.pages[0])
    phone.close()

    phone = open_browser()
    page = phone.pages[0]
    page.goto("/today")
    expect(page.locator("[data-run=R1]")).to_contain_text("Opening check")
    expect(page.locator("#light")).to_contain_text("1 on this phone, oldest")
    assert server.received == []

    server.way = "ok"
    page.evaluate(WAKE)
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    expect(page.locator("[data-step=S1]")).to_contain_text("Waiting for approval")
    assert [c["step_run"] for c in server.received] == ["S1"]
    [photo] = server.received
    assert server.blobs[photo["proof"]["sha256"]][:2] == b"\xff\xd8"
    assert photo["proof"]["bytes"] == len(server.blobs[photo["proof"]["sha256"]])
    page.evaluate(WAKE)
    assert sum(len(b) for b in server.batches) == 1


def test_a_captive_portal_that_answers_200_clears_nothing(page: Page, server: FakeServer) -> None:
    ready(page)
    server.sync_way = "captive"
    write_note(page, "All clear")
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    page.evaluate(WAKE)
    server.way = "captive"
    page.evaluate(WAKE)
    assert page.evaluate(QUEUE) == ["S3"]
    server.way = server.sync_way = "ok"
    page.evaluate(WAKE)
    assert page.evaluate(QUEUE) == []
    assert [c["proof"]["text"] for c in server.received] == ["All clear"]


def test_a_lost_session_pauses_the_queue_and_says_so(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "signed_out"
    write_note(page, "All clear")
    expect(page.locator("#light")).to_contain_text("Sign in to send what is saved here")
    assert page.evaluate(QUEUE) == ["S3"]
    server.way = "ok"
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    assert [c["step_run"] for c in server.received] == ["S3"]


def test_work_is_never_sent_or_shown_under_another_person(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    write_note(page, "Seen by Ben")
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    server.way, server.person = "ok", {"id": "P1", "name": "Ana", "role": "staff"}
    page.goto("/today")
    page.evaluate(WAKE)
    words = "1 of Ben's is on this phone too; it is sent when Ben signs in."
    expect(page.locator("#light")).to_contain_text(words)
    expect(page.locator("[data-step=S3]")).not_to_contain_text("Saved")
    assert server.received == []
    server.person = {"id": "P2", "name": "Ben", "role": "staff"}
    page.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S3"]


def test_a_broken_upload_goes_on_at_its_offset(page: Page, server: FakeServer) -> None:
    ready(page)
    server.break_puts_after = 1
    page.evaluate(
        """async () => {
          const { enqueue } = await import("/static/js/queue.js");
          const { sha256, uuid } = await import("/static/js/ids.js");
          const bytes = new Uint8Array(600 * 1024).fill(7).buffer;
          const hash = await sha256(bytes);
          const proof = { kind: "photo", sha256: hash, bytes: bytes.byteLength,
            media_type: "image/jpeg", taken_at: new Date().toISOString() };
          const step = { person: "P2", run: "R1", step_run: "S1", attempt: 1 };
          const command = { id: uuid(), ...step, kind: "complete_step", proof };
          await enqueue(command, { bytes, media_type: "image/jpeg" });
        }"""
    )
    page.evaluate(WAKE)
    assert server.puts == [(0, 262144)]
    expect(page.locator("[data-step=S1]")).to_contain_text("The photo is on its way")
    server.break_puts_after = None
    page.evaluate(WAKE)
    assert server.puts == [(0, 262144), (262144, 262144), (524288, 90112)]
    expect(page.locator("#light")).to_contain_text("Safe on the server")


@pytest.mark.parametrize("how", ["poison", "reject"])
def test_one_bad_command_does_not_block_the_others(
    page: Page, server: FakeServer, how: str
) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R1#S4")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("[data-step=S4]")).to_contain_text("Saved on this phone")
    write_note(page, "All clear")
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    if how == "poison":
        server.poison = {"S4"}
    else:
        server.reject = {"S4": "The check was too short."}
    server.way = "ok"
    page.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S3"]
    said = {"poison": "A field is wrong.", "reject": "The check was too short."}[how]
    expect(page.locator("[data-step=S4]")).to_contain_text(said)
    assert page.evaluate(QUEUE) == (["S4"] if how == "poison" else [])


def test_a_reading_outside_its_range_asks_what_was_done(page: Page, server: FakeServer) -> None:
    ready(page)
    page.goto("/run/R1#S2")
    page.get_by_label("Reading").fill("45,5")
    expect(page.locator("#app")).to_contain_text("Move the food and call the repair line")
    page.get_by_role("button", name="Save the reading").click()
    expect(page.locator("#app")).to_contain_text("Say what was done about it.")
    page.get_by_label("What was done?").fill("Moved to the other fridge")
    page.get_by_role("button", name="Save the reading").click()
    expect(page.locator("[data-step=S2]")).to_contain_text("Received")
    [command] = server.received
    expected = {"kind": "number", "value": "45.5", "corrective": "Moved to the other fridge"}
    assert command["proof"] == expected
    assert isinstance(command["skew_ms"], int)


def test_i_cannot_do_this_hands_the_step_on_with_its_reason(page: Page, server: FakeServer) -> None:
    ready(page)
    page.goto("/run/R1#S5")
    expect(page.get_by_role("button", name="Scan the code")).to_be_visible()
    page.get_by_role("button", name="I can't do this").click()
    page.get_by_label("Why not?").fill("The code is torn off")
    page.get_by_role("button", name="Hand it on").click()
    expect(page.locator("[data-step=S5]")).to_contain_text("With Fay now")
    assert server.received[0]["reason"] == "The code is torn off"
    assert re.fullmatch(r"[0-9a-f-]{36}", server.received[0]["id"])


BREAK_ONCE = """() => {
  const transaction = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function () {
    IDBDatabase.prototype.transaction = transaction;
    const words = "Connection to Indexed Database server lost. Refresh the page to try again";
    throw new DOMException(words, "UnknownError");
  };
}"""
LOSE_BYTES = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    return put.call(this, value.bytes ? { ...value, bytes: new ArrayBuffer(9) } : value, ...key);
  };
}"""


def test_a_database_handle_that_died_is_opened_again(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R1#S3")
    page.get_by_label("Note").fill("All clear")
    page.evaluate(BREAK_ONCE)
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    assert page.evaluate(QUEUE) == ["S3"]


def test_a_photo_that_comes_back_broken_is_not_called_saved(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R1#S1")
    page.evaluate(LOSE_BYTES)
    page.get_by_role("button", name="Take the photo").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_role("button", name="Use this photo").click()
    expect(page.get_by_role("alert")).to_contain_text("This phone could not save it.")
    page.evaluate(WAKE)  # and every screen looks again
    expect(page.locator("[data-step=S1]")).not_to_contain_text("Saved on this phone")
    expect(page.get_by_role("button", name="Use this photo")).to_be_visible()
    assert lying(page) == ([], [])


def test_a_run_that_is_not_on_my_list_opens_and_stays_off_it(
    page: Page, server: FakeServer
) -> None:
    server.other_runs = [run("R9", "Friday safety walk", [step("S9", 1, "Exits", "note")])]
    ready(page)
    page.goto("/run/R9")
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    page.evaluate(WAKE)
    expect(page.locator("#title")).to_have_text("Friday safety walk")
    page.goto("/today")
    expect(page.locator("[data-run=R1]")).to_be_visible()
    expect(page.locator("[data-run=R9]")).to_have_count(0)


def test_a_page_that_is_not_kept_says_in_our_words_that_it_needs_a_connection(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    server.way = "down"
    page.goto("/sign-in")
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()
    server.way = "well"
    page.reload()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
