"""One state of a page that is looked at: on screenshots, by the ruler, and by axe."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page

PASSWORD = "correct horse battery"
DOMAIN = "sunflower-daycare.example"


@dataclass(frozen=True)
class Shot:
    """One page: whose, where, and what is done before it is looked at and after that."""

    name: str
    path: str
    person: str | None = None
    before: Callable[[Page], None] = field(default=lambda page: None)
    after: Callable[[Page], None] = field(default=lambda page: None)


def sign_in(page: Page, person: str) -> None:
    """Signs a person of the demo in."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{person}@{DOMAIN}")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
