"""What tells of one person: found in what was stored, and taken out of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# Events about things: who acted is in the event itself, and their names belong to the business.
ABOUT_THINGS = ("process.", "location.", "kiosk.", "organisation.", "record.")
ERASED = "record.erased"
# Under these stand names of things, which stay even where a person is called the same.
THINGS = frozenset({"title", "process", "location", "step", "steps", "instructions", "kiosk"})
# What a proof keeps of itself; all else in it are somebody's words, or a name of theirs.
_KEPT_OF_PROOF = frozenset(
    {"kind", "sha256", "bytes", "media_type", "value", "code", "started_at", "ended_at"}
)
_WORDS_OF_PROOF = ("text", "corrective")


@dataclass(frozen=True)
class Trace:
    """By what a person is known. `others` are the names of everybody else.

    `names` are theirs, today's and earlier ones that nobody else bears now, and their addresses.
    `marks` are hashes of what they wrote: short words could be guessed from them. `called` is
    what takes the place of a name.
    """

    person: str
    names: frozenset[str]
    others: frozenset[str]
    called: str
    marks: frozenset[str] = frozenset()

    @cached_property
    def _words(self) -> re.Pattern[str] | None:
        """Their names as whole words; a longer name of somebody else is read as that first."""
        longer = {each for each in self.others if any(name in each for name in self.names)}
        known = sorted(self.names | longer, key=lambda each: (-len(each), each))
        if not self.names:
            return None
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")

    def is_in(self, text: str) -> bool:
        """Whether the text is about the person: their id, a mark, or a name of theirs in it."""
        return text == self.person or text in self.marks or self.without(text) != text

    def without(self, text: str) -> str:
        """Return the text with `called` in the place of each of their names."""
        if text in self.marks:
            return ""
        if self._words is None:
            return text
        return self._words.sub(
            lambda found: self.called if found[0] in self.names else found[0], text
        )


def tells_of(trace: Trace, kind: str, actor: str, subject: str, payload: dict[str, Any]) -> bool:
    """Whether what an event says holds something about the person, or words of theirs."""
    if not payload or kind == ERASED:
        return False
    if kind.startswith(ABOUT_THINGS):
        return names(trace, {key: each for key, each in payload.items() if key != "name"})
    return trace.person in (actor, subject) or names(trace, payload)


def names(trace: Trace, value: Any) -> bool:
    """Whether a JSON value names the person anywhere, save as a thing is called."""
    if isinstance(value, str):
        return trace.is_in(value)
    if isinstance(value, list):
        return any(names(trace, each) for each in value)
    if not isinstance(value, dict):
        return False
    if _is_somebody_else(trace, value):
        return False
    return any(names(trace, each) for key, each in value.items() if key not in THINGS)


def without(trace: Trace, value: Any) -> Any:
    """Return the JSON value with nothing of the person's names in it; ids and things stay."""
    if isinstance(value, str):
        return trace.without(value)
    if isinstance(value, list):
        return [without(trace, each) for each in value]
    if not isinstance(value, dict) or _is_somebody_else(trace, value):
        return value
    if _id_of(value) == trace.person and "name" in value:
        value = value | {"name": trace.called}
    return {key: each if key in THINGS else without(trace, each) for key, each in value.items()}


def kept_of_proof(content: dict[str, Any], said_instead: str) -> dict[str, Any]:
    """Return what stays of a proof without the words in it: readings and times, not notes."""
    kept = {key: value for key, value in content.items() if key in _KEPT_OF_PROOF}
    return kept | {key: said_instead for key in _WORDS_OF_PROOF if content.get(key)}


def ranges(seqs: Iterable[int]) -> list[list[int]]:
    """Return the numbers as [first, last] of each unbroken row, in order."""
    rows: list[list[int]] = []
    for seq in sorted(set(seqs)):
        if rows and rows[-1][1] == seq - 1:
            rows[-1][1] = seq
        else:
            rows.append([seq, seq])
    return rows


def how_many(rows: Sequence[Sequence[int]]) -> int:
    """Return how many numbers such ranges hold."""
    return sum(last - first + 1 for first, last in rows)


def _is_somebody_else(trace: Trace, value: dict[str, Any]) -> bool:
    """A person named with their id is that person, whatever the name is like."""
    known = _id_of(value)
    return isinstance(known, str) and known != trace.person and set(value) <= _OF_A_PERSON


def _id_of(value: dict[str, Any]) -> Any:
    return value.get("id", value.get("person"))


_OF_A_PERSON = {"id", "name", "person", "role", "wait_minutes"}
