"""The pure modules, run where they run: in the browser."""

import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.conftest import ARGS, CHROMIUM
from tests.browser.facts import ANA, run, step
from tests.browser.fake_server import FakeServer

pytestmark = pytest.mark.e2e
EMPTY: dict[str, Any] = {"commands": [], "blobs": [], "receipts": []}
SEVEN_UTC = 1_795_417_200_000  # Monday 23 November 2026
AT_SIX = {"count": 3, "oldest": "2026-11-23T06:12:00Z"}
HALF = {"done": 1, "items": 5, "sent": 409, "bytes": 1000, "now": {}}


@pytest.fixture(scope="module")
def blank(playwright: Playwright) -> Any:
    with FakeServer() as server:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        page = browser.new_page(base_url=server.url)
        page.goto("/join")
        yield page
        browser.close()


def call(page: Page, module: str, name: str, *args: Any) -> Any:
    script = "async ([m, n, args]) => (await import(m))[n](...args)"
    return page.evaluate(script, [module, name, list(args)])


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("38,5", "38.5"),
        (" 38.5 ", "38.5"),
        ("-2", "-2"),
        ("\u22124", "-4"),
        ("+7", "7"),
        ("038", "38"),
        ("", None),
        ("warm", None),
        ("1.000,5", None),
        ("1e5", None),
    ],
)
def test_numbers_are_read_as_people_type_them(blank: Page, typed: str, value: str | None) -> None:
    assert call(blank, "/static/js/words.js", "parseNumber", typed) == value


@pytest.mark.parametrize(
    ("value", "low", "high", "out"),
    [
        ("33", 33, 41, False),
        ("41", "33", "41", False),
        ("41.1", 33, 41, True),
        ("-5", 0, None, True),
        ("900", None, None, False),
    ],
)
def test_both_ends_belong_to_the_range(
    blank: Page, value: str, low: Any, high: Any, out: bool
) -> None:
    assert call(blank, "/static/js/words.js", "outside", value, {"min": low, "max": high}) is out


def test_times_are_told_in_the_zone_of_the_location(blank: Page) -> None:
    at = "2026-11-23T06:05:00Z"
    assert call(blank, "/static/js/words.js", "hour", at, "America/Chicago") == "00:05"
    assert call(blank, "/static/js/words.js", "hour", at, "Asia/Kathmandu") == "11:50"


@pytest.mark.parametrize(
    ("facts", "tone", "text"),
    [
        ({"safeAt": "2026-11-23T06:20:00Z"}, "safe", "Safe on the server 06:20"),
        ({"safeAt": "2026-11-22T06:20:00Z"}, "safe", "Safe on the server Sunday 06:20"),
        (
            {"safeAt": "2026-11-23T06:20:00Z", "phase": "waiting"},
            "safe off",
            "No connection. Safe on",
        ),
        (AT_SIX, "safe here", "3 on this phone, oldest 06:12"),
        (
            AT_SIX | {"oldest": "2026-11-22T06:12:00Z"},
            "safe here",
            "3 on this phone, oldest Sun",
        ),
        (
            AT_SIX | {"oldest": "2026-11-16T07:00:00Z"},
            "safe here",
            "3 on this phone, oldest 16 N",
        ),
        (
            AT_SIX | {"oldest": "2026-11-16T06:12:00Z"},
            "safe need",
            "3 on this phone, oldest 16 N",
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
    said = call(blank, "/static/js/light.js", "othersWords", others, {"P1": "Ana"})
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
    assert said.startswith("This phone is nearly full: ") is tight


@pytest.mark.parametrize(
    ("size", "words"),
    [(400, "0.4 KB"), (340_000, "340 KB"), (12_500_000, "13 MB"), (2_100_000_000, "2.1 GB")],
)
def test_sizes_are_told_short(blank: Page, size: int, words: str) -> None:
    assert call(blank, "/static/js/storage.js", "sizeWords", size) == words


def test_the_rescue_file_counts_its_checks_as_zip_does(blank: Page) -> None:
    script = "async (t) => (await import(t[0])).crc32(new TextEncoder().encode(t[1]))"
    words = "The quick brown fox jumps over the lazy dog"
    module = "/static/js/rescue.js"
    assert blank.evaluate(script, [module, words]) == zlib.crc32(words.encode())


def test_the_wait_doubles_and_stays_under_five_minutes(blank: Page) -> None:
    waits = [call(blank, "/static/js/sync.js", "backOff", n, 1) for n in (1, 2, 3, 7, 40)]
    assert waits == [5_000, 10_000, 20_000, 300_000, 300_000]
    assert call(blank, "/static/js/sync.js", "backOff", 1, 0) == 2_500


NOON = 1_800_000_000_000
HOUR = 3_600_000


def view(page: Page, change: dict[str, Any], waiting: dict[str, Any] | None = None) -> Any:
    late = {"deadline_at": "2099-01-01T00:00:00Z"}
    one = step("S1", 1, "Front room ready", "photo", **(late | change))
    whole = run("R1", "Opening check", [one], opens_at="2020-01-01T00:00:00Z")
    return call(page, "/static/js/state.js", "stepView", one, whole, EMPTY | (waiting or {}), NOON)


@pytest.mark.parametrize(
    ("change", "mark", "said", "act"),
    [
        ({}, "mark", "", True),
        ({"state": "waiting"}, "mark", "", True),
        ({"mine": False}, "mark", "With Ben now", False),
        ({"state": "claimed"}, "mark claimed", "Received. The proof is on its way.", False),
        ({"state": "in_review"}, "mark review", "Received. Waiting for approval.", False),
        ({"state": "void"}, "mark skipped", "No longer needed", False),
        ({"state": "done", "closed": None}, "mark done", "Received.", False),
    ],
)
def test_a_step_says_where_it_stands(
    blank: Page, change: dict[str, Any], mark: str, said: str, act: bool
) -> None:
    found = view(blank, change)
    assert (found["mark"], found["said"], found["act"]) == (mark, said, act)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "You hold it. Ben at 08:00."),
        ({"level": 1}, "Ana is away. You hold it. Fay at 08:00."),
        ({"level": 1, "mine": False}, "Ana is away. Ben holds it. Fay at 08:00."),
        (
            {"level": 1, "handed_over": {"from": ANA, "at": "2026-11-23T06:00:00Z"}},
            "You hold it. Fay at 08:00.",
        ),
    ],
)
def test_who_is_away_is_said_once_beside_who_holds_it(
    blank: Page, change: dict[str, Any], words: str
) -> None:
    one = step("S1", 1, "Gate", "note", escalate_at="2027-01-15T07:00:00Z", **change)
    one["chain"][0]["left"] = "absent" if change else None
    assert call(blank, "/static/js/words.js", "chainWords", one, "Europe/Paris", NOON) == words


@pytest.mark.parametrize(
    ("reason", "why"),
    [
        ("missed", "did not get to it"),
        ("absent", "is away"),
        ("deactivated", "no longer works here"),
        ("unreached", "could not be reached"),
    ],
)
def test_why_a_step_is_mine_now_is_said_in_words(blank: Page, reason: str, why: str) -> None:
    moved = {"from": ANA, "at": "2026-11-23T06:00:00Z", "reason": reason, "words": None}
    one = step("S1", 1, "Gate", "note", handed_over=moved)
    said = call(blank, "/static/js/words.js", "handedWords", one)
    assert said == f"Yours now, because Ana {why}."


@pytest.mark.parametrize(
    ("until", "held_by", "words"),
    [
        ("2027-01-15", [], "You are away today."),
        ("2027-01-15", ["Ben"], "You are away today. Ben holds your work."),
        ("2027-01-22", ["Ben", "Fay"], "You are away until Friday 22 January. Ben and Fay hold"),
        ("2027-02-01", ["A", "B", "C"], "You are away until Monday 1 February. A, B and C hold"),
    ],
)
def test_until_when_somebody_is_away_is_said_by_its_day(
    blank: Page, until: str, held_by: list[str], words: str
) -> None:
    away = {"until": until, "held_by": held_by}
    assert call(blank, "/static/js/words.js", "awayWords", away, NOON).startswith(words)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": 0}, ""),
        ({"level": 1}, "Yours, because Ana is away."),
        ({"level": 2}, "Yours, because Ana is away and Ben no longer works here."),
        ({"level": 1, "mine": False}, ""),
        ({"level": 1, "state": "open"}, ""),
    ],
)
def test_a_planned_step_says_for_whom_i_stand_in(
    blank: Page, change: dict[str, Any], words: str
) -> None:
    one = step("S1", 1, "Gate", "note", **({"state": "waiting"} | change))
    one["chain"][0]["passed_over"], one["chain"][1]["passed_over"] = "absent", "deactivated"
    assert call(blank, "/static/js/words.js", "standInWords", one) == words


def receipt(status: str, attempt: int = 1) -> dict[str, Any]:
    about = {"step_run": "S1", "attempt": attempt, "kind": "complete_step", "at": "2026"}
    return {"receipts": [about | {"status": status, "detail": "Why."}]}


def test_refused_work_is_said_and_can_be_done_again(blank: Page) -> None:
    found = view(blank, {}, receipt("rejected"))
    assert (found["said"], found["act"], found["need"]) == ("Not accepted: Why.", True, True)


def test_an_answer_to_an_earlier_attempt_is_not_shown_on_the_new_one(blank: Page) -> None:
    assert view(blank, {"attempt": 2}, receipt("held"))["said"] == ""


def test_what_needs_me_comes_first_and_what_opens_later_last(blank: Page) -> None:
    far = {"deadline_at": "2099-01-01T00:00:00Z"}
    opened = {"opens_at": "2020-01-01T00:00:00Z"}
    runs = [
        run("later", "Close", [step("A", 1, "Lock", "timed", state="waiting", **far)],
            opens_at="2098-01-01T00:00:00Z"),
        run("open", "Fridge", [step("B", 1, "Fridge", "number", **far)], **opened),
        run("need", "Opening", [step("C", 1, "Door", "photo", missed_at="2026-11-23T06:00:00Z",
            **far)], **opened),
        run("done", "Alarm", [step("D", 1, "Alarm", "timed", state="done")], **opened),
    ]  # fmt: skip
    parts = call(blank, "/static/js/state.js", "sortRuns", runs, EMPTY, NOON)
    assert {part: [r["id"] for r in found] for part, found in parts.items()} == {
        "need": ["need"],
        "open": ["open"],
        "later": ["later"],
        "done": ["done"],
    }


@pytest.mark.parametrize(
    ("url", "mode", "route"),
    [
        ("/today", "navigate", {"from": "shell", "file": "/today"}),
        ("/today?source=home", "navigate", {"from": "shell", "file": "/today"}),
        ("/run/01J", "navigate", {"from": "shell", "file": "/run/"}),
        ("/approve/01J?do=send_back", "navigate", {"from": "shell", "file": "/approve/"}),
        ("/inbox", "navigate", {"from": "network"}),
        ("/static/js/app.js?v=9", "cors", {"from": "files"}),
        ("/api/v1/today", "cors", {"from": "network"}),
        ("/static/css/manage.css", "no-cors", {"from": "network"}),
    ],
)
def test_requests_go_where_they_belong(
    blank: Page, url: str, mode: str, route: dict[str, str]
) -> None:
    script = """async ([url, mode]) => {
      const { routeOf } = await import("/sw/routes.js");
      const files = new Set(["/static/js/app.js"]);
      return routeOf({ url: location.origin + url, method: "GET", mode }, location.origin, files);
    }"""
    assert blank.evaluate(script, [url, mode]) == route
