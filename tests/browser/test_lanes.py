"""Several files at a time where the line is quick, and what is asked before one is sent."""

import pytest
from playwright.sync_api import Page

from tests.browser.device import lying, photo
from tests.browser.facts import PHOTOS
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE

pytestmark = pytest.mark.e2e
# The second and the third part each wait until the other is on its way.
WAIT_FOR_EACH_OTHER = """() => {
  const real = window.fetch;
  let count = 0, both;
  const met = new Promise((resolve) => { both = resolve; });
  window.fetch = async (path, options) => {
    if (options?.method !== "PUT") return real(path, options);
    count += 1;
    if (count === 3) both();
    if (count === 2 || count === 3) await met;
    return real(path, options);
  };
}"""


def asked(server: FakeServer) -> list[str]:
    return [line for line in server.log if line.startswith("HEAD")]


def test_on_a_quick_line_the_next_files_go_at_once(offline: Page, server: FakeServer) -> None:
    sent = [photo(offline, sid, size=250_000 + n, seed=n) for n, sid in enumerate(PHOTOS)]
    offline.evaluate(WAIT_FOR_EACH_OTHER)
    server.way = "ok"
    offline.evaluate(WAKE)
    assert set(server.blobs) == set(sent)
    assert lying(offline) == ([], [])


def test_one_without_an_answer_stops_none_of_those_on_their_way(
    offline: Page, server: FakeServer
) -> None:
    sent = [photo(offline, sid, size=250_000 + n, seed=n) for n, sid in enumerate(PHOTOS)]
    silent = sent[1]
    offline.route(f"**/blobs/{silent}", lambda route: route.abort())
    server.way = "ok"
    offline.evaluate(WAKE)
    assert set(server.blobs) == set(sent) - {silent}
    assert lying(offline) == ([], [silent])
    offline.unroute_all()
    offline.evaluate(WAKE)
    assert set(server.blobs) == set(sent)


def test_nothing_is_asked_about_a_file_that_was_never_begun(
    offline: Page, server: FakeServer
) -> None:
    photo(offline, "S1", size=700_000, seed=1)
    photo(offline, "S6", size=100, seed=2)
    server.way = "ok"
    offline.evaluate(WAKE)
    assert lying(offline) == ([], [])
    assert asked(server) == []


def test_a_file_that_another_page_began_goes_on_where_it_stopped(
    offline: Page, server: FakeServer
) -> None:
    large = photo(offline, "S1", size=700_000, seed=1)
    second = "262144"
    offline.route(
        f"**/blobs/{large}",
        lambda route: (
            route.abort()
            if route.request.headers.get("upload-offset") == second
            else route.continue_()
        ),
    )
    server.way = "ok"
    offline.evaluate(WAKE)
    offline.unroute_all()
    server.way = "down"
    offline.reload()
    server.way = "ok"
    offline.evaluate(WAKE)
    assert asked(server) != []
    assert sum(size for _, size in server.puts) == 700_000
    assert lying(offline) == ([], [])
