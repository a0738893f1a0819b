"""One state of a page that is looked at: on screenshots, by the ruler, and by axe."""

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

PASSWORD = "correct horse battery"
DOMAIN = "sunflower-daycare.example"
# Who has no account, and keeps something in a sandbox.
VISITOR = "a visitor"
# Ben, on a phone whose server may be made to say something else.
TOLD = "ben, told otherwise"


def follow(*names: str) -> Callable[[Page], None]:
    """Returns what follows the first link of each name, one after another."""

    def go(page: Page) -> None:
        for name in names:
            with page.expect_navigation():
                page.get_by_role("link", name=name).first.click()
            page.wait_for_selector("#loading", state="detached")

    return go


@dataclass(frozen=True)
class Shot:
    """One page: whose, where, and what is done before it is looked at and after that."""

    name: str
    path: str
    person: str | None = None
    before: Callable[[Page], None] = field(default=lambda page: None)
    after: Callable[[Page], None] = field(default=lambda page: None)


def come_to(page: Page, shot: Shot) -> None:
    """Comes to the page in English, in which the way to it is named."""
    page.context.clear_cookies(name="baton-language")
    page.goto(shot.path)
    page.wait_for_selector("#loading", state="detached")
    shot.before(page)
    page.wait_for_load_state("load")


def speak(page: Page, language: str) -> None:
    """Shows the page again as a browser that has chosen the language sees it.

    What has no address of its own is gone then.
    """
    page.context.add_cookies([{"name": "baton-language", "value": language, "url": page.url}])
    page.goto(page.url.partition("#")[0])  # an address with a place in it is not loaded again
    page.wait_for_selector("#loading", state="detached")
    expect(page.locator("html")).to_have_attribute("lang", language)


def sign_in(page: Page, person: str) -> None:
    """Signs a person of the demo in."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{person.partition(',')[0]}@{DOMAIN}")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
