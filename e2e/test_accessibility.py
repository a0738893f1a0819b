"""No page has a fault that axe-core can find, in light, dark and glare, narrow and wide."""

from playwright.sync_api import Browser, Page, ViewportSize, expect

from e2e.axe import NARROW, faults
from e2e.daycare import NOTE, NUMBER, PHOTO, TIMED, Daycare
from e2e.measures import wear
from e2e.test_review import gives_photo
from tests.stack import Stack

WIDE: ViewportSize = {"width": 1280, "height": 2400}
STRANGER = ("/", "/start", "/scan", "/sandbox", "/sign-in", "/join", "/styleguide")
OWNER = (
    "/inbox",
    "/gallery",
    "/processes",
    "/fragility",
    "/processes/new",
    "/people",
    "/locations",
    "/away",
    "/also",
    "/password",
)


def faults_of(page: Page, path: str, part: str) -> list[str]:
    """What axe finds there in each look, once this part of the page is to be seen."""
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme="light")
    page.goto(path)
    expect(page.locator(part).first).to_be_visible()
    found = [f"light, narrow: {fault}" for fault in faults(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark, narrow: {fault}" for fault in faults(page)]
    wear(page, "glare")
    found += [f"glare, narrow: {fault}" for fault in faults(page, ["color-contrast"])]
    page.evaluate("delete document.documentElement.dataset.theme")
    page.set_viewport_size(WIDE)
    return found + [f"dark, wide: {fault}" for fault in faults(page)]


def test_no_page_has_a_fault_that_axe_finds(daycare: Daycare) -> None:
    daycare.define(PHOTO, NUMBER, NOTE, TIMED)
    gives_photo(daycare)
    photo, run = daycare.step("Front room ready"), daycare.run()
    ana, olivia = daycare.phone("Ana").page, daycare.phone("Olivia").page
    stranger = daycare.stranger("a stranger").page
    found = [fault for path in STRANGER for fault in faults_of(stranger, path, "main")]
    found += [fault for path in OWNER for fault in faults_of(olivia, path, "main")]
    found += faults_of(olivia, f"/processes/{run.process_id}", "main")
    found += faults_of(olivia, f"/processes/{run.process_id}/rehearsal", ".timeline")
    found += faults_of(olivia, f"/runs/{run.id}", "main")
    found += faults_of(olivia, f"/approve/{photo.id}", ".photo img")
    found += faults_of(ana, "/today", "[data-run]")
    found += faults_of(ana, "/device", "#forget")
    found += faults_of(ana, f"/run/{run.id}", "#value")
    assert not found, "\n".join(found)


def test_axe_is_able_to_find_a_fault(stack: Stack, browser: Browser) -> None:
    page = browser.new_page(base_url=stack.url)
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert [fault for fault in faults(page) if " label: " in fault]
    page.context.close()
