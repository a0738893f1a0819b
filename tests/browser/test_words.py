"""The pure modules, run where they run: in the browser."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.facts import ANA, run, step
from tests.browser.fake_server import FakeServer

pytestmark = pytest.mark.e2e
EMPTY: dict[str, Any] = {"commands": [], "blobs": [], "receipts": []}


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Any:
    with FakeServer() as server:
        page = browser.new_page(base_url=server.url, timezone_id="UTC")
        page.goto("/join")
        yield page
        page.close()


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
    assert call(blank, "/static/js/readings.js", "parseNumber", typed) == value


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
    assert call(blank, "/static/js/readings.js", "outside", value, {"min": low, "max": high}) is out


def test_times_are_told_in_the_zone_of_the_location(blank: Page) -> None:
    at = "2026-11-23T06:05:00Z"
    assert call(blank, "/static/js/words.js", "hour", at, "America/Chicago") == "00:05"
    assert call(blank, "/static/js/words.js", "hour", at, "Asia/Kathmandu") == "11:50"


def test_the_wait_doubles_and_stays_under_five_minutes(blank: Page) -> None:
    waits = [call(blank, "/static/js/sync.js", "backOff", n, 1) for n in (1, 2, 3, 7, 40)]
    assert waits == [5_000, 10_000, 20_000, 300_000, 300_000]
    assert call(blank, "/static/js/sync.js", "backOff", 1, 0) == 2_500


NOON = 1_800_000_000_000
HOUR = 3_600_000


def view(page: Page, change: dict[str, Any], waiting: dict[str, Any] | None = None) -> Any:
    late = {"deadline_at": "2099-01-01T00:00:00Z"}
    one = step("S1", 1, "Front room ready", "photo", **(late | change))
    whole = run(
        "R1", "Opening check", [one], opens_at="2020-01-01T00:00:00Z", time_zone="Europe/Paris"
    )
    return call(page, "/static/js/state.js", "stepView", one, whole, EMPTY | (waiting or {}), NOON)


@pytest.mark.parametrize(
    ("change", "mark", "said", "act"),
    [
        ({}, "mark", "", True),
        ({"state": "waiting"}, "mark", "", True),
        ({"mine": False}, "mark", "With Ben now", False),
        ({"deadline_at": "2027-01-15T08:12:00Z"}, "mark soon", "Due in 12 minutes", True),
        ({"deadline_at": "2027-01-15T07:00:00Z"}, "mark late", "Late since 08:00", True),
        ({"missed_at": "2027-01-15T07:00:00Z"}, "mark moved", "Missed", True),
        (
            {"handed_over": {"from": ANA, "at": "2026-11-23T06:00:00Z"}},
            "mark moved",
            "Moved to you",
            True,
        ),
        ({"state": "claimed"}, "mark claimed", "Received. The proof is on its way.", False),
        ({"state": "in_review"}, "mark review", "Received. Waiting for approval.", False),
        (
            {"state": "in_review", "review_words": "Because of it."},
            "mark review",
            "Because of it.",
            False,
        ),
        ({"state": "void"}, "mark skipped", "No longer needed", False),
        ({"state": "done", "closed": None}, "mark done", "Received.", False),
    ],
)
def test_a_step_says_where_it_stands(
    blank: Page, change: dict[str, Any], mark: str, said: str, act: bool
) -> None:
    found = view(blank, change)
    assert (found["mark"], found["said"], found["act"]) == (mark, said, act)


@pytest.mark.parametrize("state", ["done", "skipped"])
def test_a_closed_step_says_when_it_was_done_and_not_when_that_was_received(
    blank: Page, state: str
) -> None:
    closed = {"by": ANA, "at": "2026-11-23T21:05:00Z", "words": "photo"}
    assert view(blank, {"state": state, "closed": closed})["side"] == "22:05"
    closed["captured_at"] = "2026-11-23T21:00:00Z"
    assert view(blank, {"state": state, "closed": closed})["side"] == "22:00"


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
    said = call(blank, "/static/js/words.js", "handedWords", one, "Europe/Paris")
    assert said == f"Yours now, because Ana {why}."


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Africa/Abidjan", "Downtown"), ("America/New_York", "Downtown, times in New York")],
)
def test_a_place_whose_clock_is_another_is_said_to_be_so(
    blank: Page, zone: str, words: str
) -> None:
    device = blank.evaluate("() => Intl.DateTimeFormat().resolvedOptions().timeZone")
    assert device in ("UTC", "Etc/UTC", "Africa/Abidjan")
    run = {"location": "Downtown", "time_zone": zone}
    assert call(blank, "/static/js/words.js", "placeWords", run, 1_795_330_000_000) == words


def test_who_takes_over_reads_since_when_the_phone_before_was_not_heard_from(blank: Page) -> None:
    heard = {"from": ANA, "at": "2026-11-23T06:20:00Z", "dark_since": "2026-11-23T04:58:00Z"}
    one = step("S1", 1, "Gate", "note", handed_over=heard | {"reason": "missed", "words": None})
    said = call(blank, "/static/js/words.js", "handedWords", one, "Europe/Paris")
    assert said.endswith(" Ana's phone was last heard from at 05:58.")
    named = heard | {"reason": "missed", "words": None, "dark_device": "Kitchen tablet"}
    one = step("S1", 1, "Gate", "note", handed_over=named)
    said = call(blank, "/static/js/words.js", "handedWords", one, "Europe/Paris")
    assert said.endswith(" Kitchen tablet was last heard from at 05:58.")


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
    assert call(blank, "/static/js/away.js", "awayWords", away, NOON).startswith(words)


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
        run("rest", "Close", [step("E", 1, "Till", "note", state="done"),
            step("F", 2, "Lock", "timed", mine=False, **far)], **opened),
        run("done", "Alarm", [step("D", 1, "Alarm", "timed", state="done")], **opened),
    ]  # fmt: skip
    parts = call(blank, "/static/js/state.js", "sortRuns", runs, EMPTY, NOON)
    assert {part: [r["id"] for r in found] for part, found in parts.items()} == {
        "need": ["need"],
        "open": ["open"],
        "later": ["later"],
        "rest": ["rest"],
        "done": ["done"],
    }


@pytest.mark.parametrize(
    ("url", "mode", "route"),
    [
        ("/today", "navigate", {"from": "shell", "file": "/today"}),
        ("/today?source=home", "navigate", {"from": "shell", "file": "/today"}),
        ("/run/01J", "navigate", {"from": "shell", "file": "/run/"}),
        ("/approve/01J?do=send_back", "navigate", {"from": "shell", "file": "/approve/"}),
        ("/inbox", "navigate", {"from": "page"}),
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
