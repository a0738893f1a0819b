"""Steps that open later: on a phone, on the tablet on the wall, and on the pages of an owner.

On a phone and a tablet the demo's opening check is told as if its steps waited for one another.
"""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Route, expect

from e2e.shot import TOLD, Shot, follow

OPENING, LUNCH = "Opening check", "Lunch allergy check"
TODAY = "**/api/v1/today"
# 09:30 in Chicago, and an hour later.
OPENS, DUE = "2026-11-23T15:30:00Z", "2026-11-23T16:30:00Z"
# What makes a step the one that Ben holds.
HELD = ("state", "mine", "holder", "level", "handed_over", "missed_at", "escalate_at", "closed")


def _later(text: str, opens_at: str | None = None, **values: str) -> dict[str, Any]:
    said = [{"text": text, "values": values}]
    return {"opens_at": opens_at, "said": said, "only_if": None, "after": None}


def runs(day: dict[str, Any]) -> list[dict[str, Any]]:
    """The opening check of a day."""
    return [run for run in day["runs"] if run["process"] == OPENING]


def in_a_row(day: dict[str, Any]) -> None:
    """One step is open, one waits for its answer, one is not needed, and one has its time."""
    for run in runs(day):
        first, asks, spared, follows = run["steps"]
        title = first["title"]
        first |= {key: spared.get(key) for key in HELD if key in spared}
        asks |= _waiting(_later("Only if %(step)s is marked not applicable", step=title))
        asks["later"]["only_if"] = {"step": first["id"], "skipped": True, "inside": False}
        spared |= _spared(title)
        follows |= _waiting(_later("Opens %(wait)s after %(step)s", OPENS, wait="2 h", step=title))
        follows |= {"deadline_at": DUE}


def one_left(day: dict[str, Any]) -> None:
    """All is done or not needed but for the last step, whose time has not come."""
    in_a_row(day)
    for run in runs(day):
        for step in run["steps"][:3]:
            step |= _spared(run["steps"][0]["title"])


def _waiting(later: dict[str, Any]) -> dict[str, Any]:
    return {"state": "waiting", "holder": None, "mine": True, "missed_at": None, "later": later} | {
        "handed_over": None,
    }


def _spared(title: str) -> dict[str, Any]:
    later = _later("Not needed: %(step)s was done", step=title)
    return {"state": "skipped", "later": later, "closed": None}


def told(
    change: Callable[[dict[str, Any]], None],
    way: str,
    sign: str = "Opens at 09:30",
    process: str = OPENING,
) -> Callable[[Page], None]:
    """The day of a phone with something changed in what the server says, there and in its run.

    The change is there when its sign can be read.
    """

    def changed(route: Route) -> None:
        answer = route.fetch()
        day = answer.json()
        change(day)
        route.fulfill(response=answer, body=json.dumps(day))

    def show(page: Page) -> None:
        page.route(TODAY, changed)
        page.route("**/api/v1/runs/*", lambda route: route.abort())
        page.goto("/today")
        row = page.locator("[data-run]", has_text=process).first
        expect(page.get_by_text(sign).first).to_be_visible(timeout=20_000)
        if way == "run":
            row.get_by_role("link").first.click()
            expect(page.locator("[data-step]").first).to_be_visible()

    return show


def over(page: Page) -> None:
    """The server is asked again itself."""
    page.unroute_all(behavior="wait")


def _edit(page: Page) -> None:
    """The step that follows another, unfolded in the builder."""
    follow(LUNCH)(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_text("Step 4").first.click()
    page.get_by_text("When it opens").last.scroll_into_view_if_needed()


LATER = (
    Shot("later-run", "/today", TOLD, told(in_a_row, "run"), over),
    Shot("later-today", "/today", TOLD, told(one_left, "today"), over),
    Shot("later-process", "/processes", "olivia", follow(LUNCH)),
    Shot("later-rehearsal", "/processes", "olivia", follow(LUNCH, "Rehearse it")),
    Shot("later-edit", "/processes", "olivia", _edit),
)
