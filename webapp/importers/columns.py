"""The columns of a table by the names in its header, however they are spelled."""

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from webapp.importers import dates
from webapp.importers.items import When
from webapp.importers.upload import Rows, Table
from webapp.rules.sentences import N_

NOTHING = frozenset(
    ("", "null", "none", "nan", "n/a", "-", "—", "unassigned", "undefined", "nan d nan h")
)
_LONGEST_NOTHING = 12
_LONGEST_NAME, _LONGEST_LIST, _MOST_PEOPLE = 120, 2000, 20
RHYTHM = (
    "frequency", "cadence", "recurrence", "recurring", "repeat", "repeats", "repeat every",
    "how often", "interval", "schedule", "rhythm", "recurs", "rrule", "periodicity",
)  # fmt: skip

TITLE = ("name", "task name", "task", "title", "item", "page", "card name", "summary", "subject",
         "to do", "todo", "activity", "description", "what", "process")  # fmt: skip
WHO = ("assignee", "assignees", "assign", "assigned to", "assigned", "owner", "responsible",
       "person", "people", "dri", "who", "lead", "members", "in charge")  # fmt: skip
BACKUP = ("backup", "back-up", "deputy", "stand-in", "cover", "second owner", "backup owner")
DUE = ("due date", "due", "deadline", "due on", "date", "timeline - end", "end date", "when",
       "finish", "full date", "target date", "day", "scheduled", "schedule date")  # fmt: skip
START = ("start date", "start", "timeline - start", "started", "begins")
DONE = ("completed at", "completed", "completion date", "done date", "date done", "date closed",
        "completed on", "completed date")  # fmt: skip
CREATED = ("created at", "created", "creation log", "date created", "created time", "created on")
GROUP = ("section/column", "section", "group", "list name", "list", "status group", "category",
         "column", "board", "area", "project", "projects")  # fmt: skip
TAGS = ("tags", "labels", "label", "type", "category")
NOTES = ("notes", "task content", "text", "details", "content", "comments", "description")
UNCLEAR_DATES = N_("The dates in this file can be read day first or month first. Which is meant?")
STATUS = ("status", "state", "stage", "done", "complete", "completed?")
IS_DONE = ("done", "complete", "completed", "closed", "finished", "yes", "v", "true", "x")


def normal(name: object) -> str:
    """A column's name without case, spaces around it, marks or doubled spaces."""
    return " ".join(str(name or "").strip(" \ufeff\"'*:").casefold().split())


@dataclass(slots=True)
class Columns:
    """Where each column is; `first_row` is the number of the header's row."""

    first_row: int
    names: list[str]

    def has(self, *names: str) -> bool:
        """Are all of these among the columns?"""
        return all(name in self.names for name in names)

    def at(self, *aliases: str) -> int:
        """The place of the first alias that there is; -1 where there is none."""
        return next((self.names.index(name) for name in aliases if name in self.names), -1)

    def like(self, pattern: str, but: str = "^$") -> int:
        """The first column whose name holds the pattern and not the other one."""
        return next(
            (
                at
                for at, name in enumerate(self.names)
                if re.search(pattern, name) and not re.search(but, name)
            ),
            -1,
        )


def find_header(table: Table, *required: Iterable[str]) -> Columns | None:
    """The first row that holds one of each required set of names, banner rows above it or not."""
    for number, row in table.head:
        names = [normal(cell) for cell in row]
        if all(any(name in names for name in either) for either in required):
            return Columns(number, names)
    return None


def below(table: Table, columns: Columns) -> Rows:
    """The rows under the header that hold anything."""
    for number, row in table.rows():
        if number > columns.first_row and any(row):
            yield number, row


def text_at(row: Any, at: int) -> str:
    """The text of a cell; nothing for a short row or a placeholder such as null."""
    if not 0 <= at < len(row) or not (cell := row[at]):
        return ""
    text = cell.strip() if isinstance(cell, str) else _number_text(cell)
    return "" if len(text) <= _LONGEST_NOTHING and text.casefold() in NOTHING else text


def shared_at(row: Any, at: int) -> str:
    """The text of a cell that many rows share, kept in memory once."""
    return sys.intern(text_at(row, at))


def _number_text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


@lru_cache(maxsize=20_000)
def people_in(text: str) -> tuple[str, ...]:
    """Names in a cell: "A, B", "[A,B]" or one; placeholders are nobody."""
    if not text:
        return ()
    inner = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    names = (
        " ".join(name.strip(" \"'").split()) for name in re.split(r"[,;\n]", inner[:_LONGEST_LIST])
    )
    named = dict.fromkeys(name[:_LONGEST_NAME] for name in names if name.casefold() not in NOTHING)
    return tuple(named)[:_MOST_PEOPLE]


class DateColumns:
    """Dates of a table whose numbers may stand day first or month first."""

    def __init__(self, table: Table, columns: Columns, *names: str) -> None:
        self._places = {name: columns.names.index(name) for name in names if name in columns.names}
        self.order = self._order(table, columns)
        self.unclear = False

    def _order(self, table: Table, columns: Columns) -> str | None:
        if not any(dates.is_numbers(text) for text in self._texts(iter(table.head))):
            return None
        return dates.order_of(self._texts(below(table, columns)))

    def _texts(self, rows: Rows) -> Iterator[str]:
        for _number, row in rows:
            for at in self._places.values():
                if at < len(row) and isinstance(row[at], str) and row[at]:
                    yield row[at]

    def read(self, row: Any, *names: str) -> When | None:
        """The date in the first of these columns that holds one."""
        for name in names:
            at = self._places.get(name, -1)
            if not 0 <= at < len(row) or not row[at]:
                continue
            cell = row[at]
            read = dates.read_when if isinstance(cell, str) else dates.of_cell
            if when := read(cell, self.order):
                return when
            if isinstance(row[at], str) and dates.is_numbers(row[at]):
                self.unclear = True
        return None

    def questions(self) -> list[str]:
        """What has to be asked before the dates can be used."""
        return [UNCLEAR_DATES] if self.unclear else []
