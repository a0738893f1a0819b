"""A text that is being read: each thing that is understood is taken out, and its place kept."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from webapp.rules.capture.tokens import Token, tokens_of

TAKEN = "|"
# A mark is one sign of the private area of Unicode: the first stands for the first marked words.
_FIRST_MARK = 0xE000
MOST_MARKS = 32
MARK = re.compile(rf"[{chr(_FIRST_MARK)}-{chr(_FIRST_MARK + MOST_MARKS)}]")


@dataclass(frozen=True, slots=True)
class Heard:
    """Words that were used: for which part of the draft, and where they stand in the text."""

    part: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: about which part of the draft, and the answers to choose from, if they are few.

    A choice is written as the grammar would read it back.
    """

    about: str
    question: str
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """One text with what is left of it, in two views of the same places.

    `plain` holds the forms of the tokens, one blank between them; `raw` is the text itself. What
    is taken is overwritten with a sign in both, so that places stay and no phrase reaches over it.
    """

    text: str
    raw: str = ""
    plain: str = ""
    tokens: list[Token] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    assumed: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = tokens_of(self.text)
        self.raw = MARK.sub(" ", self.text.replace(TAKEN, " "))
        for token in self.tokens:
            self.starts.append(len(self.plain))
            self.plain += f"{token.form} "

    def search(self, pattern: str) -> re.Match[str] | None:
        """The first place where whole forms meet the pattern."""
        return whole(pattern).search(self.plain)

    def search_from(self, pattern: str, place: int) -> re.Match[str] | None:
        """The first place, not before this one of the plain view, that meets the pattern."""
        return whole(pattern).search(self.plain, place)

    def words(self, start: int, end: int) -> str:
        """The text that the places of the plain view stand for."""
        first, last = self._tokens(start, end)
        return self.text[self.tokens[first].start : self.tokens[last].end]

    def take(self, start: int, end: int, part: str) -> str:
        """Take these places of the plain view out, and return their text."""
        first, last = self._tokens(start, end)
        return self.take_raw(self.tokens[first].start, self.tokens[last].end, part)

    def take_raw(self, start: int, end: int, part: str) -> str:
        """Take these places of the text out, and return their text without loose signs."""
        for token, place in zip(self.tokens, self.starts, strict=True):
            if token.start < end and start < token.end:
                to = place + len(token.form)
                self.plain = self.plain[:place] + TAKEN * len(token.form) + self.plain[to:]
        self.raw = self.raw[:start] + TAKEN * (end - start) + self.raw[end:]
        words = self.text[start:end]
        said = words.strip(" \t\n.,;:()–—-")
        if said and part:
            at = start + words.index(said)
            self.heard.append(Heard(part, at, at + len(said)))
        return " ".join(said.split())

    def take_marked(self, start: int, end: int, part: str, *, begins: bool) -> None:
        """Take these places of the plain view out, and leave a mark in the text in their place.

        `begins`: what follows begins something new, as on a line of its own.
        """
        before = self.raw
        words = self.take(start, end, part)
        at = next(n for n, letter in enumerate(before) if self.raw[n] != letter)
        sign = f"\n{mark(len(self.marked))}" if begins else mark(len(self.marked))
        self.raw = self.raw[:at] + sign + self.raw[at + len(sign) :]
        self.marked.append(words)

    def ask(self, about: str, question: str, *choices: str) -> None:
        """Leave this to a question."""
        self.asked.append(Asked(about, question, choices))

    def _tokens(self, start: int, end: int) -> tuple[int, int]:
        inside = [
            n
            for n, (token, place) in enumerate(zip(self.tokens, self.starts, strict=True))
            if place < end and start < place + len(token.form)
        ]
        return inside[0], inside[-1]


def mark(number: int) -> str:
    """The mark that stands for the marked words of this number, from 0."""
    return chr(_FIRST_MARK + number)


def number_of(sign: str) -> int:
    """The number of the marked words that a mark stands for."""
    return ord(sign) - _FIRST_MARK


@lru_cache(maxsize=256)
def whole(pattern: str) -> re.Pattern[str]:
    """The pattern, where it begins and ends between two forms."""
    return re.compile(rf"(?<![^ ])(?:{pattern})(?![^ ])")
