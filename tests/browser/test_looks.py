"""How small parts look by the style sheets alone, whatever page they stand on."""

import io

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from playwright.sync_api import Locator, Page

from tests.browser.fake_server import FakeServer

pytestmark = pytest.mark.e2e

SHEET = '<link rel="stylesheet" href="/static/css/pages.css">'
MARK = '<p><span class="mark {name}"></span></p>'
LANGUAGES = """<form class="languages">
<button class="button plain" aria-current="true">English</button>
<button class="button plain">Deutsch</button></form>"""
STYLE = "(each) => { const s = getComputedStyle(each); return [s.fontWeight, s.boxShadow]; }"


@pytest.fixture
def shown(page: Page, server: FakeServer):
    """Show a part with the styles of the pages that the server makes."""

    def show(part: str, direction: str = "ltr") -> None:
        page.goto("/offline")
        page.set_content(f'<html data-theme="light" dir="{direction}">{SHEET}{part}')
        page.wait_for_load_state("networkidle")

    return show


def looks(mark: Locator) -> Image.Image:
    return Image.open(io.BytesIO(mark.screenshot())).convert("L").resize((14, 14))


def unlike(one: Image.Image, other: Image.Image) -> float:
    """How much the two differ, all in all."""
    return float(ImageStat.Stat(ImageChops.difference(one, other)).sum[0])


@pytest.mark.parametrize("name", ["moved", "back"])
def test_what_goes_on_or_comes_back_points_along_the_line(page: Page, shown, name: str) -> None:
    shown(MARK.format(name=name))
    onward = looks(page.locator(".mark"))
    shown(MARK.format(name=name), "rtl")
    there = looks(page.locator(".mark"))
    assert 2 * unlike(onward, ImageOps.mirror(there)) < unlike(onward, there)


def test_the_language_of_the_page_is_marked_by_more_than_a_word_for_readers(
    page: Page, shown
) -> None:
    shown(LANGUAGES)
    chosen, other = page.locator("button").evaluate_all(f"(all) => all.map({STYLE})")
    assert int(chosen[0]) > int(other[0])
    assert other[1] == "none" != chosen[1]
