"""The owner decides on exactly the photo that was seen: on the page, and on the notification."""

import re
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from e2e.daycare import PHOTO, Daycare
from e2e.phone import Notification, Phone
from e2e.test_proofs import take_photo
from webapp.models import Receipt, Review

TITLE = "Front room ready"


def gives_photo(daycare: Daycare, after: float = 0) -> None:
    """Ana takes the photo, and the server has it."""
    page = daycare.phone("Ana").open("/today")
    page.get_by_role("link", name=re.compile("Take the photo")).click()
    take_photo(page, after)
    daycare.until_step(TITLE, "in_review")


def is_asked(olivia: Phone) -> tuple[dict[str, Any], Notification]:
    """The push about the photo, as the owner's browser shows it."""
    push, shown = olivia.notified()
    assert (push["kind"], shown.title) == ("review", f"To review: {TITLE}")
    assert shown.body.startswith("Ana, Opening check, Downtown.")
    assert shown.actions == ["Approve", "Send back"]
    assert olivia.context.request.get(push["image"]).headers["content-type"] == "image/jpeg"
    return push, shown


def decisions(daycare: Daycare) -> list[str]:
    """What was decided so far on the step's proofs."""
    with daycare.stack.database() as session:
        query = select(Review).where(Review.step_run_id == daycare.step(TITLE).id)
        return [review.decision for review in session.scalars(query.order_by(Review.at))]


def sees_the_photo(page: Page) -> None:
    """The photo itself is on the screen, not only its frame."""
    expect(page.get_by_role("button", name="Approve")).to_be_enabled()
    photo = page.get_by_role("img", name=f"Photo of {TITLE}", exact=True)
    assert photo.evaluate("image => image.complete && image.naturalWidth > 0")


def test_sent_back_done_again_and_approved_on_the_page(daycare: Daycare) -> None:
    daycare.define(PHOTO)
    ana, olivia = daycare.phone("Ana"), daycare.phone("Olivia")
    for phone in (ana, olivia):
        phone.take_messages()
    gives_photo(daycare)
    stale, shown = is_asked(olivia)
    olivia.press(shown)
    address = olivia.opened()
    page = olivia.open(address)
    sees_the_photo(page)

    second = olivia.context.new_page()
    second.goto(address)
    second.get_by_role("button", name="Send back with a reason").click()
    second.get_by_role("button", name="Send back", exact=True).click()
    expect(second.locator("#app")).to_contain_text("Write a reason, so that it can be done right.")
    second.get_by_label("What should Ana do again?").fill("The floor is not in it")
    second.get_by_role("button", name="Send back", exact=True).click()
    expect(second.locator("#app")).to_contain_text("Sent back by Olivia")
    second.close()

    daycare.advance(seconds=10)
    push, shown = ana.notified()
    assert (push["kind"], shown.title) == ("sent_back", f"Sent back: {TITLE}")
    assert shown.body == "Olivia: The floor is not in it"
    again = ana.open("/today")
    expect(again.locator("#app")).to_contain_text("Sent back by Olivia: The floor is not in it")
    assert daycare.step(TITLE).attempt == 2
    gives_photo(daycare, after=1)

    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("The proof was replaced meanwhile.")
    assert (daycare.step(TITLE).state, decisions(daycare)) == ("in_review", ["send_back"])
    is_asked(olivia)
    olivia.press(olivia.deliver(stale), "approve")
    assert olivia.shows("The photo was replaced. Look again.").data["url"] == address
    assert (daycare.step(TITLE).state, decisions(daycare)) == ("in_review", ["send_back"])

    sees_the_photo(page)
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("#app")).to_contain_text("Approved by Olivia")
    assert (daycare.step(TITLE).state, decisions(daycare)) == ("done", ["send_back", "approve"])
    expect(ana.open("/today").locator("#app")).to_contain_text("Approved. Ana, photo")
    daycare.nobody_else_was_told()


def test_approved_by_the_button_of_the_notification(daycare: Daycare) -> None:
    daycare.define(PHOTO)
    olivia = daycare.phone("Olivia")
    olivia.take_messages()
    gives_photo(daycare)
    push, shown = is_asked(olivia)
    olivia.press(shown, "approve")
    assert olivia.shows("Approved.").body == f"To review: {TITLE}"
    assert [each.title for each in olivia.shown()] == ["Approved."]
    assert decisions(daycare) == ["approve"]
    step = daycare.until_step(TITLE, "done")
    assert (step.level, daycare.run().state) == (0, "closed")

    with daycare.stack.database() as session:
        [receipt] = session.scalars(select(Receipt).where(Receipt.message_id == push["id"]))
    assert receipt.accepted_at
    assert receipt.reached_at
    daycare.nobody_else_was_told()


def test_sending_back_on_the_notification_leads_to_the_page_that_asks_for_the_reason(
    daycare: Daycare,
) -> None:
    daycare.define(PHOTO)
    olivia = daycare.phone("Olivia")
    olivia.take_messages()
    gives_photo(daycare)
    _, shown = is_asked(olivia)
    olivia.press(shown, "send_back")
    page = olivia.open(olivia.opened())
    page.get_by_label("What should Ana do again?").fill("Closer, please")
    page.get_by_role("button", name="Send back", exact=True).click()
    expect(page.locator("#app")).to_contain_text("Sent back by Olivia")
    assert decisions(daycare) == ["send_back"]
    assert daycare.step(TITLE).state == "open"
    daycare.advance(seconds=10)
    daycare.nobody_else_was_told()
