"""What other languages do to a page; e2e/test_measures.py looks at every page in two of them."""

from playwright.sync_api import Browser, ViewportSize

from e2e.shot import sign_in, speak
from webapp.rules.languages import LANGUAGES

PHONE: ViewportSize = {"width": 390, "height": 844}
LINES = "new Set([...document.querySelector('.bar').children].map((each) => each.offsetTop)).size"
# What stands where a line begins: the names of a chain, and the sentences below them.
EDGES = """[...document.querySelectorAll(".track.named bdi, .track.named span")].map((each) => {
  const range = document.createRange();
  range.selectNodeContents(each);
  return Math.round(range.getBoundingClientRect().right);
})"""


def test_the_head_of_a_page_takes_two_lines_of_a_phone_in_every_language(
    quick_browser: Browser, monday: str
) -> None:
    page = quick_browser.new_context(base_url=monday, viewport=PHONE).new_page()
    sign_in(page, "olivia")
    lines = {}
    page.goto("/processes")
    for language in LANGUAGES:
        speak(page, language)
        lines[language] = page.evaluate(LINES)
    page.context.close()
    assert lines == dict.fromkeys(LANGUAGES, 2)


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
