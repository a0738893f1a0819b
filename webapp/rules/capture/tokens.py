"""A text as tokens: each with its place in the text and the one form that the patterns see."""

import re
from dataclasses import dataclass, replace

from webapp.rules.capture.verbs import base_verb, is_verb
from webapp.rules.capture.vocabulary import (
    DAY_NAMES,
    DAYS,
    LETTER,
    MONTH_NAMES,
    MONTHS,
    TWO_LETTERS,
    days_of_letters,
    form_of,
    is_typo,
    slip_of,
)
from webapp.rules.sentences import say

_TOKEN = re.compile(
    rf"(?P<letters>\b(?:{LETTER}(?:[/,]{LETTER})+|MWF|TTh|TuTh|MTWThF|MTWTF|M-(?:Th|F|Sa?|Su)"
    rf"|{TWO_LETTERS}-{TWO_LETTERS})\b)"
    r"|(?P<clock>\b\d{1,2}[:h]\d{2}(?::00)?(?:\s?[ap](?:m\b|\.m\b\.?)|\s?[ap]\b)?"
    r"|\b\d{1,2}(?:\.\d{2})?\s?(?:[ap](?:m\b|\.m\b\.?)|[ap]\b(?!\.\w))|\b[01]\d[0-5]\d(?=\s?(?:hrs"
    r"|hours|h)\b))"
    r"|(?P<count>\b\d{1,2}(?:st|nd|rd|th)\b)"
    r"|(?P<times>\b\d{1,2}\s?[x×](?=[\s/]))"
    r"|(?P<number>\d+(?:[.,]\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<break>\s*\n\s*(?=[-*•·]\s|\d{1,2}[.)]\s|\[|\n|[^\W\d_][\w ]{0,24}:))"
    r"|(?P<other>\S)",
    re.I,
)
_LETTERS = re.compile(
    rf"{LETTER}(?:[/,]{LETTER})+|MWF|TTh|TuTh|MTWThF|MTWTF|M-(?:Th|F|Sa?|Su)"
    rf"|{TWO_LETTERS}-{TWO_LETTERS}"
)
_BEFORE_A_THING = ("the", "a", "every", "cash", "our", "my", "her", "his", "bar", "shop", "and", "")
_DASHES = dict.fromkeys("-–—−", "-")
_OTHERS = _DASHES | {"&": "and", "+": "and", "\n": ";", "|": ";"}
# Bullets and the like stand alone, so that no phrase reaches over them.
_FLAT = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Token:
    """One word, number, time or sign; start and end are places in the text."""

    text: str
    start: int
    end: int
    form: str


def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, in order and without overlap."""
    found = [_token(match) for match in _TOKEN.finditer(text)]
    found = [_as_thing(found, n) for n in range(len(found))]
    return [token for n, token in enumerate(found) if not _only_a_dot(found, n)]


def _as_thing(tokens: list[Token], n: int) -> Token:
    """Tell the till that is counted from the till that means until, and Sun Li from a Sunday."""
    token, before = tokens[n], tokens[n - 1].form if n else ""
    if token.text.lower() == "till":
        is_cash = before in _BEFORE_A_THING or is_verb(before) or base_verb(before)
        return replace(token, form="cash") if is_cash else token
    if _begins_a_sentence(tokens, n) and (meant := slip_of(token.text.lower())):
        return replace(token, form=meant)
    return replace(token, form="name") if _is_person(tokens, n) else token


def _begins_a_sentence(tokens: list[Token], n: int) -> bool:
    """Is it its first word, and nobody who does something ("Dailey mops")?"""
    after = tokens[n + 1].form if n + 1 < len(tokens) else ""
    return (not n or tokens[n - 1].text in ".!?;:\n") and not base_verb(after)


def _is_person(tokens: list[Token], n: int) -> bool:
    """Is "Sun" or "April" a name: after a comma that ends no list of days, before a capital?"""
    if not n or n + 1 >= len(tokens) or tokens[n].form not in DAYS or tokens[n - 1].text != ",":
        return False
    before = tokens[n - 2].form if n > 1 else ""
    return tokens[n + 1].text[:1].isupper() and before.rstrip("s") not in DAYS


def typos_in(tokens: list[Token]) -> list[str]:
    """What was read in spite of a slip, as sentences."""
    names = dict(zip((*DAYS, *MONTHS), (*DAY_NAMES, *MONTH_NAMES), strict=True))
    return [
        say(
            "“%(text)s” is read as %(title)s.",
            text=token.text,
            title=_slip_in(token) or say(names[token.form.rstrip("s")].title()),
        )
        for token in tokens
        if _slip_in(token) or (token.text.isalpha() and is_typo(token.text.lower()))
    ]


def _slip_in(token: Token) -> str | None:
    """The word that a token was read as in spite of a slip."""
    meant = slip_of(token.text.lower())
    return meant if meant == token.form else None


def _only_a_dot(tokens: list[Token], n: int) -> bool:
    """Is this the dot of "wed." or "approx."?"""
    before = tokens[n - 1] if n else None
    return (
        tokens[n].text == "."
        and before is not None
        and before.end == tokens[n].start
        and before.form.rstrip("s") in (*DAYS, *MONTHS, "every")
        and len(before.text) <= 5
        and n + 1 < len(tokens)
        and not tokens[n + 1].text[:1].isupper()
    )


def _token(found: re.Match[str]) -> Token:
    return Token(found[0], found.start(), found.end(), _form(found))


def _form(found: re.Match[str]) -> str:
    text = found[0]
    match found.lastgroup:
        case "letters" if _LETTERS.fullmatch(text):
            return days_of_letters(text)
        case "clock":
            written = re.sub(r"(\d)\.(\d)", r"\1:\2", _FLAT.sub("", text).lower())
            return f"@{written.replace('.', '')}"
        case "count":
            return f"{int(text[:-2])}th"
        case "times":
            return f"{int(text[:-1])} times"
        case "break":
            return ";"
        case "word" | "letters":
            return slip_of(text) or form_of(text.lower())
        case "other":
            return _OTHERS.get(text, text)
    return text
