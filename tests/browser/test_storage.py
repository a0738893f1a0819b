"""What a phone keeps survives other versions of the app, other windows, and a full disk."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.device import kept, lying, note, photo
from tests.browser.fake_server import FakeServer
from tests.browser.pages import STATIC
from tests.browser.test_offline import WAKE, ready, write_note

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

# The database as version 1 of the app made it, with a note and a photo in it.
VERSION_ONE = """async () => {
  const { sha256 } = await import("/static/js/ids.js");
  const bytes = new Uint8Array(1000).fill(9).buffer;
  const hash = await sha256(bytes);
  const db = await new Promise((done) => {
    const request = indexedDB.open("baton", 1);
    request.onupgradeneeded = () => {
      const make = (name, keyPath) => request.result.createObjectStore(name, { keyPath });
      ["commands", "receipts"].forEach((name) => make(name, "id"));
      make("blobs", "sha256");
      make("runs", ["person", "id"]);
      request.result.createObjectStore("meta");
    };
    request.onsuccess = () => done(request.result);
  });
  const tx = db.transaction(["commands", "blobs", "meta"], "readwrite");
  const at = new Date().toISOString();
  const step = { person: "P2", run: "R1", attempt: 1, captured_at: at, skew_ms: 0 };
  const media_type = "image/jpeg";
  const photo = { kind: "photo", sha256: hash, bytes: 1000, media_type, taken_at: at };
  const commands = tx.objectStore("commands");
  const note = { kind: "note", text: "Old" };
  commands.put({ ...step, id: "c1", seq: 1, step_run: "S3", kind: "complete_step", proof: note });
  commands.put({ ...step, id: "c2", seq: 2, step_run: "S1", kind: "complete_step", proof: photo });
  tx.objectStore("blobs").put({ sha256: hash, bytes, media_type: "image/jpeg", person: "P2",
    step_run: "S1", attempt: 1, offset: 0, at });
  tx.objectStore("meta").put(2, "seq");
  await new Promise((done) => { tx.oncomplete = done; });
  window.earlier = db;
  return hash;
}"""
BLANK = "/static/css/tokens.css"
STORES = """async () => {
  const { database } = await new Promise((done) => {
    const request = indexedDB.open("baton");
    request.onsuccess = () => done({ database: request.result });
  });
  const stores = [database.version, [...database.objectStoreNames]];
  database.close();
  return stores;
}"""


def earlier_app(page: Page) -> None:
    """From now on the page gets the storage script as one version before would have it."""
    source = (STATIC / "js" / "store.js").read_text()
    now = int(re.search(r"const VERSION = (\d+);", source)[1])  # type: ignore[index]
    before = source.replace(f"const VERSION = {now};", f"const VERSION = {now - 1};")

    def answer(route: Route) -> None:
        route.fulfill(body=before, content_type="text/javascript")

    page.context.route("**/static/js/store.js", answer)


def test_a_later_version_takes_over_what_waits_and_sends_it(page: Page, server: FakeServer) -> None:
    page.goto(BLANK)
    sha256 = page.evaluate(VERSION_ONE)
    page.evaluate("earlier.close()")
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]
    assert list(server.blobs) == [sha256]
    assert lying(page) == ([], [])
    version, stores = page.evaluate(STORES)
    assert version == 2
    assert set(stores) >= {"commands", "blobs", "receipts", "runs", "meta", "pictures", "drafts"}


def test_an_earlier_app_that_meets_a_later_database_goes_on_with_it(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    server.way = "down"
    note(page)
    sha256 = photo(page)
    version, stores = page.evaluate(STORES)
    page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.unregister())")
    server.way = "ok"
    earlier_app(page)
    page.goto("/today")
    expect(page.locator("#light")).to_contain_text("Safe on the server")
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]
    assert list(server.blobs) == [sha256]
    assert page.evaluate(STORES) == [version, stores]


def test_an_upgrade_goes_on_when_the_other_window_steps_aside(
    page: Page, server: FakeServer
) -> None:
    page.goto(BLANK)
    page.evaluate(VERSION_ONE)
    second = page.context.new_page()
    second.goto("/today")
    words = "Close the other windows of Baton"
    expect(second.get_by_role("alert")).to_contain_text(words)
    page.evaluate("earlier.close()")
    expect(second.locator("#light")).to_contain_text("Safe on the server")
    expect(second.get_by_role("alert")).to_have_count(0)
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]


def test_an_open_page_steps_aside_for_a_later_version_and_saves_afterwards(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    second = page.context.new_page()
    second.goto(BLANK)
    server.way = "down"
    page.goto("/run/R1#S3")
    version = second.evaluate(
        """() => new Promise((done) => {
          const request = indexedDB.open("baton", 99);
          request.onsuccess = () => { request.result.close(); done(request.result.version); };
        })"""
    )
    assert version == 99
    page.get_by_label("Note").fill("All clear")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("[data-step=S3]")).to_contain_text("Saved on this phone")
    assert lying(page)[0] == ["S3"]


# Chromium holds IndexedDB to no quota that a test can set; this is what a full disk says.
FULL = """(store) => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (!store || this.name === store) throw new DOMException("No room.", "QuotaExceededError");
    return put.call(this, value, ...key);
  };
}"""
# There is room for bytes only after something else has gone.
FULL_ONCE = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (this.name !== "blobs") return put.call(this, value, ...key);
    IDBObjectStore.prototype.put = put;
    throw new DOMException("No room.", "QuotaExceededError");
  };
}"""
SAVE = """async (size) => {
  const { enqueue, NotSaved } = await import("/static/js/queue.js");
  const { sha256, uuid } = await import("/static/js/ids.js");
  const bytes = crypto.getRandomValues(new Uint8Array(60_000)).buffer;
  const whole = new Uint8Array(size);
  for (let at = 0; at < size; at += 60_000) whole.set(new Uint8Array(bytes), at);
  const hash = await sha256(whole.buffer);
  const proof = { kind: "photo", sha256: hash, bytes: size, media_type: "image/jpeg",
    taken_at: new Date().toISOString() };
  const step = { id: uuid(), person: "P2", run: "R1", step_run: "S1", attempt: 1 };
  const command = { ...step, kind: "complete_step", proof };
  try {
    await enqueue(command, { bytes: whole.buffer, media_type: "image/jpeg" });
    return "saved";
  } catch (error) {
    return error instanceof NotSaved ? error.message : `other: ${error}`;
  }
}"""


def test_a_full_phone_says_so_and_keeps_nothing_by_halves(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    note(page)
    page.evaluate(FULL, "blobs")
    words = "This phone is full. Free some space, then press again."
    assert page.evaluate(SAVE, 3_000_000) == words
    assert lying(page) == (["S3"], [])
    assert [row["step_run"] for row in kept(page, "commands")] == ["S3"]


def test_a_full_phone_says_what_to_do_where_it_was_pressed(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    page.goto("/run/R1#S3")
    page.evaluate(FULL, "commands")
    page.get_by_label("Note").fill("All clear")
    page.get_by_role("button", name="Save the note").click()
    words = "This phone is full. Free some space, then press again."
    expect(page.get_by_role("alert")).to_have_text(words)
    expect(page.get_by_label("Note")).to_have_value("All clear")
    assert lying(page) == ([], [])


def test_reference_pictures_make_room_for_work(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    page.evaluate(
        """async () => {
          const { write } = await import("/static/js/store.js");
          const bytes = new Uint8Array(4_000_000).map((_, i) => i * 31).buffer;
          await write("pictures", { sha256: "abc", bytes, media_type: "image/jpeg" });
        }"""
    )
    page.evaluate(FULL_ONCE)
    assert page.evaluate(SAVE, 300_000) == "saved"
    assert kept(page, "pictures") == []
    assert lying(page)[0] == ["S1"]


def test_a_full_phone_still_sends_what_it_holds(page: Page, server: FakeServer) -> None:
    ready(page)
    server.way = "down"
    note(page)
    photo(page)
    page.evaluate(FULL, "")
    server.way = "ok"
    page.evaluate(WAKE)
    assert lying(page) == ([], [])
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]
    assert len(server.blobs) == 1


def test_words_and_bytes_are_told_apart(page: Page, server: FakeServer) -> None:
    """What screens read of a photo on the phone never carries its bytes."""
    ready(page)
    server.way = "down"
    photo(page, size=5000)
    [claim] = kept(page, "claims")
    assert (claim["size"], "bytes" in claim) == (5000, False)
    write_note(page, "All clear")
    expect(page.locator("#light")).to_contain_text("2 on this phone")
