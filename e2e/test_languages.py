"""Every main page in a language with long words, and in one that is read from the right."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from e2e.axe import faults
from e2e.faults import NARROW, PAGES, pages_in
from e2e.measures import found
from e2e.screenshots import demo
from e2e.shot import sign_in
from webapp.rules.languages import LANGUAGES

# So many pages take minutes: in parts, the workers share them.
PARTS = 4
SMALL: ViewportSize = {"width": 320, "height": 844}
PHONE: ViewportSize = {"width": 390, "height": 844}
LINES = "new Set([...document.querySelector('.bar').children].map((each) => each.offsetTop)).size"
CHOOSE = """(language) => fetch("/language", {
  method: "POST", body: new URLSearchParams({ language }),
})"""
# What stands where a line begins: the names of a chain, and the sentences below them.
EDGES = """[...document.querySelectorAll(".track.named bdi, .track.named span")].map((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  return Math.round(range.getBoundingClientRect().right);
})"""


@pytest.fixture(scope="module")
def monday() -> Iterator[str]:
    """The address of the demo daycare on a Monday that began without Ana."""
    with demo() as stack:
        yield stack.url


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_measures_up_in_german_and_arabic(
    quick_browser: Browser, monday: str, part: int
) -> None:
    short: list[str] = []
    for where, page in pages_in(quick_browser, monday, ("de", "ar"), PAGES[part::PARTS]):
        if page.locator("html[dir=rtl]").count():
            short += [f"{where}: {line}" for line in faults(page)]
        page.set_viewport_size(SMALL)
        short += [f"{where}, narrow: {line}" for line in found(page)]
        page.set_viewport_size(NARROW)
    assert not short, "\n".join(short)


def test_the_head_of_a_page_takes_two_lines_of_a_phone_in_every_language(
    quick_browser: Browser, monday: str
) -> None:
    page = quick_browser.new_context(base_url=monday, viewport=PHONE).new_page()
    sign_in(page, "olivia")
    lines = {}
    for language in LANGUAGES:
        page.evaluate(CHOOSE, language)
        page.goto("/processes")
        lines[language] = (page.evaluate(LINES), page.locator("html").get_attribute("lang"))
    page.context.close()
    assert lines == {language: (2, language) for language in LANGUAGES}


def test_names_in_latin_letters_stand_at_the_edge_of_an_arabic_chain(
    quick_browser: Browser, monday: str
) -> None:
    page = quick_browser.new_context(
        base_url=monday, viewport=PHONE, locale="ar", reduced_motion="reduce"
    ).new_page()
    page.goto("/")
    edges = page.evaluate(EDGES)
    page.context.close()
    assert len(edges) == 8
    assert max(edges) - min(edges) <= 2
