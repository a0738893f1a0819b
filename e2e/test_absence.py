"""Sick in the morning: one press, the backup is told and holds the work, and gives it back."""

from playwright.sync_api import expect

from e2e.daycare import NOTE, Daycare


def test_who_is_sick_hands_the_work_on_with_one_press_and_gets_it_back(daycare: Daycare) -> None:
    daycare.define(NOTE)
    ana, ben = daycare.phone("Ana"), daycare.phone("Ben")
    ben.take_messages()
    page = ana.open("/today")
    page.get_by_role("link", name="I am away").click()
    page.get_by_role("button", name="I am sick today").click()
    expect(page.locator("main")).to_contain_text("You are away today. Ben holds your work.")

    push, shown = ben.notified()
    assert (push["kind"], shown.title) == ("handoff", "Now yours: Gate checked")
    assert "Ana is away." in shown.body
    ben.press(shown)
    theirs = ben.open(ben.opened())
    expect(theirs.locator("#app")).to_contain_text("Yours now, because Ana is away.")

    page = ana.open("/today")
    expect(page.get_by_label("You are away")).to_contain_text("Ben holds your work.")
    page.get_by_role("button", name="I am back").click()
    expect(page.locator("[data-run]")).to_contain_text("Opening check")
    push, shown = ben.notified()
    assert push["kind"] == "handed_back"
    expect(ben.open("/today").locator("#app")).to_contain_text("Nothing is yours right now.")
    step = daycare.step("Gate checked")
    assert (step.level, step.missed_at) == (0, None)
