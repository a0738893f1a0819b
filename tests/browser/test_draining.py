"""What is sent first, that a bad item holds up nothing, and what the server hears of the device."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.device import NOTE, lying, note, photo
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

# Saves a note when the first part of a photo has arrived.
NOTE_AFTER_A_PART = """() => {
  const real = window.fetch;
  window.fetch = async (path, options) => {
    const answer = await real(path, options);
    if (options?.method === "PUT") {
      window.fetch = real;
      await window.saveNote(["S3", "P2", "Now"]);
    }
    return answer;
  };
}"""

# Everything that lies here is sent between the saving of one thing and its reading back.
SENT_BEFORE_READ_BACK = """() => {
  const { transaction } = IDBDatabase.prototype;
  IDBDatabase.prototype.transaction = function (...given) {
    const tx = transaction.apply(this, given);
    if (given[2]?.durability !== "strict") return tx;
    IDBDatabase.prototype.transaction = transaction;
    const send = () => import("/static/js/sync.js").then((m) => m.wake());
    const set = (told) => tx.addEventListener("complete", () => void send().then(told));
    return Object.defineProperty(tx, "oncomplete", { set });
  };
}"""


def arrivals(server: FakeServer) -> list[str]:
    """What came, in order: the first bytes of a file by its hash, and each batch with commands."""
    return [line for line in server.log if line.startswith(("PUT", "POST /api/v1/sync"))]


def states(server: FakeServer) -> list[dict[str, Any]]:
    return [data["device_state"] for path, data in server.posts if path == "sync"]


def test_commands_go_first_then_small_files_then_old_ones(
    offline: Page, server: FakeServer
) -> None:
    large = photo(offline, "S1", size=700_000, seed=1)
    older = photo(offline, "S6", size=90_000, seed=2)
    newer = photo(offline, "S7", size=20_000, seed=3)
    note(offline)
    left: list[str] = []  # several go at once, so that the server may see them in another order
    offline.on("request", lambda each: left.append(each.url) if each.method == "PUT" else None)
    server.way = "ok"
    offline.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S1", "S6", "S7", "S3"]
    files = [address.split("/")[-1] for address in left]
    assert list(dict.fromkeys(files)) == [older, newer, large]
    assert arrivals(server)[0] == "POST /api/v1/sync"


def test_work_goes_before_the_day_is_read_where_the_last_round_went_well(
    offline: Page, server: FakeServer
) -> None:
    server.way = "ok"
    offline.evaluate(WAKE)
    note(offline)
    before = len(server.log)
    offline.evaluate(WAKE)
    asked = [line for line in server.log[before:] if "/sync" in line or "/today" in line]
    assert "/sync" in asked[0]
    assert ["/today" in line for line in asked].count(True) == 1


def test_a_command_made_during_an_upload_goes_between_two_parts(
    offline: Page, server: FakeServer
) -> None:
    photo(offline, "S1", size=700_000)
    offline.evaluate(f"() => {{ window.saveNote = {NOTE}; }}")
    offline.evaluate(NOTE_AFTER_A_PART)
    server.way = "ok"
    offline.evaluate(WAKE)
    kinds = [line.split()[0] for line in arrivals(server)]
    assert kinds[:4] == ["POST", "PUT", "POST", "PUT"]
    assert [c["step_run"] for c in server.received] == ["S1", "S3"]


@pytest.mark.parametrize("how", ["fails_after", "cut"])
def test_an_answer_lost_after_the_work_was_done_doubles_nothing(
    offline: Page, server: FakeServer, how: str
) -> None:
    note(offline)
    photo(offline)
    server.way, server.sync_way = "ok", how
    offline.evaluate(WAKE)
    assert lying(offline)[0] == ["S3", "S1"]
    server.sync_way = "ok"
    offline.evaluate(WAKE)
    assert lying(offline) == ([], [])
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]


def test_a_session_that_ends_in_the_midst_of_files_keeps_the_rest(
    offline: Page, server: FakeServer
) -> None:
    first = photo(offline, "S1", size=100, seed=1)
    second = photo(offline, "S6", size=200, seed=2)
    gone = json.dumps({"code": "sign_in_required", "detail": "Sign in first."})
    kind = "application/problem+json"
    offline.route(
        f"**/blobs/{second}", lambda route: route.fulfill(status=401, body=gone, content_type=kind)
    )
    server.way = "ok"
    offline.evaluate(WAKE)
    assert list(server.blobs) == [first]
    assert lying(offline) == ([], [second])
    expect(offline.locator("#light")).to_contain_text("Sign in to send what is saved here")
    offline.unroute_all()
    offline.evaluate(WAKE)
    assert list(server.blobs) == [first, second]
    expect(offline.locator("#light")).to_contain_text("Safe on the server")


def test_two_windows_send_everything_once(
    offline: Page, server: FakeServer, phone: BrowserContext
) -> None:
    note(offline)
    photo(offline, size=600_000)
    server.way = "ok"
    second = phone.new_page()
    second.goto("/today")
    for page in (offline, second):
        page.evaluate("() => { import('/static/js/sync.js').then((m) => m.wake()); }")
    expect(second.locator("#light")).to_contain_text("Safe on the server")
    offline.evaluate(WAKE)
    assert [c["step_run"] for c in server.received] == ["S3", "S1"]
    assert sum(len(batch) for batch in server.batches) == 2
    assert sum(size for _, size in server.puts) == 600_000


@pytest.mark.parametrize("save", [note, photo])
def test_what_another_window_sends_before_it_is_read_back_is_saved(
    page: Page, server: FakeServer, save: Callable[[Page], Any]
) -> None:
    ready(page)
    page.evaluate(SENT_BEFORE_READ_BACK)
    save(page)
    assert len(server.received) == 1
    assert lying(page) == ([], [])


def test_screens_are_told_how_far_it_is(offline: Page, server: FakeServer) -> None:
    photo(offline, "S1", size=100_000, seed=1)
    photo(offline, "S6", size=400_000, seed=2)
    offline.evaluate(
        """async () => {
          const { state } = await import("/static/js/sync.js");
          const real = window.fetch;
          window.said = [];
          window.fetch = (path, options) => {
            if (options?.method === "PUT") window.said.push(state.progress);
            return real(path, options);
          };
        }"""
    )
    server.way = "ok"
    offline.evaluate(WAKE)
    said = offline.evaluate("said")
    told = [(p["done"], p["items"], p["sent"], p["bytes"], p["now"]["offset"]) for p in said]
    assert told == [
        (0, 2, 0, 500_000, 0),
        (1, 2, 100_000, 500_000, 0),
        (1, 2, 100_000 + 262_144, 500_000, 262_144),
    ]


def test_light_and_device_page_tell_how_far_it_is(offline: Page, server: FakeServer) -> None:
    photo(offline, "S1", size=100_000, seed=1)
    stuck = photo(offline, "S6", size=600_000, seed=2)
    offline.goto("/device")
    offline.evaluate(WAKE)
    held: list[Route] = []

    def hold_second_part(route: Route) -> None:
        second = route.request.headers.get("upload-offset") == "262144"
        held.append(route) if second else route.continue_()

    offline.route(f"**/blobs/{stuck}", hold_second_part)
    server.way = "ok"
    offline.evaluate("() => { import('/static/js/sync.js').then((m) => m.wake()); }")
    expect(offline.locator("#light")).to_have_text("Sending 2 of 2, 51 %")
    expect(offline.locator(".step")).to_contain_text("Sending, 43 % is on the server.")
    expect(offline.locator("#app")).to_contain_text("Sending 2 of 2: 1 file and 338 KB left.")
    held[0].continue_()
    expect(offline.locator("#light")).to_contain_text("Safe on the server")
    expect(offline.locator("#app")).not_to_contain_text("Sending 2 of 2")


def test_the_server_hears_what_lies_here_and_that_nothing_does(
    offline: Page, server: FakeServer
) -> None:
    mine = note(offline)
    photo(offline, "S1", size=5000)
    theirs = note(offline, "S4", "P1")
    server.posts.clear()
    server.way = "ok"
    offline.evaluate(WAKE)
    first, *_, last = states(server)
    assert first["seqs"] == [mine["seq"], mine["seq"] + 1, theirs["seq"]]
    assert (first["waiting"], first["bytes"]) == (3, 5000)
    assert first["oldest"] == mine["captured_at"]
    assert first["version"] == "1.0.0+one"
    assert isinstance(first["persisted"], bool)
    assert first["free_bytes"] > 0
    assert (last["waiting"], last["seqs"], last["bytes"]) == (1, [theirs["seq"]], 0)
    told = len(states(server))
    offline.evaluate(WAKE)
    assert len(states(server)) == told


def test_a_quiet_device_says_that_it_is_there_after_five_minutes(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    page.evaluate(WAKE)
    server.posts.clear()
    page.evaluate(
        """async () => {
          const { read, write } = await import("/static/js/store.js");
          const last = await read("meta", "reported");
          await write("meta", { ...last, at: last.at - 5 * 60_000 }, "reported");
        }"""
    )
    page.evaluate(WAKE)
    [state] = states(server)
    assert (state["waiting"], state["oldest"], state["seqs"]) == (0, None, [])
