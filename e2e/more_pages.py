"""Pages and states that are measured besides those whose pictures the documentation shows."""

from playwright.sync_api import Page

from e2e.erasing import ERASING
from e2e.later_steps import LATER
from e2e.readings import READINGS
from e2e.shot import Shot, follow
from e2e.visits import VISITS
from webapp.services.demo.processes import TUITION

WORDS = "Word it for"


def edit(page: Page) -> None:
    """The opening check in the builder, its second step unfolded."""
    follow("Opening check")(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_text("Step 2").first.click()
    page.get_by_text("What it shows").first.wait_for(state="attached")


def ordering(page: Page) -> None:
    """The builder while the order of its steps is being changed."""
    edit(page)
    page.get_by_role("button", name="Change the order").click()


def removed(page: Page) -> None:
    """The builder just after a step was removed."""
    edit(page)
    page.get_by_role("button", name="Remove step 2").click()


def record_broken(page: Page) -> None:
    """The record compared with a head that it does not have."""
    page.get_by_label("A head that you kept").fill(f"3:{'0' * 64}")
    page.get_by_role("button", name="Check the record").click()
    page.locator(".notice.need").wait_for()


def offered(page: Page) -> None:
    """A new process whose two steps are offered a proof, one folded and one not."""
    page.locator("#step-1-title").fill("Fridge temperature below 5 °C")
    page.locator("#step-1-title").press("Enter")
    page.locator("#step-2-title").fill("Count the till")
    page.locator(".step-offer").nth(1).wait_for()


def faulty(page: Page) -> None:
    """The builder with a summary of what is wrong in it."""
    edit(page)
    page.locator("#step-2-title").fill("")
    page.get_by_label("Due at").fill("")
    page.locator("#grace").fill("-5")
    page.get_by_role("button", name="Save the process").last.click()
    page.locator(".summary").wait_for()


def changing(page: Page) -> None:
    """The builder with what saving would change."""
    edit(page)
    page.get_by_label("Due at").fill("07:00")
    page.get_by_role("button", name="See what changes").click()
    page.locator("#changes").wait_for()


def meanwhile(page: Page) -> None:
    """The builder after another window changed the same and more; that change is undone at once."""
    follow("Opening check")(page)
    page.get_by_role("link", name="Edit", exact=True).click()
    other = page.context.new_page()
    other.goto(page.url)
    for each, due, title in ((other, "06:40", "Hall ready"), (page, "06:50", "All rooms ready")):
        each.get_by_label("Due at").fill(due)
        each.locator("#steps > li > details > summary").first.click()
        each.locator("#step-1-title").fill(title)
    other.get_by_label("The owner looks at every proof").check()
    other.get_by_role("button", name="Save the process").click()
    page.get_by_role("button", name="Save the process").click()
    page.locator("#meanwhile").wait_for()
    other.get_by_role("button", name="Undo").click()
    other.close()


def versions(page: Page) -> None:
    """Two versions side by side; the second is made once, and undone."""
    everything = page.get_by_role("link", name="All versions, side by side")
    page.get_by_role("link", name="Opening check").first.click()
    page.get_by_role("heading", name="Versions").wait_for()
    if not everything.count():
        page.goto("/processes")
        changing(page)
        page.get_by_role("button", name="Save the process").click()
        page.get_by_role("button", name="Undo").click()
    everything.click()
    page.get_by_role("heading", name="All versions").wait_for()


def wording(page: Page) -> None:
    """The words of a place for the steps of a process that is done at two."""
    page.get_by_role("link", name=TUITION).first.click()
    if not page.get_by_role("link", name=WORDS).count():
        page.get_by_role("link", name="Edit", exact=True).click()
        page.get_by_label("Yes, its manager may").first.check()
        page.get_by_role("button", name="Save the process").click()
    page.get_by_role("link", name=WORDS).first.click()
    page.get_by_role("button", name="Save the words").wait_for()


MORE = (
    *VISITS,
    *LATER,
    *READINGS,
    *ERASING,
    Shot("wording", "/processes", "olivia", wording),
    Shot("change", "/processes", "olivia", changing),
    Shot("meanwhile", "/processes", "olivia", meanwhile),
    Shot("steps-order", "/processes", "olivia", ordering),
    Shot("steps-undo", "/processes", "olivia", removed),
    Shot("steps-offer", "/processes/new", "olivia", offered),
    Shot("process-wrong", "/processes", "olivia", faulty),
    Shot("import", "/import"),
    Shot("start", "/start"),
    Shot("scan", "/scan"),
    Shot("scan-example", "/scan/example"),
    Shot("sandbox", "/sandbox"),
    Shot("fragility", "/fragility", "olivia"),
    Shot("record-broken", "/record", "olivia", record_broken),
    Shot("join", "/join"),
    Shot("password", "/password", "olivia"),
    Shot("you", "/me", "olivia"),
    Shot("noticed", "/processes", "olivia", follow("Fridge temperatures")),
    Shot("you-noticed", "/me", "lin"),
    Shot("kiosks", "/kiosks", "olivia"),
    Shot("away", "/away", "ben"),
    Shot("also", "/also", "olivia"),
    Shot("not-found", "/nothing", "olivia"),
    Shot("styleguide", "/styleguide"),
)
