"""`make screenshots`: every main page of the demo daycare, as it looks on three kinds of screen.

The pictures of the README are made by it; it is also how a change is looked at. Usage:
`python -m e2e.screenshots [DIRECTORY] [PAGE ...]`; each file is named PAGE-SCREEN.webp.
"""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import ARGS, CHROMIUM
from tests.stack import Stack

PASSWORD = "correct horse battery"
DOMAIN = "sunflower-daycare.example"
DIRECTORY = Path("docs/screenshots")
SCREENS = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
# 07:25 in Chicago on a Monday: the opening check was missed, and lies with the backup.
TOO_LATE = "2026-11-23T13:25:00+00:00"
QUALITY = 70


@dataclass(frozen=True)
class Shot:
    """One page: whose, where, and what is done before it is looked at."""

    name: str
    path: str
    person: str | None = None
    before: Callable[[Page], None] = field(default=lambda page: None)


def _follow(heading: str) -> Callable[[Page], None]:
    def follow(page: Page) -> None:
        page.get_by_role("link", name=heading).first.click()
        page.wait_for_load_state("networkidle")

    return follow


def _draft(page: Page) -> None:
    sentence = "Every weekday before 9 Maria follows up with new leads; sometimes James covers"
    page.get_by_label("Type one recurring task").fill(sentence)
    page.get_by_role("button", name="See the draft").click()
    page.locator("#draft").wait_for()


SHOTS = (
    Shot("front", "/"),
    Shot("draft", "/", before=_draft),
    Shot("sign-in", "/sign-in"),
    Shot("today", "/today", "ben"),
    Shot("run", "/today", "ben", _follow("Opening check")),
    Shot("device", "/device", "ben"),
    Shot("inbox", "/inbox", "olivia"),
    Shot("approve", "/inbox", "olivia", _follow("Review")),
    Shot("gallery", "/gallery?days=7", "olivia"),
    Shot("processes", "/processes", "olivia"),
    Shot("process", "/processes", "olivia", _follow("Opening check")),
    Shot("new-process", "/processes/new", "olivia"),
    Shot("people", "/people", "olivia"),
    Shot("locations", "/locations", "olivia"),
    Shot("devices", "/devices", "olivia"),
)


@contextmanager
def demo() -> Iterator[Stack]:
    """The demo daycare on a Monday morning that began without Ana."""
    with tempfile.TemporaryDirectory() as directory, Stack(Path(directory)) as stack:
        stack.cli("seed", "demo", "--password", PASSWORD)
        stack.start()
        stack.cli("clock", "set", TOO_LATE)
        stack.cli("tick")
        yield stack


def sign_in(page: Page, person: str) -> None:
    """Signs a person of the demo in."""
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(f"{person}@{DOMAIN}")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def kept(picture: bytes, path: Path) -> None:
    """Writes a screenshot small."""
    Image.open(io.BytesIO(picture)).save(path, "WEBP", quality=QUALITY, method=6)


class _People:
    """A browser for each person, all with the same screen."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int]) -> None:
        self._browser, self._url, self._size = browser, url, size
        self._open: dict[str | None, BrowserContext] = {}

    def page(self, person: str | None) -> Page:
        if person in self._open:
            return self._open[person].pages[0]
        width, height = self._size
        context = self._browser.new_context(
            base_url=self._url, viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        self._open[person] = context
        page = context.new_page()
        if person:
            sign_in(page, person)
        return page

    def close(self) -> None:
        for context in self._open.values():
            context.close()


def take(browser: Browser, stack: Stack, directory: Path, wanted: set[str]) -> None:
    """Looks at each wanted page (all, when none is named) on each screen."""
    directory.mkdir(parents=True, exist_ok=True)
    for screen, size in SCREENS.items():
        people = _People(browser, stack.url, size)
        for shot in SHOTS:
            if wanted and shot.name not in wanted:
                continue
            page = people.page(shot.person)
            page.goto(shot.path)
            page.wait_for_load_state("networkidle")
            shot.before(page)
            kept(page.screenshot(full_page=True), directory / f"{shot.name}-{screen}.webp")
        people.close()


def main(arguments: list[str]) -> None:
    """Makes the pictures that the arguments name."""
    directory = Path(arguments[0]) if arguments else DIRECTORY
    with demo() as stack, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        take(browser, stack, directory, set(arguments[1:]))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
