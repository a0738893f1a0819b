"""Baton in other languages: before the first paint, in the dark, and in the order of who reads."""

from collections.abc import Callable
from gettext import c2py
from typing import Any

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.device import lying, note, until_true
from tests.browser.facts import ANA, iso, run, step
from tests.browser.fake_server import FakeServer
from tests.browser.test_offline import WAKE, ready
from webapp.words import path_of

pytestmark = pytest.mark.e2e
Open = Callable[[], BrowserContext]

SPANISH: dict[str, Any] = {
    "Yours today": "Lo tuyo de hoy",
    "Main": "Principal",
    "Open": "Abrir",
    "state\x04Open": "Abierto",
    "Take the photo": "Haz la foto",
    "Language": "Idioma",
    "Later today": "Más tarde hoy",
    "Tomorrow": "Mañana",
    "%(time)s on %(day)s": "%(day)s, %(time)s",
    "%(num)s step": ["%(num)s paso", "%(num)s pasos"],
    "%(num)s of %(all)s waits for you.": [
        "%(num)s de %(all)s te espera.",
        "%(num)s de %(all)s te esperan.",
    ],
    "Between %(min)s and %(max)s": "Entre %(min)s y %(max)s",
    "Open to see what is yours.": "Abre para ver lo tuyo.",
}
ARABIC: dict[str, Any] = {
    "Yours today": "مهامك اليوم",
    "%(num)s step": [
        "لا خطوات",
        "خطوة",
        "خطوتان",
        "%(num)s خطوات",
        "%(num)s خطوة",
        "%(num)s خطوة.",
    ],
    "With %(holder)s now": "لدى %(holder)s الآن",
    "“%(text)s”": "«%(text)s»",
    ", ": "، ",
    "Received.": "وصل.",
}


def speaks(page: Page, language: str) -> None:
    """What the browser was told on another page before."""
    page.context.add_cookies(
        [{"name": "baton-language", "value": language, "url": page.evaluate("location.origin")}]
    )


@pytest.fixture
def spanish(page: Page, server: FakeServer) -> Page:
    """A phone that speaks Spanish, with today on its screen."""
    server.words = {"es": SPANISH, "ar": ARABIC}
    page.goto("/join")
    speaks(page, "es")
    ready(page)
    return page


def said(page: Page, module: str, name: str, *args: Any) -> Any:
    script = "async ([m, n, args]) => (await import(`/static/js/${m}.js`))[n](...args)"
    return page.evaluate(script, [module, name, list(args)])


def test_a_page_speaks_the_language_that_was_chosen(spanish: Page) -> None:
    expect(spanish.locator("html")).to_have_attribute("lang", "es")
    expect(spanish).to_have_title("Lo tuyo de hoy · Baton")
    expect(spanish.locator("h1")).to_have_text("Lo tuyo de hoy")
    expect(spanish.get_by_role("navigation", name="Principal")).to_be_attached()
    expect(spanish.locator("[data-run=R1]")).to_contain_text("5 de 5 pasos te esperan.")


def test_what_is_not_translated_is_said_in_english(spanish: Page) -> None:
    assert said(spanish, "language", "t", "Nothing is yours right now.") == (
        "Nothing is yours right now."
    )
    assert said(spanish, "language", "tn", "%(num)s minute", "%(num)s minutes", 1) == "1 minute"


def test_a_word_of_two_meanings_is_said_by_its_context(spanish: Page) -> None:
    assert said(spanish, "language", "t", "Open") == "Abrir"
    assert said(spanish, "language", "tc", "state", "Open") == "Abierto"
    assert said(spanish, "language", "tc", "state", "Silent") == "Silent"


@pytest.mark.parametrize(
    ("num", "words"), [(0, "0 pasos"), (1, "1 paso"), (2, "2 pasos"), (1_000_000, "1000000 pasos")]
)
def test_spanish_counts_with_two_forms(spanish: Page, num: int, words: str) -> None:
    assert said(spanish, "language", "tn", "%(num)s step", "%(num)s steps", num) == words


def test_numbers_and_days_are_written_as_the_language_does(spanish: Page) -> None:
    proof = {"min": 33.5, "max": 41, "unit": "°C"}
    assert said(spanish, "readings", "rangeWords", proof) == "Entre 33,5 y 41 °C"
    assert said(spanish, "dates", "dateName", "2026-11-27") == "viernes, 27 de noviembre"
    assert said(spanish, "words", "listed", ["Ana", "Ben", "Fay"]) == "Ana, Ben y Fay"
    noon = 1_800_000_000_000
    assert said(spanish, "words", "when", "2027-01-18T06:05:00Z", noon, "Europe/Paris") == (
        "lunes, 07:05"
    )


def test_it_opens_in_the_dark_in_the_language_that_was_chosen(
    open_browser: Open, server: FakeServer
) -> None:
    server.words = {"es": SPANISH}
    before = open_browser()
    page = before.pages[0]
    page.goto("/join")
    speaks(page, "es")
    ready(page)
    page.evaluate("localStorage.setItem('baton-language', 'es')")
    before.close()
    server.way = "down"
    page = open_browser().pages[0]
    page.goto("/today")
    expect(page.locator("h1")).to_have_text("Lo tuyo de hoy")
    expect(page.locator("[data-run=R1]")).to_contain_text("te esperan.")


def test_a_chosen_language_is_spoken_at_once_and_told_later(page: Page, server: FakeServer) -> None:
    server.words = {"es": SPANISH}
    ready(page)
    page.goto("/device")
    until_true(page, KNOWN)
    server.way = "down"
    page.get_by_role("radio", name="Español").check()
    expect(page.get_by_role("heading", name="Idioma")).to_be_visible()
    expect(page.get_by_role("radio", name="Español")).to_be_checked()
    until_true(page, UNTOLD)
    assert "language" not in server.person
    server.way = "ok"
    page.evaluate(WAKE)
    expect(page.get_by_role("heading", name="Idioma")).to_be_visible()
    until_true(page, TOLD)
    assert server.person["language"] == "es"


KNOWN = """async () => {
  const { me } = await import("/static/js/day.js");
  return Boolean((await me())?.person.id);
}"""
UNTOLD = """async () => {
  const { read } = await import("/static/js/store.js");
  return (await read("meta", "language_untold"))?.language === "es";
}"""
TOLD = """async () => {
  const { read } = await import("/static/js/store.js");
  return (await read("meta", "language_untold")) === null;
}"""


def test_a_phone_follows_the_language_that_its_person_chose_elsewhere(
    page: Page, server: FakeServer
) -> None:
    server.words = {"es": SPANISH}
    ready(page)
    expect(page.locator("h1")).to_have_text("Yours today")
    server.person["language"] = "es"
    page.evaluate("dispatchEvent(new Event('online')) && null")
    expect(page.locator("h1")).to_have_text("Lo tuyo de hoy")
    expect(page.locator("[data-run=R1]")).to_contain_text("te esperan.")


def test_the_page_is_not_begun_anew_while_somebody_writes(page: Page, server: FakeServer) -> None:
    server.words = {"es": SPANISH}
    ready(page)
    page.goto("/run/R1#S3")
    page.get_by_label("Note").fill("Half a sentence")
    server.person["language"] = "es"
    page.evaluate(WAKE)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_label("Note")).to_have_value("Half a sentence")


def test_work_of_one_language_is_sent_in_another(page: Page, server: FakeServer) -> None:
    server.words = {"es": SPANISH}
    ready(page)
    server.way = "down"
    note(page, words="All clear")
    speaks(page, "es")
    page.goto("/today")
    expect(page.locator("h1")).to_have_text("Lo tuyo de hoy")
    assert lying(page)[0] == ["S3"]
    server.way = "ok"
    page.evaluate(WAKE)
    assert [c["proof"]["text"] for c in server.received] == ["All clear"]
    assert lying(page) == ([], [])


def test_arabic_is_read_from_the_right_and_names_do_not_turn_it(
    page: Page, server: FakeServer
) -> None:
    server.words = {"ar": ARABIC}
    other = step("S1", 1, "Front room ready", "photo", mine=False, holder=ANA)
    note_before = {"text": "Put it back.", "by": "Ben", "held": True}
    closed = {"by": ANA, "at": iso(-9), "words": "All clear"}
    done = step("S3", 3, "Exits", "note", state="done", mine=False, closed=closed)
    steps = [other, step("S2", 2, "Gate", "note"), done]
    server.runs = [run("R1", "Opening check", steps, fix_note=note_before)]
    page.goto("/join")
    speaks(page, "ar")
    ready(page)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    expect(page.locator("h1")).to_have_text("مهامك اليوم")
    expect(page.locator("[data-step=S1] .said")).to_have_text("لدى \u2068Ana\u2069 الآن")
    expect(page.locator("main")).to_contain_text("«\u2068Put it back.\u2069»")
    row = "وصل. \u2068Ana\u2069، \u2068«\u2068All clear\u2069»\u2069"
    expect(page.locator("[data-step=S3] .said")).to_have_text(row)


def test_arabic_counts_as_its_catalogue_does(page: Page, server: FakeServer) -> None:
    """The forms of gettext lie in the order of CLDR's: each number finds the same one in both."""
    server.words = {"ar": {"one": [str(form) for form in range(6)]}}
    page.goto("/join")
    speaks(page, "ar")
    page.goto("/today")
    numbers = [*range(130), 1000, 1003, 1011, 1_000_000]
    script = """async (numbers) => {
      const { tn } = await import("/static/js/language.js");
      return numbers.map((num) => Number(tn("one", "many", num)));
    }"""
    with path_of("ar").open("rb") as file:
        rule = read_po(file, locale="ar").plural_expr
    form = c2py(rule)
    assert page.evaluate(script, numbers) == [form(number) for number in numbers]


def test_digits_of_an_arabic_keyboard_are_numbers(page: Page) -> None:
    page.goto("/join")
    assert said(page, "readings", "parseNumber", "\u0663\u0668\u066b\u0665") == "38.5"
