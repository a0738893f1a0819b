"""The pages on which what is kept of somebody goes, and how long photos are kept."""

from playwright.sync_api import Page

from e2e.shot import Shot

FORMER = "Kim Sandoval"


def gone(page: Page) -> None:
    """Somebody was invited once and left, and is about to be erased."""
    if not page.get_by_role("heading", name=FORMER).count():
        page.get_by_label("Name").fill(FORMER)
        page.get_by_label("Staff").check()
        page.get_by_role("button", name="Make the invitation link").click()
        who = page.get_by_role("listitem").filter(has_text=FORMER)
        who.get_by_text("More").click()
        who.get_by_text("Deactivate").first.click()
        who.get_by_role("button", name=f"Deactivate {FORMER}").click()
    who = page.get_by_role("listitem").filter(has_text=FORMER)
    who.get_by_role("link", name="Erase …").click()
    page.get_by_role("button", name="Erase for good").wait_for()


def refused(page: Page) -> None:
    """The same with another name typed."""
    gone(page)
    page.get_by_label("Type the name").fill("Kim")
    page.get_by_role("button", name="Erase for good").click()
    page.locator(".summary").wait_for()


def still_here(page: Page) -> None:
    """Somebody who works here and stands in a chain: what must be settled first."""
    ana = page.locator("li.member").filter(has=page.get_by_role("heading", name="Ana"))
    person = str(ana.first.get_attribute("id")).removeprefix("person-")
    page.goto(f"/people/{person}/erase")
    page.get_by_role("heading", name="First settle this").wait_for()


ERASING = (
    Shot("erase", "/people", "olivia", gone),
    Shot("erase-typed", "/people", "olivia", refused),
    Shot("erase-first", "/people", "olivia", still_here),
    Shot("keeping", "/keeping", "olivia"),
)
