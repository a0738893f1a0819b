"""A missed step moves by itself, one person at a time, and each one is told on their device."""

from playwright.sync_api import expect
from sqlalchemy import select

from e2e.daycare import NOTE, Daycare
from e2e.phone import Phone
from webapp.models import Handoff


def takes_over(phone: Phone, before: str) -> None:
    """The push is shown, and a press on it leads to the step, which is this person's now."""
    push, shown = phone.notified()
    assert (push["kind"], shown.title) == ("handoff", "Now yours: Gate checked")
    assert shown.body.startswith("Opening check, Downtown, due 07:15.")
    assert f"{before} did not get to it." in shown.body
    phone.press(shown)
    page = phone.open(phone.opened())
    expect(page.locator("#app")).to_contain_text(f"Yours now, because {before} did not get to it.")
    expect(page.get_by_role("button", name="Save the note")).to_be_visible()


def test_a_missed_step_goes_from_assignee_to_backup_to_fallback_to_owner(
    daycare: Daycare,
) -> None:
    daycare.define(NOTE)
    ana, ben, fay, olivia = (daycare.phone(who) for who in ("Ana", "Ben", "Fay", "Olivia"))
    for phone in (ana, ben, fay, olivia):
        phone.take_messages()
    expect(ana.page.locator("#app")).to_contain_text("You hold it. Ben at 07:20.")

    daycare.advance(minutes=34)
    daycare.nobody_else_was_told()
    daycare.advance(minutes=1)
    takes_over(ben, "Ana")
    daycare.nobody_else_was_told()
    daycare.advance(minutes=19)
    daycare.nobody_else_was_told()
    daycare.advance(minutes=1)
    takes_over(fay, "Ben")
    daycare.nobody_else_was_told()
    daycare.advance(minutes=30)
    takes_over(olivia, "Fay")
    daycare.advance(hours=3)
    daycare.nobody_else_was_told()

    olivia.open("/inbox").get_by_role("link", name="Do it").click()
    expect(olivia.page.get_by_role("heading", name="Opening check")).to_be_visible()
    olivia.page.get_by_label("Note").fill("Latched at last")
    olivia.page.get_by_role("button", name="Save the note").click()
    step = daycare.until_step("Gate checked", "done")
    page = ana.open("/today")
    expect(page.locator("#app")).to_contain_text("Nothing is yours right now.")

    with daycare.stack.database() as session:
        moves = select(Handoff).where(Handoff.step_run_id == step.id).order_by(Handoff.level)
        told = [
            (each.level, each.from_person.name, each.to_person.name, each.reason)
            for each in session.scalars(moves)
        ]
    assert told == [
        (1, "Ana", "Ben", "missed"),
        (2, "Ben", "Fay", "missed"),
        (3, "Fay", "Olivia", "missed"),
    ]
    assert f"OK {daycare.name}:" in daycare.stack.cli("record", "verify")
    daycare.nobody_else_was_told()
