"""What a visitor without an account comes to: the scan, its read, and drafts in a sandbox."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.shot import VISITOR, Shot


def title(page: Page, words: str) -> None:
    """Waits for the page of this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def go_on(page: Page) -> None:
    """Goes to the next screen of the scan."""
    page.get_by_role("button", name="Go on").click()


def answer(page: Page, task: str, words: str) -> None:
    """Taps an answer about one task."""
    page.get_by_role("group", name=task).get_by_label(words).check()


def scan(page: Page) -> None:
    """From the front page to the read, by tapping."""
    page.goto("/")
    page.get_by_role("link", name="Where is your business fragile?").click()
    title(page, "Your business")
    page.get_by_label("Daycare or school").check()
    page.get_by_label("What do people call you?").fill("Mara")
    page.get_by_label("Who works with you?").fill("Maria, James")
    go_on(page)
    title(page, "What comes round again and again?")
    page.get_by_label("Fridge temperatures").check()
    page.get_by_label("Locking up").check()
    page.get_by_label("What else runs through your head?").fill("Medicine list")
    go_on(page)
    title(page, "How often does it come round?")
    answer(page, "Medicine list", "Every weekday")
    go_on(page)
    for task in ("Fridge temperatures", "Locking up", "Medicine list"):
        of_task = page.get_by_role("region", name=task)
        of_task.get_by_role("group", name="Who does it?").get_by_label("Maria").check()
    of_task = page.get_by_role("region", name="Fridge temperatures")
    of_task.get_by_role("group", name="Who takes over").get_by_label("Nobody yet").check()
    go_on(page)
    answer(page, "Fridge temperatures", "Not for days")
    go_on(page)
    go_on(page)
    answer(page, "Fridge temperatures", "Somebody is hurt, or the law is broken")
    go_on(page)
    title(page, "What comes to you?")
    page.get_by_role("button", name="Show the read").click()
    title(page, "Where it is most fragile")


def _read(page: Page) -> None:
    """The read of a scan that is taken once."""
    page.goto("/scan/read")
    if not page.locator(".read").count():
        scan(page)


def _asked(screen: int) -> Callable[[Page], None]:
    def show(page: Page) -> None:
        _read(page)
        page.goto(f"/scan?screen={screen}")

    return show


def _drafts(page: Page) -> None:
    """Two kept drafts, one of which can run."""
    page.goto("/sandbox")
    if page.locator(".item").count() < 2:
        _keep(page, 0, {})
        _keep(page, 1, {"Backup": "James", "Due at": "09:00"})
    page.goto("/sandbox")


def _keep(page: Page, number: int, said: dict[str, str]) -> None:
    _read(page)
    with page.expect_event("load"):
        page.get_by_role("button", name="the draft that would mend it").nth(number).click()
    for label, words in said.items():
        page.get_by_label(label, exact=True).fill(words)
    with page.expect_event("load"):
        page.get_by_role("button", name="Keep this draft").click()


def _draft(page: Page) -> None:
    _drafts(page)
    page.locator(".item h2 a").first.click()
    page.get_by_role("button", name="Keep this draft").wait_for()


def _rehearsal(page: Page) -> None:
    _drafts(page)
    page.get_by_role("link", name="What if nobody does it?").first.click()
    title(page, "If nobody does it")


READ = Shot("scan-read", "/scan", VISITOR, _read)
VISITS = (
    Shot("scan-tasks", "/scan", VISITOR, _asked(2)),
    Shot("scan-people", "/scan", VISITOR, _asked(4)),
    Shot("drafts", "/scan", VISITOR, _drafts),
    Shot("kept-draft", "/scan", VISITOR, _draft),
    Shot("visitor-rehearsal", "/scan", VISITOR, _rehearsal),
)
