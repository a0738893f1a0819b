"""Reading a row by what its columns are usually called: for boards whose owners named them."""

import re
from typing import Any

from webapp.importers import columns as names
from webapp.importers import dates, todos
from webapp.importers.columns import Columns, people_in, shared_at, text_at
from webapp.importers.items import Item, When

_NOT_DUE = r"creat|updat|edit|complet|closed|start|log|birth|sent"


class Fields:
    """Where the title, people, dates and so on are in a table with these columns."""

    def __init__(self, columns: Columns, order: str | None, title: int | None = None) -> None:
        at, like = columns.at, columns.like
        self.title = title if title is not None else max(at(*names.TITLE), 0)
        self._order = order
        self._who = _first(at(*names.WHO), like(r"assign|owner|person|people|respons", "mail|back"))
        self._backup = _first(at(*names.BACKUP), like(r"\bback-?up\b|\bdeputy\b", "file|link"))
        self._due = _first(at(*names.DUE), like(r"\bdue\b|deadline|\bdate\b", _NOT_DUE))
        self._start, self._done = at(*names.START), at(*names.DONE)
        self._created, self._status = at(*names.CREATED), at(*names.STATUS)
        self._group, self._tags = at(*names.GROUP), at(*names.TAGS)
        self._notes = self._other(at(*names.NOTES))
        self._rhythm = at(*names.RHYTHM)
        self._files = like(r"^(?:files?|attachments?|attachment count)\b")
        self.unclear = False

    def _other(self, at: int) -> int:
        return -1 if at == self.title else at

    def item(self, number: int, row: Any) -> Item:
        """The item of one row, with what the row says."""
        notes, status = text_at(row, self._notes), text_at(row, self._status)
        done = self.date(row, self._done)
        return Item(
            row=number,
            title=todos.plain(text_at(row, self.title)),
            group=shared_at(row, self._group),
            people=self.people(row),
            due=self.date(row, self._due),
            start=self.date(row, self._start),
            done=done,
            created=self.date(row, self._created),
            is_done=done is not None or status.casefold() in names.IS_DONE,
            rhythm=text_at(row, self._rhythm),
            tags=shared_at(row, self._tags),
            notes=todos.rhythm_line(notes),
            has_files=text_at(row, self._files) not in ("", "0", "[]"),
            has_checklist="[ ]" in notes or "[x]" in notes,
            steps=todos.boxes(notes),
        )

    def people(self, row: Any) -> tuple[str, ...]:
        """The people of the row, the one in a backup column last."""
        named = people_in(text_at(row, self._who))
        backup = people_in(text_at(row, self._backup))
        return tuple(dict.fromkeys([*named[: 1 if backup else None], *backup]))

    def date(self, row: Any, at: int) -> When | None:
        """The date in a column; one that cannot be told day from month is noted as unclear."""
        if not 0 <= at < len(row) or not row[at]:
            return None
        when = dates.of_cell(row[at], self._order)
        if when is None and isinstance(row[at], str) and dates.is_numbers(row[at]):
            self.unclear = True
        return when

    def questions(self) -> list[str]:
        """What has to be asked before the dates can be used."""
        return [names.UNCLEAR_DATES] if self.unclear else []


def order_in(rows: list[tuple[int, Any]]) -> str | None:
    """Which of day and month comes first, as all the cells of a table show it."""
    cells = (cell for _number, row in rows for cell in row if isinstance(cell, str))
    return dates.order_of(cell for cell in cells if re.match(r"\d{1,2}[/-]", cell))


def _first(*places: int) -> int:
    return next((at for at in places if at >= 0), -1)
