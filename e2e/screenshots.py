"""`make screenshots`: every main page of the demo daycare, as it looks on three kinds of screen.

The pictures of the README are made by it; it is also how a change is looked at. Usage:
`python -m e2e.screenshots [DIRECTORY] [PAGE ...]`; each file is named PAGE-SCREEN.webp.
"""

import io
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from e2e.kiosk_states import BARE, GLASS, PICTURED, STATES, TABLET, open_tablet
from e2e.more_pages import MORE, edit, versions
from e2e.noticed import notice
from e2e.shot import PASSWORD, TOLD, VISITOR, Shot, follow, sign_in
from e2e.visits import READ
from tests.chromium import ARGS, CHROMIUM
from tests.stack import Stack

DIRECTORY = Path("docs/screenshots")
SCREENS = {"phone": (390, 844), "tablet": (1024, 768), "desktop": (1440, 900)}
# 07:25 in Chicago on a Monday: the opening check was missed, and lies with the backup.
TOO_LATE = "2026-11-23T13:25:00+00:00"
QUALITY = 70


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
    Shot("run", "/today", "ben", follow("Opening check")),
    Shot("device", "/device", "ben"),
    Shot("inbox", "/inbox", "olivia"),
    Shot("week", "/week?week=2026-W47", "olivia"),
    Shot("patterns", "/patterns", "olivia"),
    Shot("approve", "/inbox", "olivia", follow("Review")),
    Shot("gallery", "/gallery?days=7", "olivia"),
    Shot("processes", "/processes", "olivia"),
    Shot("process", "/processes", "olivia", follow("Opening check")),
    Shot("process-year", "/processes", "olivia", follow("Opening check", "Each miss")),
    Shot("rehearsal", "/processes", "olivia", follow("Opening check", "Rehearse it")),
    Shot("new-process", "/processes/new", "olivia"),
    Shot("edit-process", "/processes", "olivia", edit),
    Shot("versions", "/processes", "olivia", versions),
    Shot("people", "/people", "olivia"),
    Shot("locations", "/locations", "olivia"),
    Shot("about-me", "/me/about", "ben"),
    Shot("compare", "/locations/compare", "olivia"),
    Shot("devices", "/devices", "olivia"),
    Shot("record", "/record", "olivia"),
    READ,
)


@contextmanager
def demo() -> Iterator[Stack]:
    """The demo daycare on a Monday morning that began without Ana."""
    with tempfile.TemporaryDirectory() as directory:
        data = Path(directory, "data")
        shutil.copytree(_seeded().name, data)
        with Stack(data) as stack:
            stack.start()
            stack.cli("clock", "set", TOO_LATE)
            stack.cli("tick")
            notice(stack, TOO_LATE)
            stack.kill("clock")  # nothing moves here any more, and its looks take part of a core
            yield stack


@cache
def _seeded() -> tempfile.TemporaryDirectory[str]:
    """The demo as it is seeded, once for all: it plays a month, which takes its time."""
    directory = tempfile.TemporaryDirectory()
    with Stack(Path(directory.name)) as stack:
        stack.cli("seed", "demo", "--password", PASSWORD)
    return directory


def kept(picture: bytes, path: Path) -> None:
    """Writes a screenshot small."""
    Image.open(io.BytesIO(picture)).save(path, "WEBP", quality=QUALITY, method=6)


class People:
    """A browser for each person, on the morning of the demo, and for the tablet on the wall."""

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._open: dict[str | None, Page] = {}

    def page(self, person: str | None) -> Page:
        """The one page of this person, signed in."""
        if person not in self._open:
            self._open[person] = self._opened(person)
        return self._open[person]

    def _opened(self, person: str | None) -> Page:
        if person in (TABLET, BARE):
            return open_tablet(self._browser, self._url, paired=person == TABLET)
        context = self._browser.new_context(
            base_url=self._url,
            reduced_motion="reduce",
            service_workers="block" if person == TOLD else "allow",
        )
        context.clock.install(time=TOO_LATE)
        page = context.new_page()
        if person not in (None, VISITOR):
            sign_in(page, person)
        return page

    def close(self) -> None:
        """Close every browser."""
        for page in self._open.values():
            page.context.close()


def take(browser: Browser, stack: Stack, directory: Path, wanted: set[str]) -> None:
    """Looks at each wanted page on each screen; when none is named, at the main ones."""
    directory.mkdir(parents=True, exist_ok=True)
    people = People(browser, stack.url)
    wanted = wanted or {shot.name for shot in SHOTS} | PICTURED
    for shots, screens in (((*SHOTS, *MORE), SCREENS), (STATES, GLASS)):
        for shot in shots:
            if shot.name in wanted:
                _take(people.page(shot.person), shot, screens, directory)
    people.close()


def _take(page: Page, shot: Shot, screens: dict[str, tuple[int, int]], directory: Path) -> None:
    for screen, (width, height) in screens.items():
        page.set_viewport_size({"width": width, "height": height})
        page.goto(shot.path)
        page.wait_for_load_state("networkidle")
        shot.before(page)
        # The documentation shows what a screen shows; who looks at a change sees the whole page.
        picture = page.screenshot(full_page=directory != DIRECTORY)
        kept(picture, directory / f"{shot.name}-{screen}.webp")
        shot.after(page)


def main(arguments: list[str]) -> None:
    """Makes the pictures that the arguments name."""
    directory = Path(arguments[0]) if arguments else DIRECTORY
    with demo() as stack, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        take(browser, stack, directory, set(arguments[1:]))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
