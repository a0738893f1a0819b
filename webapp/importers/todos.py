"""To-do lists inside text: Markdown boxes, numbered lines, and the headings over them."""

import re
from collections.abc import Iterator

from webapp.importers.items import Step

LONGEST_TITLE = 200
LONGEST_TEXT = 2000
MOST_STEPS = 200

_BOX = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+\[[ xX]?\]\s*(?P<what>.*)$")
_NUMBERED = re.compile(r"^\s*\d{1,3}[.)]\s+(?P<what>\S.*)$")
_HEADING = re.compile(r"^#{1,6}\s+(?P<what>.+?)\s*#*$")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
_SIGNS = re.compile(r"[*_`~<\[]")
_RHYTHM = re.compile(
    r"(?i)\b(?:every|each|daily|weekly|monthly|quarterly|yearly|annual|frequency|cadence|recur"
    r"|repeat|schedule|how often|when)"
)
_MARKS = re.compile(r"\*\*|__|`|~~|</?[a-zA-Z][^>]{0,200}>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")


def plain(text: str) -> str:
    """One line of plain text, without Markdown, HTML or anything that does not print."""
    if _is_plain(text):
        return text
    if _SIGNS.search(text):
        text = _MARKS.sub("", _LINK.sub(r"\1", text[:LONGEST_TEXT]))
    if not (text.isascii() and text.isprintable()):
        text = _UNPRINTABLE.sub(" ", text[:LONGEST_TEXT])
    return " ".join(text[:LONGEST_TEXT].split())[:LONGEST_TITLE].strip()


def _is_plain(text: str) -> bool:
    """Is there nothing to be done? Most titles are, and keep their memory."""
    return (
        len(text) <= LONGEST_TITLE
        and text.isascii()
        and text.isprintable()
        and "  " not in text
        and not _SIGNS.search(text)
        and text == text.strip()
    )


def boxes(text: str) -> tuple[Step, ...]:
    """The lines with a box to tick, in their order, with the heading over each; empty ones not."""
    return tuple(_found(text)) if "[" in text else ()


def _found(text: str) -> Iterator[Step]:
    section, count = "", 0
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            section = plain(heading["what"])
        elif (box := _BOX.match(line)) and (what := plain(box["what"])):
            yield Step(what, section)
            count += 1
            if count >= MOST_STEPS:
                return


def boxes_or_numbers(text: str) -> tuple[Step, ...]:
    """The boxes, else two or more lines that begin with a number."""
    if found := boxes(text):
        return found
    numbered = (_NUMBERED.match(line) for line in text.splitlines()[:1000])
    steps = [Step(plain(each["what"])) for each in numbered if each]
    return tuple(steps[:MOST_STEPS]) if len(steps) > 1 else ()


def rhythm_line(text: str) -> str:
    """The first line of a description, where it may say how often; nothing else is kept of it."""
    line = text.lstrip()[:LONGEST_TITLE].partition("\n")[0]
    return plain(line) if _RHYTHM.match(line) else ""
