"""Notion: ZIP (in a ZIP) of Markdown & CSV or HTML.

A database comes twice, as the view shows it and with `_all` columns; each of its rows has a page,
whose body holds the to-dos. A page outside any database is a row of its own.
"""

import re
from pathlib import PurePosixPath
from typing import Any

from webapp.importers import columns as names
from webapp.importers import dates, families, html_page, todos, words
from webapp.importers.columns import Columns, below, normal, people_in, text_at
from webapp.importers.fields import Fields, order_in
from webapp.importers.items import Item, Reading, Step, When
from webapp.importers.tool import Tool
from webapp.importers.upload import Page, Table, Upload
from webapp.rules.sentences import N_, say

_HEX = r"[0-9a-f]{32}"
_DATABASE = re.compile(rf"^(?P<title>.*?) ?(?P<id>{_HEX})?(?P<all>_all)?$")
_NAMED = re.compile(rf"\b{_HEX}(?:_all)?\.(?:csv|md|html)$")
_PARENT = ("parent-task", "parent task", "parent item", "parent-item", "parent")
_CHILDREN = ("sub-tasks", "sub-task", "sub-items", "sub-item", "subtasks")
_CUT_TITLE = 40
_NOT_STEPS = ("done", "complete", "completed", "archived", "archive", "active", "closed")


def _recognise(upload: Upload) -> int:
    paths = [table.name for table in upload.tables] + [page.path for page in upload.pages]
    if any(_NAMED.search(path) for path in paths):
        return 80
    return 55 if upload.pages and not upload.tables else 0


def _read(upload: Upload) -> Reading:
    reading = Reading()
    pages = [_Page(page) for page in upload.pages if PurePosixPath(page.path).name != "index.html"]
    for table in _databases(upload.tables, reading):
        _Database(table, pages, reading).read()
    for page in pages:
        if not page.is_taken:
            _take_page(page, reading)
    return reading


class _Page:
    """A page's title, properties and to-dos; the folder that holds it names its database."""

    def __init__(self, page: Page) -> None:
        path = PurePosixPath(page.path)
        text = (
            html_page.as_lines(page.text) if path.suffix.lower() in (".html", ".htm") else page.text
        )
        head, _, body = text.partition("\n")
        is_titled = head.startswith("#")
        found = re.search(_HEX, path.stem)
        self.id = found[0] if found else ""
        stem = re.sub(rf" ?{_HEX}$", "", path.stem)
        self.title = todos.plain(head.lstrip("#")) if is_titled else todos.plain(stem)
        self.folder = str(path.parent)
        self.properties, self.body = _properties(body if is_titled else text)
        self.steps = todos.boxes(self.body)
        self.numbered = todos.boxes_or_numbers(self.body)
        self.is_taken = False


def _properties(text: str) -> tuple[dict[str, str], str]:
    """The "Name: value" lines at the top of a page, and the rest of it."""
    found: dict[str, str] = {}
    lines = text.lstrip("\n").splitlines()
    for number, line in enumerate(lines[:60]):
        name, colon, value = line.partition(": ")
        if not colon or len(name) > 60 or line.startswith(("-", "#", "*", ">", "[")):
            return found, "\n".join(lines[number:])
        found[normal(name)] = value.strip()
    return found, ""


def _databases(tables: list[Table], reading: Reading) -> list[Table]:
    """Each database once, in the form with all its columns; linked views of it are left out."""
    whole = {table.name for table in tables if _stem(table).endswith("_all")}
    chosen: list[Table] = []
    seen: set[tuple[Any, ...]] = set()
    for table in tables:
        if table.name.removesuffix(".csv") + "_all.csv" in whole:
            continue
        rows = tuple(sorted(text_at(row, 0) for _n, row in table.rows()))
        if rows in seen and len(rows) > 1:
            words = say(
                "“%(name)s” shows rows that another view showed already.", name=_title(table)
            )
            reading.note(words)
            continue
        seen.add(rows)
        chosen.append(table)
    return chosen


def _stem(table: Table) -> str:
    return PurePosixPath(table.name).stem


def _title(table: Table) -> str:
    found = _DATABASE.match(_stem(table))
    return todos.plain(found["title"]) if found else _stem(table)


class _Database:
    def __init__(self, table: Table, pages: list[_Page], reading: Reading) -> None:
        self._table, self._reading = table, reading
        head = table.head[0][1] if table.head else []
        self._columns = Columns(1, [normal(cell) for cell in head])
        rows = list(below(table, self._columns))
        self._rows = rows
        title = 0 if self._columns.names else -1
        self._fields = Fields(self._columns, order_in(rows), title)
        folder = PurePosixPath(table.name).parent
        stem = _stem(table).removesuffix("_all")
        homes = (str(folder / stem), str(folder / re.sub(rf" ?{_HEX}$", "", stem)))
        self._pages: dict[str, list[_Page]] = {}
        for page in pages:
            if page.folder in homes:
                self._pages.setdefault(page.title.casefold(), []).append(page)
        self._boxes = self._box_columns()
        self._by_id: dict[str, Item] = {}
        self._by_title: dict[str, Item] = {}

    def _box_columns(self) -> list[int]:
        """Columns of tick boxes: a habit tracker's steps."""
        found = []
        for at, name in enumerate(self._columns.names):
            values = {text_at(row, at).casefold() for _n, row in self._rows}
            if values and values <= {"yes", "no"} and name not in _NOT_STEPS:
                found.append(at)
        return found if len(found) > 1 else []

    def read(self) -> None:
        reading, items = self._reading, []
        relations: dict[int, str] = {}
        for number, row in self._rows:
            reading.rows_read += 1
            item = self._item(number, row)
            if not item.title:
                reading.skip(number, "", N_("It has no name."))
                continue
            items.append(item)
            if parent := text_at(row, self._columns.at(*_PARENT)):
                relations[number] = parent
        self._settle(items, relations)
        self._take_left_over()

    def _take_left_over(self) -> None:
        """Pages of rows whose title is another here ("@Today"): without to-dos they add nothing."""
        for page in (page for pages in self._pages.values() for page in pages):
            page.is_taken = page.is_taken or not page.steps

    def _settle(self, items: list[Item], relations: dict[int, str]) -> None:
        parents = {row: item for row, text in relations.items() if (item := self._related(text))}
        for row in relations.keys() - parents.keys():
            self._reading.note(say("The parent of row %(row)s is not in the export.", row=row))
        self._reading.items += families.settle(items, parents)
        self._reading.questions += self._fields.questions()

    def _item(self, number: int, row: Any) -> Item:
        item = self._fields.item(number, row)
        item.place = _title(self._table)
        page = self._page(item.title)
        if page:
            item.steps = page.numbered or item.steps
            self._by_id[page.id] = item
        self._by_title.setdefault(item.title.casefold(), item)
        if not item.steps and self._boxes:
            head = self._table.head[0][1]
            item.steps = tuple(Step(todos.plain(str(head[at]))) for at in self._boxes)
        item.has_checklist = bool(item.steps)
        return item

    def _page(self, title: str) -> _Page | None:
        """The page of a row; rows of the same title take theirs in turn, cut titles count too."""
        found = self._pages.get(title.casefold()) or self._cut_off(title.casefold())
        page = found.pop(0) if found else None
        if page:
            page.is_taken = True
        return page

    def _cut_off(self, title: str) -> list[_Page]:
        """The pages whose title was cut short, as the names of files are."""
        if len(title) < _CUT_TITLE:
            return []
        return next((p for name, p in self._pages.items() if name and title.startswith(name)), [])

    def _related(self, text: str) -> Item | None:
        """The row that a relation names: "Title (path)", whose title may hold commas."""
        first = re.split(r"\), ", text)[0]
        found = re.search(_HEX, first.rpartition("(")[2])
        if found and found[0] in self._by_id:
            return self._by_id[found[0]]
        title = first.rpartition(" (")[0] or first
        return self._by_title.get(todos.plain(title).casefold())


def _take_page(page: _Page, reading: Reading) -> None:
    reading.rows_read += 1
    row = reading.rows_read
    steps = page.numbered if words.MEANT_AGAIN.search(page.title) else page.steps
    if not page.title or not steps:
        reading.skip(row, page.title, N_("This page holds no to-do list."))
        return
    wanted = page.properties
    reading.items.append(
        Item(
            row=row,
            title=page.title,
            place=re.sub(rf" ?{_HEX}$", "", PurePosixPath(page.folder).name),
            people=people_in(_property(wanted, names.WHO)),
            due=_date(wanted, names.DUE),
            created=_date(wanted, names.CREATED),
            rhythm=_property(wanted, names.RHYTHM),
            tags=_property(wanted, names.TAGS),
            has_checklist=True,
            steps=steps,
        )
    )


def _property(properties: dict[str, str], aliases: tuple[str, ...]) -> str:
    return next((properties[name] for name in aliases if properties.get(name)), "")


def _date(properties: dict[str, str], aliases: tuple[str, ...]) -> When | None:
    return dates.read_when(_property(properties, aliases))


TOOL = Tool("notion", "Notion", N_("Page menu, Export, Markdown & CSV or HTML"), _recognise, _read)
