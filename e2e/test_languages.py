"""Every main page in a language with long words, and in one that is read from the right."""

from playwright.sync_api import Browser, ViewportSize

from e2e.faults import faults, pages_in
from e2e.measures import found
from e2e.screenshots import demo

SMALL: ViewportSize = {"width": 320, "height": 844}


def test_every_page_measures_up_in_other_languages(browser: Browser) -> None:
    short: list[str] = []
    with demo() as monday:
        for where, page in pages_in(browser, monday.url, ("de", "ar")):
            short += [f"{where}: {line}" for line in faults(page)]
            page.set_viewport_size(SMALL)
            short += [f"{where}, narrow: {line}" for line in found(page)]
    assert not short, "\n".join(short)
