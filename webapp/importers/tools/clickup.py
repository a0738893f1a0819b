"""ClickUp: CSV of a workspace (2023 and 2026), or CSV and XLSX of a view.

Nothing in it is quite what it looks like: people stand in brackets, empty is null, dates are
milliseconds, and the same task may come twice.
"""

import json
import sys
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
from webapp.importers.items import Item, Reading, Step, When
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_, say, say_many

_WORKSPACE = (("task id",), ("task name",), ("parent id", "list name"))
_VIEW = (
    ("task name",),
    ("status", "assignee", "assignees", "due date", "date created", "priority"),
)


def _header(table: Table) -> Columns | None:
    return find_header(table, *_WORKSPACE) or find_header(table, *_VIEW)


def _recognise(upload: Upload) -> int:
    if any(find_header(table, *_WORKSPACE) for table in upload.tables):
        return 95
    return 60 if any(find_header(table, *_VIEW) for table in upload.tables) else 0


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for table in upload.tables:
        if columns := _header(table):
            _Table(table, columns, reading).read()
    return reading


class _Table:
    def __init__(self, table: Table, columns: Columns, reading: Reading) -> None:
        self._table, self._columns, self._reading = table, columns, reading
        self._dates = DateColumns(table, columns, *_DATES)
        at = columns.at
        self._id, self._title, self._about = (
            at("task id"),
            at("task name"),
            at("task content", "description"),
        )
        self._who, self._parent = at("assignees", "assignee"), at("parent id")
        self._lists, self._tags, self._rhythm = at("checklists"), at("tags"), at(*RHYTHM)
        self._list = at("list name", "list")
        self._folder = at("folder name/path", "folder name", "folder")
        self._files, self._status = at("attachments"), at("status")
        self._days = {name: (at(f"{name} text"), at(name)) for name in _DATES}

    def read(self) -> None:
        reading, items = self._reading, []
        by_id: dict[str, Item] = {}
        wanted: dict[int, str] = {}
        for number, row in below(self._table, self._columns):
            reading.rows_read += 1
            item = self._item(number, row)
            task_id = _id(text_at(row, self._id))
            if not item.title:
                reading.skip(number, "", N_("It has no name."))
            elif task_id and task_id in by_id:
                self._again(by_id[task_id], item)
            else:
                items.append(item)
                if task_id:
                    by_id[task_id] = item
                if parent := _id(text_at(row, self._parent)):
                    wanted[number] = parent
        self._settle(items, wanted, by_id)

    def _settle(self, items: list[Item], wanted: dict[int, str], by_id: dict[str, Item]) -> None:
        reading = self._reading
        parents = {row: by_id[parent] for row, parent in wanted.items() if parent in by_id}
        if missing := len(wanted) - len(parents):
            words = say_many(
                "%(num)s subtask names a parent that is not in the file. It stands alone.",
                "%(num)s subtasks name a parent that is not in the file. They stand alone.",
                missing,
            )
            reading.note(words)
        reading.items += families.settle(items, parents)
        reading.questions += self._dates.questions()

    def _again(self, first: Item, second: Item) -> None:
        first.people = tuple(dict.fromkeys([*first.people, *second.people]))
        why = say("It is the same task as row %(row)s; its people were added there.", row=first.row)
        self._reading.skip(second.row, second.title, why)

    def _item(self, number: int, row: Any) -> Item:
        about = text_at(row, self._about).replace("\\n", "\n")
        listed = _checklists(text_at(row, self._lists))
        done = self._date(row, "date closed", "date done")
        return Item(
            row=number,
            title=todos.plain(text_at(row, self._title)),
            place=self._place(row),
            people=people_in(text_at(row, self._who)),
            due=_without_default_time(self._date(row, "due date")),
            start=_without_default_time(self._date(row, "start date")),
            done=done,
            created=self._date(row, "date created"),
            is_done=done is not None or text_at(row, self._status).casefold() in _DONE,
            rhythm=text_at(row, self._rhythm),
            tags=", ".join(people_in(text_at(row, self._tags))),
            notes=todos.rhythm_line(about),
            has_files=text_at(row, self._files) not in ("", "[]"),
            has_checklist=bool(listed),
            steps=listed or todos.boxes(about),
        )

    def _date(self, row: Any, *names: str) -> When | None:
        """The date as text, which is on the exporter's clock; else the count of milliseconds."""
        for name in names:
            words_at, at = self._days[name]
            if words := text_at(row, words_at):
                return dates.read_when(words, _AMERICAN)
            if 0 <= at < len(row) and row[at]:
                return self._dates.read(row, name) or dates.of_epoch(text_at(row, at))
        return None

    def _place(self, row: Any) -> str:
        folder = text_at(row, self._folder).strip('[]"')
        names = (folder if folder != "hidden" else "", text_at(row, self._list))
        return sys.intern(" / ".join(filter(None, names)))


_AMERICAN = dates.MONTH_FIRST
_DATES = ("due date", "start date", "date created", "date closed", "date done")
_DONE = ("closed", "complete", "completed", "done")
_DEFAULT_HOUR = 4


def _id(text: str) -> str:
    return text.strip(" \"'").lower()


def _without_default_time(when: When | None) -> When | None:
    """ClickUp stores a date without a time as four in the morning of the exporter's clock."""
    if (
        when
        and not when.is_utc
        and when.at
        and (when.at.hour, when.at.minute) == (_DEFAULT_HOUR, 0)
    ):
        return When(when.day)
    return when


def _checklists(text: str) -> tuple[Step, ...]:
    """The items of the checklists, {"name": ["item", …]}, in their order."""
    if not text.startswith("{"):
        return ()
    try:
        lists = json.loads(text)
    except (ValueError, RecursionError):
        return ()
    if not isinstance(lists, dict):
        return ()
    several = len(lists) > 1
    found = (
        Step(todos.plain(_named(each)), todos.plain(name) if several else "")
        for name, items in lists.items()
        if isinstance(items, list)
        for each in items
    )
    return tuple(step for step in found if step.title)[: todos.MOST_STEPS]


def _named(item: object) -> str:
    if isinstance(item, dict):
        return str(item.get("name") or "")
    return item if isinstance(item, str) else ""


TOOL = Tool(
    "clickup", "ClickUp", N_("Settings, Imports/Exports, or a List view, Export"), _recognise, _read
)  # fmt: skip
