"""What axe-core finds on the main pages of the demo daycare, in each theme and three languages.

`python -m e2e.faults [PAGE ...]` writes it; the tests ask for parts of it.
"""

import sys
from collections.abc import Iterable, Iterator

from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from e2e.axe import faults
from e2e.kiosk_states import TABLET
from e2e.measures import THEMES, wear
from e2e.more_pages import MORE
from e2e.screenshots import SHOTS, People, demo
from e2e.shot import Shot
from tests.chromium import ARGS, CHROMIUM

# So high that nothing lies under the buttons at the thumb, where axe takes it for covered.
NARROW: ViewportSize = {"width": 390, "height": 2400}
LANGUAGES = ("en", "de", "ar")
PAGES = (
    *(shot for shot in (*SHOTS, *MORE) if shot.name != "styleguide"),
    Shot("kiosk", "/kiosk", TABLET),
)


def pages_in(
    browser: Browser, url: str, languages: tuple[str, ...], shots: Iterable[Shot] = PAGES
) -> Iterator[tuple[str, Page]]:
    """Yield the pages in each language, and what to call each of them.

    In English as they were come to; what has no address of its own is shown in English only.
    """
    people = People(browser, url)
    for shot in shots:
        page = people.page(shot.person)
        page.set_viewport_size(NARROW)
        _come_to(page, shot)
        for language in languages:
            if language != "en":
                _speak(page, language)
            yield f"{shot.name}, {language}", page
    people.close()


def _come_to(page: Page, shot: Shot) -> None:
    """Comes to the page in English, in which the way to it is named."""
    page.context.clear_cookies(name="baton-language")
    page.goto(shot.path)
    page.wait_for_selector("#loading", state="detached")
    shot.before(page)


def _speak(page: Page, language: str) -> None:
    """Shows the page again as a browser that has chosen the language sees it."""
    page.context.add_cookies([{"name": "baton-language", "value": language, "url": page.url}])
    page.goto(page.url.partition("#")[0])  # an address with a place in it is not loaded again
    page.wait_for_selector("#loading", state="detached")
    expect(page.locator("html")).to_have_attribute("lang", language)


def main(names: list[str]) -> None:
    """Write what is found on the named pages, or on all."""
    shots = [shot for shot in PAGES if not names or shot.name in names]
    with demo() as stack, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for where, page in pages_in(browser, stack.url, LANGUAGES, shots):
            for theme in THEMES:
                wear(page, theme)
                sys.stdout.writelines(f"{where}, {theme}: {each}\n" for each in faults(page))
            sys.stderr.write(f"{where}: looked at\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
