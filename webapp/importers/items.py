"""What every tool's export comes down to: items with their steps, people and dates."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import NamedTuple

MOST_TOLD = 1000
MOST_SKIPPED = 10_000


class When(NamedTuple):
    """A date, with the time of day where the export gives a real one.

    `at` is on the clock of whoever exported it, or in UTC where `is_utc`.
    """

    day: date
    at: time | None = None
    is_utc: bool = False


class Step(NamedTuple):
    """One step as it stands in the export, with the checklist and the person it names."""

    title: str
    section: str = ""
    person: str = ""


@dataclass(slots=True, eq=False)
class Item:
    """One task, card, issue or page; `row` counts as the report does.

    `place` is the board, project, list or database; `group` the section or list inside it.
    """

    row: int
    title: str
    place: str = ""
    group: str = ""
    people: tuple[str, ...] = ()
    due: When | None = None
    start: When | None = None
    done: When | None = None
    created: When | None = None
    is_done: bool = False
    is_closed: bool = False
    is_template: bool = False
    rule: str = ""
    rhythm: str = ""
    tags: str = ""
    notes: str = ""
    has_files: bool = False
    has_checklist: bool = False
    steps: tuple[Step, ...] = ()
    children: "tuple[Item, ...]" = ()


@dataclass(slots=True)
class Skip:
    """A row that gave nothing, and why."""

    row: int
    what: str
    why: str


@dataclass(slots=True)
class Reading:
    """What a tool's reader found: every row read is in one item or skipped, never both."""

    items: list[Item] = field(default_factory=list)
    rows_read: int = 0
    skipped: list[Skip] = field(default_factory=list)
    skipped_not_listed: int = 0
    ambiguous: list[tuple[int, str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    def note(self, words: str) -> None:
        """Tell something about the file; after a thousand nobody reads on."""
        if len(self.notes) < MOST_TOLD:
            self.notes.append(words)

    def doubt(self, row: int, parent: str, words: str) -> None:
        """Tell of a parent that could be several tasks."""
        if len(self.ambiguous) < MOST_TOLD:
            self.ambiguous.append((row, parent, words))

    def skip(self, row: int, what: str, why: str) -> None:
        """Leave a row out; after ten thousand they are only counted."""
        if len(self.skipped) < MOST_SKIPPED:
            self.skipped.append(Skip(row, what, why))
        else:
            self.skipped_not_listed += 1
