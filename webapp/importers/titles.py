"""Titles without what changes from one occurrence to the next; what was taken out is evidence."""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from webapp.importers import dates
from webapp.importers.items import When

_MONTHS = "january|february|march|april|may|june|july|august|september|october|november|december"
_SHORT = "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
_YEAR = r"(?:19|20)\d\d"
_MONTH = rf"(?:{_MONTHS}|(?:{_SHORT})\.?)"
_DATES = (
    rf"@?\b{_YEAR}[-/.]\d{{1,2}}[-/.]\d{{1,2}}\b",
    r"@?\b\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})\b",
    rf"@?\b{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?!\d|:)(?:,?\s*{_YEAR})?\b",
    rf"@?\b\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:of\s+)?{_MONTH}(?:,?\s*{_YEAR})?\b",
    rf"\b{_YEAR}年\d{{1,2}}月\d{{1,2}}日|\b{_YEAR}년 ?\d{{1,2}}월 ?\d{{1,2}}일",
)
# The names of the kinds say what the period is; the number in each is kept as its value.
_KINDS = (
    ("date", "|".join(_DATES)),
    ("times", r"\(\s*\d{1,2}\s*[x×]\s*\)|\b\d{1,2}[x×](?=\s|$)"),
    ("week", r"\b(?:calendar week|week|wk|cw|kw)[\s.#-]*\d{1,2}(?:\s*/\s*\d{2,4})?\b|\bw\d{1,2}\b"),
    ("week of", r"\bweek (?:of|starting|ending|commencing)\b|\bw/[ce]\b"),
    ("quarter", rf"\bq[1-4](?:[\s/'-]*(?:{_YEAR}|\d{{2}}))?\b|\b[1-4](?:st|nd|rd|th) quarter\b"),
    ("half", rf"\bh[12](?:[\s/'-]*{_YEAR})\b"),
    ("day", r"\bday[\s#-]*\d{1,3}\b"),
    ("month", (rf"\b(?:{_SHORT})\.?[\s/'-]*{_YEAR}\b|\b(?:{_MONTHS})(?:[\s,/'-]*{_YEAR})?\b"
     rf"|\b{_YEAR}[-/](?:0[1-9]|1[0-2])\b|\b(?:0[1-9]|1[0-2])/{_YEAR}\b")),
    ("sprint", r"\bsprint[\s#-]*\d{1,4}\b"),
    ("number", r"#\s*\d{1,5}\b|\(\s*\d{1,5}\s*\)|\bno\.\s*\d{1,5}\b"),
    ("year", rf"\b{_YEAR}\b"),
    ("copy", r"\bcopy of\b|\(\s*copy(?:\s*\d+)?\s*\)|[-–]\s*copy(?:\s*\d+)?$|\bduplicate of\b"),
)  # fmt: skip
_CHANGING = re.compile(
    "|".join(f"(?P<{kind.replace(' ', '_')}>{pattern})" for kind, pattern in _KINDS)
    .replace(r"\1", r"(?P=sign)")
    .replace("([/.-])", "(?P<sign>[/.-])"),
    re.IGNORECASE,
)
# What all of the above have in common, looked for in lower case: most titles hold none of it.
_ANY_HINT = re.compile(
    rf"[#(年년]|\d[x×/.-]|[/.-]\d|{_YEAR}|\d(?:st|nd|rd|th)\b|copy|duplicate|\bw/|week|\bwk"
    rf"|\b[ck]w|\bw\d|\bq[1-4]|\bday|sprint|\bno\.|{_MONTHS}|\b(?:{_SHORT})\b"
)
_DIGITS = re.compile(r"[0-9#(]")
_LETTERS = re.compile(r"[a-z]{3,}|w/[ce]")
_WORDS = frozenset(f"{_MONTHS}|{_SHORT}|copy|duplicate|week|w/c|w/e|sep|sept".split("|"))
_NO_MONTH = re.compile(r"^(?:may|march) (?:i|be|we|need|on|through|for)\b")
_EDGES = " -–—|:,;./()[]{}*#@&+_~'\"“”·•"
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]|\{\s*\}")
_LEFT_OVER = re.compile(r"(?:\s+(?:for|of|on|in|at|the|from|-|–|—|\||/|:|,)+)+$", re.IGNORECASE)
_KEYCAPS = "\ufe0f\u200d\u20e3"


class Name(NamedTuple):
    """A title taken apart. `key` compares titles; `words` is for people, in its own spelling.

    `changing` holds what was taken out, as (kind, text): ("month", "October").
    """

    key: str
    words: str
    changing: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=8_000)
def take_apart(title: str) -> Name:
    """The title's lasting part and its changing parts."""
    words = title if title.isascii() else _without_pictures(title)
    changing: list[tuple[str, str]] = []
    if _may_change(words.lower()):
        words = _CHANGING.sub(lambda found: _taken(found, changing), words)
        if changing:
            words = _tidied(words)
    words = " ".join(words.split()).strip(" -–—|:,;")
    return Name(words.casefold().strip(_EDGES), words, tuple(changing))


def _may_change(words: str) -> bool:
    """Is there a sign, a digit or a word of what changes? Asked of every title, so quickly."""
    if _DIGITS.search(words):
        return _ANY_HINT.search(words) is not None
    return not _WORDS.isdisjoint(_LETTERS.findall(words))


def _taken(found: re.Match[str], changing: list[tuple[str, str]]) -> str:
    kind = (found.lastgroup or "").replace("_", " ")
    if kind == "sign":
        kind = "date"
    if kind == "month" and _is_verb(found):
        return found[0]
    changing.append((kind, found[0].strip()))
    return " "


def _is_verb(found: re.Match[str]) -> bool:
    """Is a month's name a word here: "may" without a capital, "March on"?"""
    rest = found.string[found.start() :].casefold()
    word = found[0]
    return word.casefold() in ("may", "march") and (word.islower() or bool(_NO_MONTH.match(rest)))


def _tidied(words: str) -> str:
    words = " ".join(_EMPTY.sub(" ", words).split())
    return _LEFT_OVER.sub("", words).strip(_EDGES)


def _without_pictures(title: str) -> str:
    kept = (
        " " if unicodedata.category(sign) in ("So", "Sk", "Co") or sign in _KEYCAPS else sign
        for sign in title
    )
    return "".join(kept)


def date_in(name: Name) -> When | None:
    """The one whole date that a title holds."""
    found = [
        when
        for kind, text in name.changing
        if kind == "date" and (when := dates.read_when(text.lstrip("@")))
    ]
    return found[0] if len(found) == 1 else None
