"""What axe-core finds on the main pages of the demo daycare, in each theme and three languages.

`python -m e2e.faults [PAGE ...]` writes it; the tests ask for parts of it.
"""

import sys
from collections.abc import Iterable, Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from e2e.axe import NARROW, faults
from e2e.kiosk_states import TABLET
from e2e.measures import THEMES, wear
from e2e.more_pages import MORE
from e2e.screenshots import SHOTS, People, demo
from e2e.shot import Shot, come_to, speak
from tests.chromium import ARGS, CHROMIUM

LANGUAGES = ("en", "de", "ar")
PAGES = (
    *(shot for shot in (*SHOTS, *MORE) if shot.name != "styleguide"),
    Shot("kiosk", "/kiosk", TABLET),
)


def pages_in(
    browser: Browser, url: str, shots: Iterable[Shot] = PAGES
) -> Iterator[tuple[str, Page]]:
    """Yield the pages in each language, and what to call each of them."""
    people = People(browser, url)
    for shot in shots:
        page = people.page(shot.person)
        page.set_viewport_size(NARROW)
        come_to(page, shot)
        for language in LANGUAGES:
            if language != "en":
                speak(page, language)
            yield f"{shot.name}, {language}", page
    people.close()


def main(names: list[str]) -> None:
    """Write what is found on the named pages, or on all."""
    shots = [shot for shot in PAGES if not names or shot.name in names]
    with demo() as stack, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        for where, page in pages_in(browser, stack.url, shots):
            for theme in THEMES:
                wear(page, theme)
                sys.stdout.writelines(f"{where}, {theme}: {each}\n" for each in faults(page))
            sys.stderr.write(f"{where}: looked at\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
