"""A ruler on every main page: contrast, targets, gaps, widths; each theme, size and language."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from e2e.measures import PAGES, found, looked_at, wear
from e2e.screenshots import People

# So many pages take minutes: in parts, the workers share them.
PARTS = 4
BAD = """<!doctype html><meta name="viewport" content="width=device-width">
<body><p class="pale">Pale</p><button>A</button><button>B</button><p class="wide">Wide</p>
<p class="crushed">Milk</p>"""
WORSE = """() => {
  const pale = document.querySelector(".pale"), wide = document.querySelector(".wide");
  pale.style.color = "#767676";
  wide.style.width = "200vw";
  Object.assign(document.querySelector(".crushed").style, { width: 0, overflowWrap: "anywhere" });
  for (const each of document.querySelectorAll("button")) each.style.border = "2px solid #ccc";
}"""


@pytest.fixture(scope="module")
def people(quick_browser: Browser, monday: str) -> Iterator[People]:
    everybody = People(quick_browser, monday)
    yield everybody
    everybody.close()


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_measures_up_in_every_theme_size_and_language(people: People, part: int) -> None:
    short = list(looked_at(people, PAGES[part::PARTS]))
    assert not short, "\n".join(short)


def test_the_ruler_finds_what_falls_short(quick_browser: Browser) -> None:
    page = quick_browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BAD)
    page.evaluate(WORSE)
    wear(page, "light")
    kinds = {line.split()[0] for line in found(page)}
    page.close()
    assert kinds == {"text", "target", "edge", "gap", "crushed", "wider"}
