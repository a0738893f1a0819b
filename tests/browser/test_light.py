"""The words of the light, of room on the phone and of sizes, and the checks of the rescue file."""

import zlib
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import ready
from tests.browser.test_words import call

pytestmark = pytest.mark.e2e
SEVEN_UTC = 1_795_417_200_000  # Monday 23 November 2026
AT_SIX = {"count": 3, "oldest": "2026-11-23T06:12:00Z"}
HALF = {"done": 1, "items": 5, "sent": 409, "bytes": 1000, "now": {}}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Any:
    with FakeServer() as server:
        page = browser.new_page(base_url=server.url, timezone_id="UTC")
        page.goto("/join")
        yield page
        page.close()


@pytest.mark.parametrize(
    ("facts", "tone", "text"),
    [
        ({"safeAt": "2026-11-23T06:20:00Z"}, "safe", "Safe on the server 06:20"),
        ({"safeAt": "2026-11-22T06:20:00Z"}, "safe", "Safe on the server 06:20 on Sunday"),
        (
            {"safeAt": "2026-11-23T06:20:00Z", "phase": "waiting"},
            "safe off",
            "No connection. Safe on",
        ),
        (AT_SIX, "safe here", "3 on this phone, oldest 06:12"),
        (
            AT_SIX | {"oldest": "2026-11-22T06:12:00Z"},
            "safe here",
            "3 on this phone, oldest 06:12 on Sun",
        ),
        (
            AT_SIX | {"oldest": "2026-11-16T07:00:00Z"},
            "safe here",
            "3 on this phone, oldest 07:00 on 16 N",
        ),
        (
            AT_SIX | {"oldest": "2026-11-16T06:12:00Z"},
            "safe need",
            "3 on this phone, oldest 06:12 on 16 N",
        ),
        (AT_SIX | {"phase": "sending"}, "safe here", "3 on this phone, oldest 06:12. Sending"),
        (AT_SIX | {"phase": "sending", "progress": HALF}, "safe here", "Sending 2 of 5"),
        (AT_SIX | {"signedIn": False}, "safe need", "3 on"),
        ({"signedIn": False}, "safe need", ""),
    ],
)
def test_the_light_says_where_the_work_is(
    blank: Page, facts: dict[str, Any], tone: str, text: str
) -> None:
    plain = {"signedIn": True, "count": 0, "oldest": None, "safeAt": None, "phase": "idle"}
    plain |= {"progress": None, "now": SEVEN_UTC}
    said = call(blank, "/static/js/light.js", "lightWords", plain | facts)
    assert said["tone"] == tone
    assert said["text"].startswith(text)


def test_the_light_reads_its_times_on_the_clock_that_it_is_given(blank: Page) -> None:
    facts = {"signedIn": True, "count": 0, "oldest": None, "phase": "idle", "now": SEVEN_UTC}
    facts |= {"safeAt": "2026-11-23T06:20:00Z", "zone": "America/Chicago", "progress": None}
    said = call(blank, "/static/js/light.js", "lightWords", facts)
    assert said["text"] == "Safe on the server 00:20"


def test_the_light_tells_per_cents_of_all_bytes(blank: Page) -> None:
    facts = {"signedIn": True, "safeAt": None, "now": SEVEN_UTC, "phase": "sending"}
    said = call(blank, "/static/js/light.js", "lightWords", facts | AT_SIX | {"progress": HALF})
    assert said["percent"] == ", 40 %"


def test_after_a_week_the_light_says_what_to_do(blank: Page) -> None:
    facts = {"signedIn": True, "safeAt": None, "now": SEVEN_UTC, "phase": "waiting"}
    old = AT_SIX | {"oldest": "2026-11-15T06:12:00Z"}
    said = call(blank, "/static/js/light.js", "lightWords", facts | old)
    assert said["text"].endswith("Find a connection and send it, or make a rescue file")


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ({}, ""),
        ({"P1": 1}, "1 of Ana's is on this phone too; it is sent when Ana signs in."),
        ({"P1": 2}, "2 of Ana's are on this phone too; they are sent when Ana signs in."),
        ({"P9": 2}, "2 of another person's are on this phone too; they are sent when that person"),
    ],
)
def test_the_light_names_whose_work_is_here_too(
    blank: Page, others: dict[str, int], words: str
) -> None:
    said = call(blank, "/static/js/others.js", "othersWords", others, {"P1": "Ana"})
    assert said.startswith(words)
    assert bool(said) is bool(others)


@pytest.mark.parametrize(
    ("free", "quota", "tight"),
    [
        (250e6, 1e9, False),
        (199e6, 1e9, True),
        (900e6, 10e9, True),
        (None, None, False),
    ],
)
def test_room_is_short_under_200_mb_or_a_tenth(
    blank: Page, free: float | None, quota: float | None, tight: bool
) -> None:
    room = {"used": 1, "free": free, "quota": quota, "persisted": True}
    said = call(blank, "/static/js/storage.js", "pressureWords", room)
    assert said.startswith("This device is nearly full: ") is tight


@pytest.mark.parametrize(
    ("size", "words"),
    [(400, "400 bytes"), (340_000, "340 KB"), (12_500_000, "12.5 MB"), (2_100_000_000, "2.1 GB")],
)
def test_sizes_are_told_short(blank: Page, size: int, words: str) -> None:
    assert call(blank, "/static/js/storage.js", "sizeWords", size) == words


def test_the_rescue_file_counts_its_checks_as_zip_does(blank: Page) -> None:
    script = "async (t) => (await import(t[0])).crc32(new TextEncoder().encode(t[1]))"
    words = "The quick brown fox jumps over the lazy dog"
    module = "/static/js/rescue.js"
    assert blank.evaluate(script, [module, words]) == zlib.crc32(words.encode())


def test_the_light_leads_back_from_the_sign_in_to_exactly_this_address(
    page: Page, server: FakeServer
) -> None:
    ready(page)
    server.way = "signed_out"
    page.goto("/today?from=message#later")
    link = page.locator("#light").get_by_role("link", name="Not signed in")
    expect(link).to_have_attribute("href", "/sign-in?next=%2Ftoday%3Ffrom%3Dmessage%23later")
