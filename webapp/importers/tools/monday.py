"""Monday: XLSX of a board, or a ZIP of them; CSV where somebody converted one.

A sheet is a page, not a table: groups with a header each, subitems under their item with a header
of their own, and a summary row at the end of a group. What a row is follows from its first cells.
"""

from typing import Any

from webapp.importers import families
from webapp.importers.columns import Columns, normal, text_at
from webapp.importers.fields import Fields, order_in
from webapp.importers.items import Item, Reading, Step
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_, say

_ITEM_ID = "item id"


def _recognise(upload: Upload) -> int:
    return max((_likeness(table) for table in upload.tables), default=0)


def _likeness(table: Table) -> int:
    headers = [row for _n, row in table.head if _is_header(row)]
    subitems = any(_is_subheader(row) for _n, row in table.head)
    if subitems or any(_ends_with_id(row) for row in headers):
        return 92
    if headers and "wijmo" in table.made_by.lower():
        return 90
    above = [len(_filled(row)) for _n, row in table.head[:5]]
    return 50 if headers and above[:2] == [1, 1] else 0


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for table in upload.tables:
        if any(_is_updates(row) for _n, row in table.head[:3]):
            reading.note(say("The sheet “%(name)s” holds updates, not items.", name=table.name))
        elif _likeness(table):
            _Board(table, reading).read()
    return reading


class _Board:
    def __init__(self, table: Table, reading: Reading) -> None:
        self._rows = list(table.rows())
        self._reading = reading
        self._order = order_in(self._rows)
        self._board, self._group = "", ""
        self._fields: Fields | None = None
        self._subfields: Fields | None = None
        self._subitems_at = -1
        self._items: list[Item] = []
        self._parents: dict[int, Item] = {}
        self._all_fields: list[Fields] = []

    def read(self) -> None:
        for place, (number, row) in enumerate(self._rows):
            if _filled(row):
                self._take(place, number, row)
        top = families.settle(self._items, self._parents)
        for item in top:
            _add_from_children(item)
        self._reading.items += top
        for fields in self._all_fields:
            self._reading.questions += fields.questions()

    def _take(self, place: int, number: int, row: Any) -> None:
        if _is_subheader(row):
            self._subfields = self._fields_of(row, title=1)
        elif _is_header(row) and (self._fields is None or self._is_new_header(row)):
            self._fields, self._subfields = self._fields_of(row, title=0), None
            self._subitems_at = _names(row).index("subitems") if "subitems" in _names(row) else -1
        elif self._is_title(place, row):
            self._take_title(text_at(row, 0))
        elif not text_at(row, 0):
            self._take_under(number, row)
        else:
            self._take_item(number, row)

    def _is_new_header(self, row: Any) -> bool:
        return _ends_with_id(row) or len(_filled(row)) > 1

    def _fields_of(self, row: Any, title: int) -> Fields:
        fields = Fields(Columns(0, _names(row)), self._order, title)
        self._all_fields.append(fields)
        return fields

    def _is_title(self, place: int, row: Any) -> bool:
        """Only the first cell is filled: a board, a group or a description, unless an item is."""
        if _filled(row) != [0]:
            return False
        following = next((each for _n, each in self._rows[place + 1 :] if _filled(each)), ())
        return self._fields is None or _is_header(following) or _filled(following) == [0]

    def _take_title(self, title: str) -> None:
        if not self._board:
            self._board = title
        else:
            self._group = title
        self._subfields = None

    def _take_under(self, number: int, row: Any) -> None:
        """A subitem of the last item; anything else without a name is a summary."""
        if not self._subfields or not text_at(row, 1) or not self._items:
            return
        self._reading.rows_read += 1
        item = self._subfields.item(number, row)
        item.place, item.group = self._board, self._group
        parent = next(each for each in reversed(self._items) if each.row not in self._parents)
        self._items.append(item)
        self._parents[number] = parent

    def _take_item(self, number: int, row: Any) -> None:
        if self._fields is None:
            return
        self._reading.rows_read += 1
        item = self._fields.item(number, row)
        if not item.title:
            self._reading.skip(number, "", N_("It has no name."))
            return
        item.place, item.group = self._board, self._group
        listed = text_at(row, self._subitems_at)
        item.steps += tuple(Step(name.strip()) for name in listed.split(",") if name.strip())
        self._subfields = None
        self._items.append(item)


def _add_from_children(item: Item) -> None:
    """Subitem rows say more than the list of their names; their last date stands in for none."""
    if not item.children:
        return
    item.steps = ()
    last = [child.due for child in item.children if child.due]
    item.due = item.due or max(last, key=lambda when: when.day, default=None)


def _names(row: Any) -> list[str]:
    return [normal(cell) for cell in row]


def _filled(row: Any) -> list[int]:
    return [at for at, cell in enumerate(row) if cell not in (None, "")]


def _is_header(row: Any) -> bool:
    return bool(row) and normal(row[0]) == "name" and len(_filled(row)) > 1


def _is_subheader(row: Any) -> bool:
    return len(row) > 1 and normal(row[0]) == "subitems" and normal(row[1]) == "name"


def _ends_with_id(row: Any) -> bool:
    return any(name.startswith(_ITEM_ID) for name in _names(row))


def _is_updates(row: Any) -> bool:
    names = _names(row)
    return _ITEM_ID in names and "item name" in names and "content type" in names


TOOL = Tool(
    "monday", "Monday", N_("Board menu, More actions, Export board to Excel"), _recognise, _read
)
