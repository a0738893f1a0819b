"""Whoever closes a step at the tablet that had failed is asked once, beside the next step."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.fake_kiosk import FakeKiosk
from tests.browser.kiosk.hands import ANA, board, name_and_pin, until_sent, writes_note

pytestmark = pytest.mark.e2e
SENTENCE = "“Playground walk” had failed. What was done about it?"


@pytest.fixture
def closed(tablet: Page, server: FakeKiosk) -> Page:
    """Ana has closed the playground walk, which had been missed."""
    step = server.runs[0]["steps"][2]
    step.update(missed_at=step["deadline_at"], asks_fix=True)
    tablet.goto("/kiosk")
    board(tablet)
    name_and_pin(tablet, "Ana", ANA)
    writes_note(tablet, "All well")
    expect(tablet.get_by_text(SENTENCE)).to_be_visible()
    return tablet


def _is_gone(page: Page) -> None:
    expect(page.get_by_text(SENTENCE)).to_have_count(0)


def test_its_words_are_written_where_it_was_done(closed: Page, server: FakeKiosk) -> None:
    for each in ("Add a fix note", "Not now"):
        assert closed.get_by_role("button", name=each).bounding_box()["height"] >= 64
    closed.get_by_role("button", name="Add a fix note").tap()
    closed.get_by_label("What was done about it?").fill("Swept the sand.")
    closed.get_by_role("button", name="Save the fix note").tap()
    until_sent(server, 2)
    assert [each.get("text") for each in server.received] == [None, "Swept the sand."]
    _is_gone(closed)


def test_the_next_step_is_open_meanwhile_and_no_answer_is_one_too(
    closed: Page, server: FakeKiosk
) -> None:
    closed.get_by_role("button", name="Not now").tap()
    _is_gone(closed)
    expect(closed.get_by_label("What was done about it?")).to_have_count(0)
    until_sent(server, 1)


def test_it_is_not_asked_again_at_the_next_turn(closed: Page) -> None:
    closed.get_by_role("button", name="Done here").tap()
    board(closed)
    name_and_pin(closed, "Ana", ANA)
    _is_gone(closed)
