"""A run that goes on without me is not done: who has it now is said first."""

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.facts import ANA, iso, run, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_later import asked

pytestmark = pytest.mark.e2e
DONE = {"by": ANA, "at": iso(-5), "words": "photo", "approved": False}


def today(server: FakeServer, phone: BrowserContext, **last: Any) -> Page:
    """The day of somebody who did the first of two steps; the last one is another's."""
    steps = [
        step("S1", 1, "Front room", "photo", state="done", mine=False, closed=DONE),
        step("S2", 2, "Playground", "note", **{"mine": False} | last),
    ]
    server.runs = [run("R1", "Opening check", steps)]
    page = phone.pages[0]
    page.goto("/today")
    expect(page.locator("[data-run=R1]")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("last", "words", "mark"),
    [
        ({}, "Downtown. With Ben now. Received. Ana, photo", "mark small"),
        (
            {"state": "waiting", "holder": None, "later": asked()},
            "Downtown. Only if Fridge is outside 33 to 41 °F. Received. Ana, photo",
            "mark wait small",
        ),
    ],
)
def test_what_somebody_else_still_has_to_do_is_not_done(
    server: FakeServer, phone: BrowserContext, last: dict[str, Any], words: str, mark: str
) -> None:
    page = today(server, phone, **last)
    expect(page.get_by_role("heading", name="Your part is done")).to_be_visible()
    expect(page.get_by_role("heading", name="Done", exact=True)).to_have_count(0)
    expect(page.locator("[data-run=R1] .who")).to_contain_text(words)
    expect(page.locator("[data-run=R1] .mark")).to_have_class(mark)


def test_what_everybody_has_done_is_done(server: FakeServer, phone: BrowserContext) -> None:
    page = today(server, phone, state="done", closed=DONE)
    expect(page.get_by_role("heading", name="Done", exact=True)).to_be_visible()
    expect(page.locator("[data-run=R1] .mark")).to_have_class("mark done small")


def test_who_did_what_was_missed_is_told_first_of_a_run_that_is_done(
    server: FakeServer, phone: BrowserContext
) -> None:
    late = DONE | {"by": {"id": "P9", "name": "Olivia"}, "words": ""}
    page = today(server, phone, state="done", closed=late, missed_at=iso(-60))
    words = "Downtown. Missed. Received. Olivia. Received. Ana, photo."
    expect(page.locator("[data-run=R1] .who")).to_have_text(words)
