"""A real push in a real browser: sent by the worker, opened by Firefox alone, pressed on."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from e2e.daycare import NOTE, PASSWORD, Daycare
from e2e.firefox import Firefox
from tests.autopush import Autopush
from tests.stack import Stack, until
from webapp.models import OutboxMessage, Receipt

DELIVERED = 100


@pytest.fixture
def autopush() -> Iterator[Autopush]:
    """The browser maker's push service."""
    with Autopush() as service:
        yield service


@pytest.fixture
def firefox(stack: Stack, autopush: Autopush, tmp_path: Path) -> Iterator[Firefox]:
    """A new Firefox, with an empty page."""
    with closing(Firefox(tmp_path, stack.url, autopush.url)) as opened:
        opened.start()
        yield opened


def takes_messages(firefox: Firefox, daycare: Daycare, autopush: Autopush, name: str) -> None:
    """This person signs in, presses the button that lets this browser be told, and is tried out."""
    daycare.phone(name)
    firefox.open("/sign-in?next=/today")
    signs_in(firefox, daycare, name)
    firefox.until_at("/today")
    firefox.press_button("Tell me when something becomes mine")
    firefox.until_says("The test message came.")
    firefox.press(firefox.shows("Test message"))
    autopush.mailbox.notices.clear()


def signs_in(firefox: Firefox, daycare: Daycare, name: str) -> None:
    """This person fills in the sign-in page."""
    firefox.write("E-mail", daycare.mail_of(name))
    firefox.write("Password", PASSWORD)
    firefox.press_button("Sign in")


def shows_the_step(firefox: Firefox) -> None:
    """The page shows the step, and why it is there."""
    firefox.until_says("Yours now, because Ana did not get to it.")


def follows_the_alert(firefox: Firefox, daycare: Daycare) -> str:
    """The alert is on the screen, and a press on it leads to the step; its address."""
    alert = firefox.shows("Now yours: Gate checked")
    assert alert.body == "Opening check, Downtown, due 07:15. Ana did not get to it."
    firefox.press(alert)
    step = daycare.step("Gate checked")
    address = f"/run/{step.run_id}#{step.id}"
    assert firefox.opened() == address
    return address


def receipt_of(daycare: Daycare) -> Receipt:
    """How far the one message of this organisation came, once it was opened."""
    query = select(Receipt).join(OutboxMessage, OutboxMessage.id == Receipt.message_id)
    mine = query.where(
        OutboxMessage.org_id == daycare.run().org_id, OutboxMessage.kind == "handoff"
    )

    def opened() -> list[Receipt]:
        with daycare.stack.database() as session:
            return [each for each in session.scalars(mine) if each.opened_at]

    until(opened, "the message is opened")
    [receipt] = opened()
    return receipt


def test_a_missed_step_is_told_on_the_screen_of_a_browser_with_no_page_open(
    daycare: Daycare, firefox: Firefox, autopush: Autopush
) -> None:
    daycare.define(NOTE)
    takes_messages(firefox, daycare, autopush, "Ben")
    firefox.leave()
    daycare.advance(minutes=34)
    assert not autopush.notices

    daycare.advance(minutes=1)
    follows_the_alert(firefox, daycare)
    shows_the_step(firefox)
    [notice] = autopush.notices
    until(lambda: notice.code == DELIVERED, "the browser has acknowledged the push")
    assert firefox.alerts() == []
    assert b"Gate checked" not in notice.body
    receipt = receipt_of(daycare)
    assert receipt.accepted_at
    assert receipt.reached_at
    daycare.nobody_else_was_told()


def test_a_browser_that_was_closed_is_told_as_soon_as_it_is_opened(
    daycare: Daycare, firefox: Firefox, autopush: Autopush
) -> None:
    daycare.define(NOTE)
    takes_messages(firefox, daycare, autopush, "Ben")
    firefox.close()
    daycare.advance(minutes=35)
    [notice] = autopush.notices
    assert notice.code is None

    firefox.start()
    follows_the_alert(firefox, daycare)
    shows_the_step(firefox)
    until(lambda: notice.code == DELIVERED, "the browser has acknowledged the push")
    assert autopush.notices == [notice]
    assert receipt_of(daycare).reached_at
    daycare.nobody_else_was_told()


def test_a_browser_that_lost_its_session_comes_to_the_step_by_signing_in(
    daycare: Daycare, firefox: Firefox, autopush: Autopush
) -> None:
    daycare.define(NOTE)
    takes_messages(firefox, daycare, autopush, "Ben")
    firefox.forget_session()
    firefox.leave()
    daycare.advance(minutes=35)
    address = follows_the_alert(firefox, daycare)
    firefox.until_says("Sign in to see this run.")

    firefox.follow("Sign in")
    signs_in(firefox, daycare, "Ben")
    firefox.until_at(address)
    shows_the_step(firefox)
