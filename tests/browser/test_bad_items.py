"""A file or command that the server will not have, or the phone cannot read, holds up no other."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.device import lying, note, photo
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE

pytestmark = pytest.mark.e2e


BAD: dict[str, tuple[int, dict[str, Any]]] = {
    "413 of a proxy": (413, {}),
    "422": (422, {"code": "not_an_image", "detail": "This is not a photo."}),
    "422 of another kind": (422, {"code": "invalid", "detail": "A header is wrong."}),
    "403": (403, {"code": "forbidden", "detail": "A filter refused it."}),
    "404": (404, {"code": "not_found", "detail": "There is nothing here."}),
    "409 for ever": (409, {"code": "offset_conflict", "offset": 0}),
    "500": (500, {"code": "unexpected", "detail": "Something failed."}),
}


@pytest.mark.parametrize("how", BAD)
def test_a_file_that_the_server_will_not_have_holds_up_no_other(
    offline: Page, server: FakeServer, how: str
) -> None:
    bad = photo(offline, "S1", size=100, seed=1)
    good = photo(offline, "S6", size=200, seed=2)
    server.bad_blobs = {bad: BAD[how]}
    server.way = "ok"
    offline.evaluate(WAKE)
    assert list(server.blobs) == [good]
    assert lying(offline) == ([], [bad])
    offline.goto("/device")
    said = BAD[how][1].get("detail", "photo did not arrive" if "409" in how else "could not answer")
    expect(offline.locator(".device")).to_contain_text([said])


def test_a_file_whose_uploads_break_without_a_word_goes_last(
    offline: Page, server: FakeServer
) -> None:
    bad = [photo(offline, sid, size=100, seed=i) for i, sid in enumerate(("S1", "S6"))]
    good = photo(offline, "S7", size=200, seed=5)
    offline.route(lambda url: url.split("/")[-1] in bad, lambda route: route.abort())
    server.way = "ok"
    offline.evaluate(WAKE)
    assert server.blobs == {}
    offline.evaluate(WAKE)
    assert list(server.blobs) == [good]
    assert sorted(lying(offline)[1]) == sorted(bad)


def test_a_file_that_this_phone_cannot_read_is_kept_and_holds_up_no_other(
    offline: Page, server: FakeServer
) -> None:
    bad = photo(offline, "S1", size=100, seed=1)
    good = photo(offline, "S6", size=200, seed=2)
    offline.evaluate(
        """async (hash) => {
          const { read, write } = await import("/static/js/store.js");
          await write("blobs", { ...(await read("blobs", hash)), bytes: null });
        }""",
        bad,
    )
    names = offline.evaluate(
        """async () => {
          const { rescueFile } = await import("/static/js/rescue.js");
          const { file } = await rescueFile();
          const text = new TextDecoder("latin1").decode(await file.arrayBuffer());
          return [...text.matchAll(/blobs\\/([0-9a-f]{64})/g)].map((found) => found[1]);
        }"""
    )
    assert set(names) == {good}
    server.way = "ok"
    offline.evaluate(WAKE)
    assert list(server.blobs) == [good]
    assert lying(offline) == ([], [bad])


def test_a_server_that_fails_for_all_blames_no_command(offline: Page, server: FakeServer) -> None:
    note(offline)
    photo(offline)
    server.way = "ok"
    offline.route(
        "**/api/v1/sync",
        lambda route: route.fulfill(status=500, body="{}", content_type="application/json"),
    )
    offline.evaluate(WAKE)
    assert len([line for line in server.log if line.endswith("/sync")]) <= 2
    offline.goto("/device")
    expect(offline.locator(".device").first).to_contain_text("Waits to be sent.")


def test_what_came_after_a_refused_command_of_the_same_step_waits_for_the_next_round(
    offline: Page, server: FakeServer
) -> None:
    for step_run, words in (("S3", "One"), ("S4", "Beside"), ("S3", "Two")):
        note(offline, step_run, words=words)
    refused: list[str] = []

    def gateway(route: Route) -> None:
        """It has had enough for a moment of whatever holds the first."""
        if "One" in (route.request.post_data or "") and len(refused) < 3:
            refused.append(route.request.url)
            return route.fulfill(status=413, body="Too large", content_type="text/plain")
        return route.continue_()

    offline.route("**/api/v1/sync", gateway)
    server.way = "ok"
    offline.evaluate(WAKE)
    assert len(refused) == 3
    assert [command["step_run"] for command in server.received] == ["S4"]
    offline.evaluate(WAKE)
    told = [command["proof"]["text"] for command in server.received]
    assert told == ["Beside", "One", "Two"]


def test_a_command_that_is_refused_again_and_again_holds_up_its_step_once(
    offline: Page, server: FakeServer
) -> None:
    note(offline, "S3", words="One")
    note(offline, "S3", words="Two")
    offline.route(
        lambda url: url.endswith("/sync"),
        lambda route: (
            route.fulfill(status=422, body="{}", content_type="application/problem+json")
            if "One" in (route.request.post_data or "")
            else route.continue_()
        ),
    )
    server.way = "ok"
    offline.evaluate(WAKE)
    assert server.received == []
    offline.evaluate(WAKE)
    assert [command["proof"]["text"] for command in server.received] == ["Two"]
    assert lying(offline)[0] == ["S3"]
