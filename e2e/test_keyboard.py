"""Everything is reached and pressed by keyboard alone: a step closed, a proof approved."""

from playwright.sync_api import Page, expect

from e2e.daycare import NOTE, PHOTO, Daycare
from e2e.test_review import gives_photo

FARTHEST = 80
# What has the keyboard now, by what it is called, and whether the eye can see that it has it.
FOCUSED = """() => {
  const at = document.activeElement;
  const ring = getComputedStyle(at);
  const label = at.labels?.[0]?.textContent || at.getAttribute("aria-label") || at.textContent;
  const seen = ring.outlineStyle !== "none" && parseFloat(ring.outlineWidth) >= 2;
  return [label.trim(), seen];
}"""


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until something so named has the keyboard; each stop on the way is to be seen."""
    for _ in range(FARTHEST):
        page.keyboard.press("Tab")
        called, is_seen = page.evaluate(FOCUSED)
        if page.evaluate("document.activeElement !== document.body"):
            assert is_seen, f"{called!r} has the keyboard and does not show it"
        if called.startswith(name):
            return
    raise AssertionError(f"{name!r} cannot be reached by keyboard")


def test_a_note_is_written_and_kept_by_keyboard_alone(daycare: Daycare) -> None:
    daycare.define(NOTE)
    page = daycare.phone("Ana").page
    page.goto("/today")
    expect(page.locator("[data-run]")).to_be_visible()
    tab_to(page, "Opening check")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Gate checked")).to_be_visible()
    tab_to(page, "Note")
    page.keyboard.type("Oiled")
    tab_to(page, "Save the note")
    page.keyboard.press("Enter")
    assert daycare.until_step("Gate checked", "done").closed_by.name == "Ana"


def test_a_proof_is_approved_by_keyboard_alone(daycare: Daycare) -> None:
    daycare.define(PHOTO)
    gives_photo(daycare)
    page = daycare.phone("Olivia").page
    page.goto("/inbox")
    tab_to(page, "Review")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Front room ready")).to_be_visible()
    tab_to(page, "Approve")
    page.keyboard.press("Enter")
    daycare.until_step("Front room ready", "done")
