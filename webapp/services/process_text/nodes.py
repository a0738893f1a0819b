"""Reading YAML without building anything: each value keeps its place in the text.

Only plain values are read (YAML 1.1 mappings, lists and scalars). Anchors, aliases and deep
nesting are refused before the text is composed, so that a few lines cannot unfold into gigabytes.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from difflib import get_close_matches
from typing import NamedTuple, Protocol, TypeVar

import yaml

from webapp.problems import Problem
from webapp.rules.deadline import DeadlineError, parse_clock, parse_date, parse_wait
from webapp.rules.proof_gate import ProofError, parse_number
from webapp.rules.sentences import N_, say

LARGEST_TEXT = 1_000_000
DEEPEST = 12
NULL = "tag:yaml.org,2002:null"
WHOLE = "tag:yaml.org,2002:int"
FLAG = "tag:yaml.org,2002:bool"
FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

# No database keeps these, though a text can write them as escapes.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")

Faults = dict[str, str]
Value = TypeVar("Value")


class Mark(Protocol):
    """A place in the text; both count from zero."""

    @property
    def line(self) -> int:
        """The line."""

    @property
    def column(self) -> int:
        """The character of that line."""


class Place(NamedTuple):
    """A place that is counted here, as YAML counts its own."""

    line: int
    column: int


def at(text: str, position: int) -> Place:
    """Return the place of the character that stands there."""
    before = text[:position]
    return Place(before.count("\n"), len(before) - before.rfind("\n") - 1)


@dataclass(frozen=True, slots=True)
class Field:
    """One value of the text: where it stands, and where its faults are told.

    Each reader tells the fault and returns None when the value is not of its kind.
    """

    path: str
    node: yaml.Node
    faults: Faults

    def fault(self, sentence: str) -> None:
        """Tell what is wrong here; the first sentence of a place stays."""
        mark = self.node.start_mark
        where = f"{self.path or 'text'}, line {mark.line + 1}, column {mark.column + 1}"
        self.faults.setdefault(where, sentence)

    def members(self, known: Sequence[str]) -> dict[str, "Field"]:
        """The members of a mapping by key; unknown and repeated keys are faults."""
        if not isinstance(self.node, yaml.MappingNode):
            self.fault(f"This must be a mapping with {_listed(known)}.")
            return {}
        found: dict[str, Field] = {}
        for key, value in self.node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else "?"
            member = Field(f"{self.path}.{name}".lstrip("."), value, self.faults)
            if name not in known:
                Field(member.path, key, self.faults).fault(_unknown_key(name, known))
            elif name in found:
                Field(member.path, key, self.faults).fault(f"“{name}” is given twice.")
            else:
                found[name] = member
        return found

    def member_text(self, name: str) -> str:
        """What a mapping says under that key, on one line; "" without it. Tells no fault."""
        pairs = self.node.value if isinstance(self.node, yaml.MappingNode) else []
        said = [value.value for key, value in pairs if getattr(key, "value", None) == name]
        return " ".join(said[0].split()) if said and isinstance(said[0], str) else ""

    def items(self) -> list["Field"]:
        """The items of a list; nothing at all is an empty list."""
        if self.is_empty():
            return []
        if not isinstance(self.node, yaml.SequenceNode):
            self.fault("This must be a list.")
            return []
        return [
            Field(f"{self.path}[{index}]", node, self.faults)
            for index, node in enumerate(self.node.value)
        ]

    def is_whole(self) -> bool:
        """Whether a whole number is written here, and not in quotes."""
        return str(self.node.tag) == WHOLE

    def is_empty(self) -> bool:
        """Whether nothing is written here."""
        return str(self.node.tag) == NULL

    def text(self) -> str | None:
        """The characters as they are written, so that `name: 24` and `name: no` are names."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.fault("This must be text.")
            return None
        if _UNWRITABLE.search(str(self.node.value)):
            self.fault("This holds a character that cannot be kept. Leave it out.")
            return None
        return "" if self.is_empty() else str(self.node.value)

    def one_of(self, words: Sequence[str]) -> str | None:
        """One of the words."""
        text = self.text()
        if text is not None and text not in words:
            self.fault(f"“{text}” is not known here. Use one of {', '.join(words)}.")
            return None
        return text

    def clock(self) -> time | None:
        """A local wall time such as 07:15, quoted or not; nothing is None."""
        return None if self.is_empty() else self._read(parse_clock)

    def wait(self) -> int | None:
        """A wait such as 5m or 1h30m, in minutes."""
        return self._read(parse_wait)

    def number(self) -> Decimal | None:
        """A decimal number, every digit kept."""
        return self._read(parse_number)

    def day(self) -> date | None:
        """A date such as 2026-12-25."""
        return self._read(parse_date)

    def whole(self) -> int | None:
        """A whole number of zero or more."""
        return self._read(_whole)

    def flag(self) -> bool | None:
        """True or false."""
        if self.node.tag != FLAG:
            self.fault("This must be true or false.")
            return None
        return FLAGS[str(self.node.value).lower()]

    def _read(self, parse: Callable[[str], Value]) -> Value | None:
        text = self.text()
        if text is None:
            return None
        try:
            return parse(text)
        except (DeadlineError, ProofError, ValueError) as error:
            self.fault(str(error))
            return None


def compose(text: str, faults: Faults) -> Field | None:
    """The whole text as one field, or None when it holds nothing.

    Raises Problem "process_text_not_valid" where the text is no YAML, or more than is taken in.
    """
    if len(text.encode(errors="surrogatepass")) > LARGEST_TEXT:
        raise unreadable(N_("Here the text goes over 1 MB. Divide it"), at(text, LARGEST_TEXT))
    try:
        _refuse_unbounded(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = error.problem or N_("This is no YAML")
        if what.startswith("but "):  # the first half of it stands apart
            what = f"{error.context}, {what}"
        raise unreadable(what, mark) from error
    except yaml.reader.ReaderError as error:
        what = N_("This character cannot stand in a text")
        raise unreadable(what, at(text, error.position)) from error
    return None if node is None else Field("", node, faults)


def in_order(faults: Faults) -> Faults:
    """The faults from the top of the text to its end."""
    places = re.compile(r"line ([0-9]+), column ([0-9]+)$")
    return dict(sorted(faults.items(), key=lambda fault: [*map(int, places.findall(fault[0])[0])]))


def _refuse_unbounded(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise unreadable(
                N_("Write it out: anchors and aliases are not taken"), event.start_mark
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise unreadable(N_("This is nested too deeply"), event.start_mark)


def unreadable(what: str, mark: Mark | None) -> Problem:
    """Return the problem of a text that cannot be read on from here."""
    where = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "text"
    sentence = f"{what[:1].upper()}{what[1:]}."
    return Problem("process_text_not_valid", fields={where: sentence})


def _unknown_key(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"Known are {_listed(known)}."
    return f"“{name}” is not known here. {hint}"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(say("“%(text)s” is not a whole number of zero or more.", text=text))
    return int(text)
