"""Asana: CSV of a project, a search or a synced sheet, and JSON.

A subtask names its parent, not the parent's id, and follows it in the file.
"""

import sys
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from webapp.importers import dates, families, todos
from webapp.importers.columns import (
    RHYTHM,
    Columns,
    DateColumns,
    below,
    find_header,
    people_in,
    shared_at,
    text_at,
)
from webapp.importers.items import Item, Reading, When
from webapp.importers.members import text_of, things_in
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_, say, say_many

_REQUIRED = (("task id",), ("name",), ("parent task", "completed at", "section/column"))
_NO_SECTION = ("(no section)", "untitled section")
_MEMBERS = frozenset(
    [
        "data",
        "gid",
        "name",
        "notes",
        "completed",
        "completed_at",
        "created_at",
        "due_on",
        "due_at",
        "start_on",
        "start_at",
        "assignee",
        "email",
        "custom_fields",
        "display_value",
        "memberships",
        "project",
        "section",
        "projects",
        "tags",
        "subtasks",
        "parent",
        "resource_subtype",
        "resource_type",
        "attachments",
    ]
)


def _recognise(upload: Upload) -> int:
    if any(find_header(table, *_REQUIRED) for table in upload.tables):
        return 90
    return 85 if any(_tasks(document) for _, document in upload.documents) else 0


def _tasks(document: Any) -> list[dict[str, Any]]:
    data = document.get("data") if isinstance(document, dict) else None
    found = [each for each in data if isinstance(each, dict)] if isinstance(data, list) else []
    marks = ("completed", "due_on", "subtasks", "memberships", "resource_subtype", "assignee")
    return (
        found
        if any(
            "gid" in each or ("name" in each and any(m in each for m in marks)) for each in found
        )
        else []
    )


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for table in upload.tables:
        if columns := find_header(table, *_REQUIRED):
            _Table(table, columns, reading).read()
    for _name, document in upload.documents:
        for task in _tasks(document):
            if item := _item(task, reading):
                reading.items.append(item)
    return reading


class _Table:
    def __init__(self, table: Table, columns: Columns, reading: Reading) -> None:
        self._table, self._columns, self._reading = table, columns, reading
        self._dates = DateColumns(
            table, columns, "due date", "start date", "completed at", "created at"
        )
        at = columns.at
        self._name, self._parent, self._notes = at("name"), at("parent task"), at("notes")
        self._group, self._place = at("section/column", "section", "column"), at("projects")
        self._who, self._mail = at("assignee"), at("assignee email")
        self._tags, self._rhythm = at("tags"), at(*RHYTHM)
        self._wanted: dict[int, str] = {}

    def read(self) -> None:
        reading, items = self._reading, []
        for number, row in below(self._table, self._columns):
            reading.rows_read += 1
            item = self._item(number, row)
            if not item.title:
                reading.skip(number, "", N_("It has no name."))
                continue
            items.append(item)
            if parent := todos.plain(text_at(row, self._parent)):
                self._wanted[number] = sys.intern(parent)
        reading.items += families.settle(items, self._parents(items))
        reading.questions += self._dates.questions()
        self._note_damaged_ids()

    def _item(self, number: int, row: Any) -> Item:
        group = shared_at(row, self._group)
        notes = text_at(row, self._notes)
        who = text_at(row, self._who) or text_at(row, self._mail)
        done = self._dates.read(row, "completed at")
        return Item(
            row=number,
            title=todos.plain(text_at(row, self._name)),
            place=shared_at(row, self._place),
            group="" if group.casefold() in _NO_SECTION else group,
            people=people_in(who),
            due=self._dates.read(row, "due date"),
            start=self._dates.read(row, "start date"),
            done=done,
            created=self._dates.read(row, "created at"),
            is_done=done is not None,
            rhythm=text_at(row, self._rhythm),
            tags=shared_at(row, self._tags),
            notes=todos.rhythm_line(notes),
            steps=todos.boxes(notes),
        )

    def _parents(self, items: list[Item]) -> dict[int, Item]:
        """The parents by the rows of their subtasks; the report names what was not clear."""
        names = set(self._wanted.values())
        named: dict[str, list[Item]] = {}
        for item in items:
            if item.title in names:
                named.setdefault(item.title, []).append(item)
        found = {}
        for row, name in self._wanted.items():
            if parent := self._parent_of(row, name, named.get(name, [])):
                found[row] = parent
        return found

    def _parent_of(self, row: int, name: str, named: list[Item]) -> Item | None:
        """The nearest task of that name above the row; the first one below where none is above."""
        others = [each for each in (*_around(named, row),) if each.row != row]
        if not others:
            words = say(
                "“%(name)s”, the parent of row %(row)s, is not in the file.", name=name, row=row
            )
            self._reading.note(words)
            return None
        if len(named) > 1:
            words = say_many(
                "%(num)s task has this name; the one in row %(row)s was taken.",
                "%(num)s tasks have this name; the one in row %(row)s was taken.",
                len(named),
                row=others[0].row,
            )
            self._reading.doubt(row, name, words)
        return others[0]

    def _note_damaged_ids(self) -> None:
        at = self._columns.at("task id")
        if any("E+" in text_at(row, at).upper() for _n, row in self._table.head):
            words = N_("The task ids were damaged by a spreadsheet. They are not needed.")
            self._reading.note(words)


def _around(named: list[Item], row: int) -> Iterator[Item]:
    """The last of them above the row, then the first below it."""
    place = bisect_left(named, row, key=lambda item: item.row)
    yield from reversed(named[max(0, place - 1) : place])
    yield from named[place : place + 2]


def _item(task: dict[str, Any], reading: Reading, depth: int = 0) -> Item | None:
    """A task of the JSON with its subtasks, each of which is one row of the report."""
    reading.rows_read += 1
    row, title = reading.rows_read, todos.plain(text_of(task, "name"))
    subtasks = things_in(task.get("subtasks")) if depth < families.DEEPEST else []
    children = [_item(each, reading, depth + 1) for each in subtasks]
    if not title or task.get("resource_subtype") == "section":
        reading.skip(row, title, N_("It is a heading.") if title else N_("It has no name."))
        reading.items += [child for child in children if child]
        return None
    notes = text_of(task, "notes")
    return Item(
        row=row,
        title=title,
        place=_project(task),
        group=_section(task),
        people=people_in(_name(task.get("assignee"))),
        due=_date(task, "due_at", "due_on"),
        start=_date(task, "start_at", "start_on"),
        done=_date(task, "completed_at"),
        created=_date(task, "created_at"),
        is_done=task.get("completed") is True,
        rhythm=_rhythm(task),
        tags=", ".join(map(_name, things_in(task.get("tags")))),
        notes=todos.rhythm_line(notes),
        has_files=bool(things_in(task.get("attachments"))),
        steps=todos.boxes(notes),
        children=tuple(child for child in children if child),
    )


def _name(value: object) -> str:
    if not isinstance(value, dict):
        return ""
    return text_of(value, "name") or text_of(value, "email")


def _date(task: dict[str, Any], *names: str) -> When | None:
    return next((when for name in names if (when := dates.read_when(text_of(task, name)))), None)


def _project(task: dict[str, Any]) -> str:
    return ", ".join(name for each in things_in(task.get("projects")) if (name := _name(each)))


def _section(task: dict[str, Any]) -> str:
    places = things_in(task.get("memberships"))
    name = next((name for each in places if (name := _name(each.get("section")))), "")
    return "" if name.casefold() in _NO_SECTION else name


def _rhythm(task: dict[str, Any]) -> str:
    fields = things_in(task.get("custom_fields"))
    found = (text_of(each, "display_value") for each in fields if _name(each).casefold() in RHYTHM)
    return next(filter(None, found), "")


TOOL = Tool(
    "asana", "Asana", N_("Project, Export/Print, CSV or JSON"), _recognise, _read, _MEMBERS
)  # fmt: skip
