"""The catalogues hold what the sources say, and what they say fits it."""

import ast
import json
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from tests.words.extraction import KEYWORDS, ROOT, SPOKEN_IN, extracted, languages
from webapp.views import browser_words
from webapp.words import entries

PLACEHOLDER = re.compile(r"%\(\w+\)s")


def forms(said: object) -> list[str]:
    """Every form of a sentence, of which one without plural has one."""
    return [said] if isinstance(said, str) else list(said)  # type: ignore[call-overload]


def named(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def sentences(language: str) -> list[Message]:
    return [each for each in entries(language) if each.id]


@pytest.mark.parametrize("language", languages())
def test_the_catalogue_holds_every_sentence_of_the_sources_and_no_other(language):
    kept = {(each.context, each.id) for each in sentences(language)}
    assert kept == {(each.context, each.id) for each in extracted() if each.id}


def test_no_sentence_stands_inside_another_where_nobody_finds_it():
    """Python 3.11 gives what stands in an f-string as one piece of text."""
    sources = [path for top in SPOKEN_IN for path in (ROOT / top).rglob("*.py")]
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sources
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in KEYWORDS
        if call.args and isinstance(call.args[0], ast.Constant)
    ]
    assert hidden == []


# What only operators read stays English, and so do the process texts that they write.
ENGLISH = (
    "webapp/cli",
    "webapp/services/demo",
    "webapp/services/definitions/words.py",
    "webapp/services/process_text",
    "webapp/services/record_export",  # evidence, like the record itself
    "webapp/rules/cadence_reading.py",
)
IN_CALLS = re.compile(
    r"""(?<![\w.])(?:_|t|tn|tc|N_|ngettext)\(\s*(?:"(?:[^"\\]|\\.)*"[\s,+]*)+""", re.S
)
COMMENTS = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*|\{#.*?#\}", re.S)


def test_quotation_marks_stand_in_sentences_where_each_language_has_its_own():
    """“Gate latch” is „Gate latch“ and «Gate latch» elsewhere: `formats.quoted`, or a sentence."""
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for top in SPOKEN_IN
        for path in sorted((ROOT / top).rglob("*.*"))
        if not path.relative_to(ROOT).as_posix().startswith(ENGLISH)
        for text in unspoken(path)
        if ("“" in text or "”" in text) and re.search("[a-z]{2}", text)
    ]
    assert found == []


def unspoken(path: Path) -> list[str]:
    """The texts of a source that stand in no call which says them."""
    if {"vendor", "styleguide", "styleguide.html"} & set(path.parts):
        return []
    if path.suffix == ".py":
        return literals(ast.parse(path.read_text(encoding="utf-8")))
    if path.suffix in (".js", ".html"):
        return IN_CALLS.sub("", COMMENTS.sub("", path.read_text(encoding="utf-8"))).splitlines()
    return []


def literals(node: ast.AST) -> list[str]:
    """Literal texts outside of marked calls, patterns and docstrings."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in KEYWORDS or name == "compile":
            return []
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return []
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    return [text for each in ast.iter_child_nodes(node) for text in literals(each)]


def test_a_button_and_a_state_of_the_same_english_are_two_words():
    german = entries("de")
    assert (german.get("Open").string, german.get("Open", "state").string) == ("Öffnen", "Offen")
    assert (german.get("Done").string, german.get("Done", "heading").string) == (
        "Fertig",
        "Erledigt",
    )
    assert (german.get("Review").string, german.get("Review", "heading").string) == (
        "Prüfen",
        "Prüfung",
    )
    said = json.loads(browser_words.packed("de"))
    assert (said["Open"], said["state\x04Open"]) == ("Öffnen", "Offen")


@pytest.mark.parametrize("language", languages())
def test_every_sentence_is_translated_in_all_its_forms(language):
    missing = [each.id for each in sentences(language) if not all(forms(each.string))]
    assert missing == []
    assert [each.id for each in sentences(language) if each.fuzzy] == []


@pytest.mark.parametrize("language", languages())
def test_a_translation_says_what_the_sentence_says_and_nothing_else(language):
    """One form of a plural may leave out the number: “one step”."""
    wrong = [
        (each.id, said)
        for each in sentences(language)
        for said in forms(each.string)
        if said and not fits(forms(each.id), said)
    ]
    assert wrong == []


def fits(originals: list[str], said: str) -> bool:
    wanted = {name for each in originals for name in named(each)}
    optional = {"%(num)s", "%(count)s"} if len(originals) > 1 else set()
    return wanted - optional <= named(said) <= wanted


@pytest.mark.parametrize(
    ("language", "count"), [("es", 2), ("fr", 2), ("de", 2), ("pt", 2), ("ar", 6)]
)
def test_a_plural_has_as_many_forms_as_its_language(language, count):
    catalogue = entries(language)
    assert catalogue.num_plurals == count
    assert {len(each.string) for each in catalogue if not isinstance(each.id, str)} == {count}


def test_arabic_forms_stand_in_the_order_of_cldr():
    """Zero, one, two, few, many, other: as Intl.PluralRules names them in the browser."""
    from gettext import c2py  # type: ignore[attr-defined]

    form = c2py(entries("ar").plural_expr)
    assert [form(n) for n in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103)] == [
        0,
        1,
        2,
        3,
        3,
        4,
        4,
        5,
        5,
        3,
    ]
