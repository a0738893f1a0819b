"""Trello: JSON of a board or of one card, and the CSV of Premium boards.

Everything has a `pos`; the order in the file means nothing. The secret `email` is never kept.
"""

import re
from datetime import UTC, datetime
from typing import Any

from webapp.importers import dates, todos
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
from webapp.importers.members import text_of, things_in
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_

Thing = dict[str, Any]

_MEMBERS = frozenset(
    [
        "id",
        "name",
        "desc",
        "closed",
        "cards",
        "labels",
        "lists",
        "members",
        "checklists",
        "pos",
        "idList",
        "idMembers",
        "idChecklists",
        "idCard",
        "due",
        "dueComplete",
        "start",
        "isTemplate",
        "cardRole",
        "recurrenceRule",
        "rule",
        "checkItems",
        "state",
        "idMember",
        "fullName",
        "username",
        "attachments",
        "dateCompleted",
        "idBoard",
    ]
)
_TABLE = (("card id",), ("card name",), ("list name", "board name"))
_NOT_WORK = ("separator", "mirror", "board", "link")


def _recognise(upload: Upload) -> int:
    if any(_is_board(document) or _is_card(document) for _, document in upload.documents):
        return 95
    return 90 if any(find_header(table, *_TABLE) for table in upload.tables) else 0


def _is_board(document: Any) -> bool:
    return (
        isinstance(document, dict)
        and isinstance(document.get("cards"), list)
        and "lists" in document
    )


def _is_card(document: Any) -> bool:
    return isinstance(document, dict) and "idList" in document and "name" in document


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for _name, document in upload.documents:
        if _is_board(document):
            _Board(document, reading).read()
        elif _is_card(document):
            _Board({"cards": [document], **document}, reading).read()
    for table in upload.tables:
        if columns := find_header(table, *_TABLE):
            _read_table(table, columns, reading)
    return reading


class _Board:
    def __init__(self, board: Thing, reading: Reading) -> None:
        self._reading = reading
        self._is_whole = "lists" in board
        self._board = text_of(board, "name") if self._is_whole else ""
        self._cards = things_in(board.get("cards"))
        self._lists = {text_of(each, "id"): each for each in _in_order(board.get("lists"))}
        self._members = {text_of(each, "id"): each for each in things_in(board.get("members"))}
        self._checklists: dict[str, list[Thing]] = {}
        for each in _in_order(board.get("checklists")):
            self._checklists.setdefault(text_of(each, "idCard"), []).append(each)

    def read(self) -> None:
        places = {list_id: n for n, list_id in enumerate(self._lists)}
        order = {
            id(card): (places.get(text_of(card, "idList"), len(places)), _pos(card))
            for card in self._cards
        }
        for card in sorted(self._cards, key=lambda card: order[id(card)]):
            self._reading.rows_read += 1
            self._take(card, self._reading.rows_read)

    def _take(self, card: Thing, row: int) -> None:
        title = todos.plain(text_of(card, "name"))
        if not title:
            self._reading.skip(row, "", N_("It has no name."))
        elif card.get("cardRole") in _NOT_WORK:
            self._reading.skip(row, title, N_("It is a separator or a mirror of another card."))
        else:
            self._reading.items.append(self._item(card, row, title))

    def _item(self, card: Thing, row: int, title: str) -> Item:
        column = self._lists.get(text_of(card, "idList"), {})
        steps = self._steps(card)
        return Item(
            row=row,
            title=title,
            place=self._board,
            group=todos.plain(text_of(column, "name")),
            people=tuple(filter(None, map(self._person, _strings(card.get("idMembers"))))),
            due=dates.read_when(text_of(card, "due")),
            start=dates.read_when(text_of(card, "start")),
            done=dates.read_when(text_of(card, "dateCompleted")),
            created=_made(text_of(card, "id")),
            is_done=card.get("dueComplete") is True,
            is_closed=card.get("closed") is True or column.get("closed") is True,
            is_template=card.get("isTemplate") is True,
            rule=_rule(card.get("recurrenceRule")),
            tags=", ".join(text_of(each, "name") for each in things_in(card.get("labels"))),
            notes=todos.rhythm_line(text_of(card, "desc")[:5000]),
            has_files=bool(card.get("attachments")),
            has_checklist=bool(steps),
            steps=steps or todos.boxes_or_numbers(text_of(card, "desc")),
        )

    def _steps(self, card: Thing) -> tuple[Step, ...]:
        lists = self._checklists.get(text_of(card, "id")) or _in_order(card.get("checklists"))
        found = (
            Step(
                title,
                todos.plain(text_of(each, "name")) if len(lists) > 1 else "",
                self._owner(item),
            )
            for each in lists
            for item in _in_order(each.get("checkItems"))
            if (title := todos.plain(text_of(item, "name")))
        )
        return tuple(found)[: todos.MOST_STEPS]

    def _owner(self, item: Thing) -> str:
        member = text_of(item, "idMember")
        return self._person(member) if member else ""

    def _person(self, member_id: str) -> str:
        """The member's name; of somebody who left the board there is only an id."""
        member = self._members.get(member_id, {})
        if not member:
            words = N_("Somebody assigned has left the board; the name is not kept.")
            self._reading.note(words)
        return todos.plain(text_of(member, "fullName") or text_of(member, "username"))


def _in_order(value: object) -> list[Thing]:
    return sorted(things_in(value), key=_pos)


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _pos(thing: Thing) -> float:
    pos = thing.get("pos")
    return float(pos) if isinstance(pos, int | float) and abs(pos) < 1e300 else 0.0


def _made(card_id: str) -> When | None:
    """When the card was made: the first half of its id counts the seconds since 1970."""
    if not re.fullmatch(r"[0-9a-f]{24}", card_id):
        return None
    return dates.of_moment(datetime.fromtimestamp(int(card_id[:8], 16), UTC))


def _rule(value: object) -> str:
    """The rule of a recurring due date, of null, a string, or an object that holds one."""
    text = value.get("rule") if isinstance(value, dict) else value
    found = (
        re.search(r"(?:RRULE:)?(FREQ=[A-Z0-9=;,+-]+)", text[:2000])
        if isinstance(text, str)
        else None
    )
    return found[1] if found else ""


def _read_table(table: Table, columns: Columns, reading: Reading) -> None:
    at, days = columns.at, DateColumns(table, columns, "due date", "start date")
    for number, row in below(table, columns):
        reading.rows_read += 1
        title = todos.plain(text_at(row, at("card name")))
        if not title:
            reading.skip(number, "", N_("It has no name."))
            continue
        reading.items.append(
            Item(
                row=number,
                title=title,
                place=text_at(row, at("board name")),
                group=text_at(row, at("list name")),
                people=people_in(text_at(row, at("members"))),
                due=days.read(row, "due date"),
                start=days.read(row, "start date"),
                created=_made(text_at(row, at("card id"))),
                is_closed=text_at(row, at("archived")).casefold() in ("true", "yes"),
                rhythm=text_at(row, at(*RHYTHM)),
                tags=text_at(row, at("labels")),
                notes=todos.rhythm_line(text_at(row, at("card description"))),
                has_files=text_at(row, at("attachment count")) not in ("", "0"),
            )
        )
    reading.questions += days.questions()
    words = N_(
        "Trello's CSV holds no checklist items. The JSON export of the board brings the steps."
    )
    reading.note(words)


TOOL = Tool(
    "trello",
    "Trello",
    N_("Board menu, Print, export and share, Export as JSON"),
    _recognise,
    _read,
    _MEMBERS,
)  # fmt: skip
