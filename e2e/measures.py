"""A ruler on a page: what e2e/measure.js finds in each theme, size of text, width and language.

`python -m e2e.measures [PAGE ...]` writes it for the main pages of the demo daycare.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import CDPSession, Page, ViewportSize, sync_playwright

from e2e.axe import NARROW, RULES, faults
from e2e.kiosk_states import STATES
from e2e.more_pages import MORE
from e2e.screenshots import SHOTS, People, demo
from e2e.shot import Shot, come_to, speak
from tests.chromium import ARGS, CHROMIUM

RULER = Path(__file__).with_name("measure.js").read_text(encoding="utf-8").partition("*/")[2]
THEMES = ("light", "dark", "glare")
PHONE = {"smallest": 48, "nearest": 12}
KIOSK = {"smallest": 64, "nearest": 12, "primary": 88}
PAGES = (*SHOTS, *MORE, *STATES)
# The states of a kiosk have no address of their own, and the style guide no reader.
ONE_LANGUAGE = {"styleguide", *(state.name for state in STATES)} - {"kiosk-board"}
SMALL: ViewportSize = {"width": 320, "height": 844}


@dataclass(frozen=True)
class Look:
    """How a page is looked at: `text` is the size of the browser's own text in CSS pixels."""

    name: str
    width: int
    height: int = 844
    text: int = 16
    themes: tuple[str, ...] = THEMES


LOOKS = (
    Look("phone", 390),
    Look("narrow", 320, themes=("glare",)),
    Look("large text", 390, text=32, themes=("light",)),
    Look("tablet", 1024, themes=("light",)),
)
WALL = (
    Look("7-inch", 600, 1024),
    Look("10-inch", 1280, 800, themes=("light",)),
    Look("22-inch", 1920, 1080, themes=("glare",)),
)


def found(page: Page, limits: dict[str, int] = PHONE) -> list[str]:
    """Return what the ruler finds on the page as it is now, one line each."""
    lines: list[str] = page.evaluate(RULER.strip().rstrip(";"), limits)
    return lines


def wear(page: Page, theme: str) -> None:
    """Show the page in this theme, as a person who chose it sees it."""
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)


def looked_at(people: People, shots: tuple[Shot, ...] = PAGES) -> Iterator[str]:
    """Yield what is found on each page, in each theme, at each width and size of text.

    Pages are then shown in a language with long words, and in one that is read from the right,
    in which axe looks too. Of a kiosk, to which hardly anybody else comes, it looks at each state.
    """
    for shot in shots:
        page = people.page(shot.person)
        come_to(page, shot)
        if shot in STATES:
            yield from _of(page, shot.name, WALL, KIOSK)
            yield from _axe(page, shot.name)
        else:
            yield from _of(page, shot.name, LOOKS, PHONE)
        if shot.name not in ONE_LANGUAGE:
            yield from _abroad(page, shot.name)
        shot.after(page)


def _of(page: Page, name: str, looks: tuple[Look, ...], limits: dict[str, int]) -> Iterator[str]:
    """Look at a page without loading it again: a person turns the phone, or sets larger text."""
    browser = page.context.new_cdp_session(page)
    for look in looks:
        page.set_viewport_size({"width": look.width, "height": look.height})
        _set_text(browser, look.text)
        for theme in look.themes:
            wear(page, theme)
            yield from (f"{name}, {look.name}, {theme}: {line}" for line in found(page, limits))
    _set_text(browser, 16)
    browser.detach()


def _axe(page: Page, name: str) -> Iterator[str]:
    page.set_viewport_size({"width": 1280, "height": 2400})
    for theme in THEMES:
        wear(page, theme)
        rules = RULES if theme == "light" else ["color-contrast"]
        yield from (f"{name}, {theme}: {fault}" for fault in faults(page, rules))


def _abroad(page: Page, name: str) -> Iterator[str]:
    for language in ("de", "ar"):
        page.set_viewport_size(NARROW)
        speak(page, language)
        if page.locator("html[dir=rtl]").count():
            yield from (f"{name}, {language}: {fault}" for fault in faults(page))
        page.set_viewport_size(SMALL)
        yield from (f"{name}, {language}, narrow: {line}" for line in found(page))


def _set_text(browser: CDPSession, size: int) -> None:
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": size, "fixed": size}})


def main(names: list[str]) -> None:
    """Write what is found on the named pages, or on all."""
    shots = tuple(shot for shot in PAGES if not names or shot.name in names)
    with demo() as stack, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for line in looked_at(People(browser, stack.url), shots):
            sys.stdout.write(f"{line}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
