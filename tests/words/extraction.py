"""Finds every sentence that Baton says to people in its own sources.

Python and templates mark them with the calls of `KEYWORDS`, scripts with `t`, `tn` and `tc`, each
text in double quotes. The shells, which are the same for everybody and translated by the browser,
mark an element with `data-t`, its text being the sentence;
`data-t-NAME` marks the attribute NAME of it. Their blocks `title`, `heading` and `loading` stand in
such elements.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from jinja2.ext import babel_extract

from webapp.rules.languages import LANGUAGES
from webapp.words import entries, path_of

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "N_": None,
    "gettext": None,
    "say": None,
    "pgettext": ((1, "c"), 2),
    "ngettext": (1, 2),
    "say_many": (1, 2),
    "n_": (1, 2),
}
NOTE = "Translators:"
SPOKEN_IN = ("webapp", "worker", "service_worker")
LEFT_OUT = ("**/static/vendor/**", "**/migrations/**", "**/templates/styleguide.html")
JINJA = {"trimmed": "true", "silent": "false", "encoding": "utf-8"}
TEXT = r'("(?:[^"\\\n]|\\.)*"(?:\s*\+\s*"(?:[^"\\\n]|\\.)*")*)'
CALL = re.compile(
    rf"(?://\s*({NOTE}[^\n]*)\n[^\n]*?)?(?<![\w.$])(?:t\(\s*{TEXT}|(tn|tc)\(\s*{TEXT}\s*,\s*{TEXT})"
)
MARKED = re.compile(r"<(\w+)\b[^>]*?\sdata-t(?=[\s>=])[^>]*>(.*?)</\1>", re.S)
TAG = re.compile(r"<\w[^>]*\sdata-t-[^>]*>", re.S)
BLOCK = re.compile(r"{% block (?:title|heading|loading) %}(.*?){% endblock %}", re.S)
TEMPLATE_CODE = re.compile(r"{%.*?%}", re.S)

Found = tuple[int, Any, Any, list[str]]


def extracted() -> Catalog:
    """Return every sentence of the sources, with the files that it stands in."""
    catalogue = Catalog(project="Baton", charset="utf-8")
    methods = [("**.py", "python"), ("**.js", _script), ("**.html", _template)]
    for top in SPOKEN_IN:
        found = extract_from_dir(
            ROOT / top,
            method_map=[*((pattern, "ignore") for pattern in LEFT_OUT), *methods],
            keywords=KEYWORDS,
            comment_tags=[NOTE],
            strip_comment_tags=True,
        )
        for file, line, message, comments, context in sorted(found, key=lambda each: each[:2]):
            place = [(f"{top}/{Path(file).as_posix()}", line)]
            catalogue.add(message, None, place, auto_comments=comments, context=context)
    return catalogue


def updated(language: str, template: Catalog) -> Catalog:
    """Return the catalogue of a language, with what is new and without what is gone."""
    known = entries(language) if path_of(language).exists() else Catalog(locale=language)
    known.update(template, no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    return known


def languages() -> list[str]:
    """Return the languages that need a catalogue."""
    return [language for language in LANGUAGES if language != "en"]


def _script(file: IO[bytes], _keywords: Any, _tags: Any, options: Any) -> Iterator[Found]:
    """Find the calls of `t`, `tn` and `tc`, also within one another and in templates."""
    for note, alone, call, one, many in CALL.findall(file.read().decode()):
        comments = [note.removeprefix(NOTE).strip()] if note else []
        if alone:
            yield 1, "_", _joined(alone), comments
        else:
            function = "pgettext" if call == "tc" else "ngettext"
            yield 1, function, (_joined(one), _joined(many)), comments


def _joined(text: str) -> str:
    return "".join(map(json.loads, re.findall(r'"(?:[^"\\\n]|\\.)*"', text)))


def _template(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Found]:
    yield from babel_extract(file, keywords, tags, dict(options) | JINJA)
    file.seek(0)
    text = file.read().decode()
    if "shell.html" in file.name or "data-t" in text:
        yield from _marked_in(text)


def _marked_in(text: str) -> Iterator[Found]:
    texts = [found[2] for found in MARKED.finditer(text)]
    if '{% extends "shell.html" %}' in text:
        texts += [found[1] for found in BLOCK.finditer(text)]
    for tag in TAG.findall(text):
        texts += [re.search(rf'\s{name}="([^"]*)"', tag)[1] for name in _attributes(tag)]  # type: ignore[index]
    for each in texts:
        sentence = " ".join(TEMPLATE_CODE.sub("", each).split())
        if sentence and "{{" not in sentence:
            yield 1, "_", sentence, []


def _attributes(tag: str) -> list[str]:
    return re.findall(r"\sdata-t-([\w-]+)", tag)
