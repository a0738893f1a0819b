"""Linear: CSV of a workspace, view or project. Rows may be shorter than the header."""

from typing import Any

from webapp.importers import dates, families, todos
from webapp.importers.columns import (
    RHYTHM,
    Columns,
    DateColumns,
    below,
    find_header,
    people_in,
    text_at,
)
from webapp.importers.items import Item, Reading
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_, say

_REQUIRED = (("id",), ("team",), ("title",), ("status",), ("created",))


def _recognise(upload: Upload) -> int:
    return 90 if any(find_header(table, *_REQUIRED) for table in upload.tables) else 0


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for table in upload.tables:
        if columns := find_header(table, *_REQUIRED):
            _Table(table, columns, reading).read()
    return reading


class _Table:
    def __init__(self, table: Table, columns: Columns, reading: Reading) -> None:
        self._table, self._columns, self._reading = table, columns, reading
        self._dates = DateColumns(
            table, columns, "due date", "started", "completed", "created", "canceled", "archived"
        )
        at = columns.at
        self._id, self._title, self._about = at("id"), at("title"), at("description")
        self._who, self._parent = at("assignee"), at("parent issue", "parent")
        self._status, self._labels, self._rhythm = at("status"), at("labels"), at(*RHYTHM)
        self._project, self._team, self._cycle = at("project"), at("team"), at("cycle name")

    def read(self) -> None:
        reading, items = self._reading, []
        by_id: dict[str, Item] = {}
        wanted: dict[int, str] = {}
        for number, row in below(self._table, self._columns):
            reading.rows_read += 1
            title = todos.plain(_bare(text_at(row, self._title)))
            if why := self._why_not(row, title):
                reading.skip(number, title, why)
                continue
            item = self._item(number, row, title)
            items.append(item)
            by_id.setdefault(text_at(row, self._id).upper(), item)
            if parent := text_at(row, self._parent).upper():
                wanted[number] = parent
        parents = {row: by_id[parent] for row, parent in wanted.items() if parent in by_id}
        for row in wanted.keys() - parents.keys():
            words = say(
                "The parent %(parent)s of row %(row)s is not in the file, or was canceled.",
                parent=wanted[row],
                row=row,
            )
            reading.note(words)
        reading.items += families.settle(items, parents)
        reading.questions += self._dates.questions()

    def _why_not(self, row: Any, title: str) -> str:
        if not title:
            return N_("It has no title.")
        if self._dates.read(row, "canceled") or _status(row, self._status) in _CANCELED:
            return N_("It was canceled.")
        return ""

    def _item(self, number: int, row: Any, title: str) -> Item:
        about = _bare(text_at(row, self._about))
        return Item(
            row=number,
            title=title,
            place=text_at(row, self._project) or text_at(row, self._team),
            people=people_in(text_at(row, self._who)),
            due=dates.only_date(self._dates.read(row, "due date")),
            start=self._dates.read(row, "started"),
            done=self._dates.read(row, "completed"),
            created=self._dates.read(row, "created"),
            is_done=bool(text_at(row, self._columns.at("completed"))),
            is_closed=bool(text_at(row, self._columns.at("archived"))),
            rhythm=text_at(row, self._rhythm),
            tags=text_at(row, self._labels),
            notes=todos.rhythm_line(about),
            has_checklist="[ ]" in about or "[x]" in about.lower(),
            steps=todos.boxes_or_numbers(about),
        )


_CANCELED = ("canceled", "cancelled", "duplicate")


def _status(row: Any, at: int) -> str:
    return text_at(row, at).casefold()


def _bare(text: str) -> str:
    """The text without the apostrophe that Linear puts before = + - @."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


TOOL = Tool("linear", "Linear", N_("Settings, Import/Export, Export data"), _recognise, _read)
