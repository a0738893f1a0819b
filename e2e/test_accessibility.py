"""No page has a fault that axe-core can find, in light and in dark."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from e2e.daycare import NOTE, NUMBER, PHOTO, TIMED, Daycare
from e2e.phone import SIZE
from e2e.test_review import gives_photo

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE: ViewportSize = {"width": 1280, "height": 900}
EVERYBODY = ("/", "/start", "/sign-in")
MANAGERS = ("/inbox", "/processes", "/processes/new", "/people", "/locations")


def faults(page: Page) -> list[str]:
    """What axe finds, one sentence each."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [
        f"{page.url} {each['id']}: {each['help']} {[node['html'][:200] for node in each['nodes']]}"
        for each in found
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible(daycare: Daycare, scheme: Literal["light", "dark"]) -> None:
    daycare.define(PHOTO, NUMBER, NOTE, TIMED)
    gives_photo(daycare)
    ana, olivia = daycare.phone("Ana").page, daycare.phone("Olivia").page
    photo = daycare.step("Front room ready")
    reading = daycare.step("Fridge temperature")
    stranger = daycare.stranger("a stranger").page
    for page in (ana, olivia, stranger):
        page.emulate_media(color_scheme=scheme)
    visits = [(stranger, path, "main") for path in EVERYBODY]
    visits += [(olivia, path, "main") for path in MANAGERS]
    visits += [
        (olivia, f"/runs/{daycare.run().id}", "main"),
        (olivia, f"/processes/{daycare.run().process_id}", "main"),
        (ana, "/today", ".card"),
        (ana, f"/run/{photo.run_id}#{reading.id}", "#value"),
        (olivia, f"/approve/{photo.id}", ".photo img"),
    ]
    found = []
    for page, path, part in visits:
        page.goto(path)
        expect(page.locator(part).first).to_be_visible()
        found += faults(page)
        page.set_viewport_size(WIDE if page.viewport_size == SIZE else SIZE)
        found += faults(page)
    assert not found, "\n".join(found)
