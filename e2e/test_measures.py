"""A ruler on every main page: contrast, targets, gaps and widths, in each theme and text size."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from e2e.faults import faults
from e2e.kiosk_states import STATES
from e2e.measures import PAGES, THEMES, found, looked_at, wear
from e2e.screenshots import People, demo

# So many pages take minutes: in parts, the workers share them.
PARTS = 4
BAD = """<!doctype html><meta name="viewport" content="width=device-width">
<body><p class="pale">Pale</p><button>A</button><button>B</button><p class="wide">Wide</p>"""
WORSE = """() => {
  const pale = document.querySelector(".pale"), wide = document.querySelector(".wide");
  pale.style.color = "#767676";
  wide.style.width = "200vw";
  for (const each of document.querySelectorAll("button")) each.style.border = "2px solid #ccc";
}"""


@pytest.fixture(scope="module")
def monday() -> Iterator[str]:
    """The address of the demo daycare on a Monday that began without Ana."""
    with demo() as stack:
        yield stack.url


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_measures_up_in_every_theme_and_size(
    browser: Browser, monday: str, part: int
) -> None:
    short = list(looked_at(browser, monday, PAGES[part::PARTS]))
    assert not short, "\n".join(short)


def test_axe_finds_no_fault_in_any_state_of_the_kiosk_in_any_theme(
    browser: Browser, monday: str
) -> None:
    people, found_there = People(browser, monday), []
    for state in STATES:
        page = people.page(state.person)
        page.set_viewport_size({"width": 1280, "height": 2400})
        page.goto(state.path)
        state.before(page)
        page.wait_for_selector("#loading", state="detached")
        for theme in THEMES:
            wear(page, theme)
            found_there += [f"{state.name}, {theme}: {fault}" for fault in faults(page)]
        state.after(page)
    people.close()
    assert not found_there, "\n".join(found_there)


def test_the_ruler_finds_what_falls_short(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(BAD)
    page.evaluate(WORSE)
    wear(page, "light")
    kinds = {line.split()[0] for line in found(page)}
    page.close()
    assert kinds == {"text", "target", "edge", "gap", "wider"}
