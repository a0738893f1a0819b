"""Exports of the six tools with invented contents, written in the shape that each tool writes."""

# ruff: noqa: SIM905 -- a header reads best as the line that it is in the file

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from openpyxl import Workbook

from webapp.importers import Import, ImportedDraft, Known, read_export

ASANA = [
    *("Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee").split(","),
    *("Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task").split(","),
    *("Blocked By (Dependencies),Blocking (Dependencies)").split(","),
]
_CLICKUP_START = "Task Name,Task Content,Status,Date Created,Date Created Text,Due Date"
_CLICKUP_DATES = "Due Date Text,Start Date,Start Date Text,Parent ID"
_CLICKUP_END = (
    "Time Estimated,Time Estimated Text,Checklists,Comments,Assigned Comments,Time Spent,"
    "Time Spent Text,Rolled Up Time,Rolled Up Time Text"
)
CLICKUP_2023 = (
    f"Task ID,{_CLICKUP_START},{_CLICKUP_DATES},Attachments,Assignees,Tags,Priority,List Name,"
    f"Folder Name,Space Name,{_CLICKUP_END}"
).split(",")
CLICKUP_2026 = (
    f"Task ID,Task Link,Task Type,{_CLICKUP_START},{_CLICKUP_DATES},Subtasks IDs,Attachments,"
    f"Assignees,Tags,Priority,List Name,Folder Name/Path,Space Name,{_CLICKUP_END},"
    "Home Location ID,Home Location,Other Location IDs,Other Locations"
).split(",")
LINEAR_2023 = (
    "ID,Team,Title,Description,Status,Estimate,Priority,Project,Creator,Assignee,Labels,"
    "Cycle Number,Cycle Name,Cycle Start,Cycle End,Created,Updated,Started,Completed,Canceled,"
    "Archived,Due Date,Milestone,Parent issue,Roadmaps"
).split(",")
LINEAR_2024 = [
    *LINEAR_2023[:8], "Project ID", *LINEAR_2023[8:18], "Triaged", *LINEAR_2023[18:23],
    *LINEAR_2023[23:24], "Initiatives", "Project Milestone ID", "Project Milestone", "SLA Status",
]  # fmt: skip
A_HEX = "0123456789abcdef0123456789abcdef"


def read(content: bytes, name: str = "export", **how: Any) -> Import:
    return read_export(io.BytesIO(content), name, **how)


def only(content: bytes, name: str = "export", **how: Any) -> ImportedDraft:
    (draft,) = read(content, name, **how)["drafts"]
    return draft


def table(header: Sequence[str], rows: Iterable[dict[str, Any]], **how: Any) -> str:
    """A CSV with that header; a row names only the columns that it fills."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", **how)
    writer.writerow(header)
    for row in rows:
        assert not row.keys() - set(header), row.keys() - set(header)
        writer.writerow([row.get(name, "") for name in header])
    return text.getvalue()


def asana(*rows: dict[str, Any], header: Sequence[str] = ASANA) -> bytes:
    filled = [{"Task ID": str(1_211_430_000_000_000 + n)} | row for n, row in enumerate(rows)]
    return b"\xef\xbb\xbf" + table(header, filled).encode()


def weekly(name: str, first: date, count: int, days: int = 7, **more: Any) -> list[dict[str, Any]]:
    """Rows of Asana: that many occurrences, all but the last completed on their day."""
    due = [first + timedelta(days=days * n) for n in range(count)]
    done = ["" if day == due[-1] else f"{day}" for day in due]
    return [
        {"Name": name, "Due Date": f"{day}", "Completed At": completed} | more
        for day, completed in zip(due, done, strict=True)
    ]


def clickup(*rows: dict[str, Any], header: Sequence[str] = CLICKUP_2026) -> bytes:
    shared = {"Date Created": "1700000000000", "Parent ID": "null", "List Name": "Office"}
    return table(header, [shared | row for row in rows]).encode()


def at_four(day: date) -> dict[str, str]:
    """A due date without a time, as ClickUp writes it."""
    moment = datetime(day.year, day.month, day.day, 4)
    return {
        "Due Date": str(int((moment - datetime(1970, 1, 1)).total_seconds() * 1000) - 19_800_000),
        "Due Date Text": f"{day.month}/{day.day}/{day.year}, 4:00:00 AM GMT+5:30",
    }


def linear(*rows: dict[str, Any], header: Sequence[str] = LINEAR_2023, short: int = 0) -> bytes:
    """Issues of Linear; `short` columns are missing at the end of each row but the header."""
    always = {"Team": "Operations", "Status": "Done"}
    always["Created"] = "Mon Jan 06 2025 09:00:00 GMT+0000 (GMT)"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    for n, row in enumerate(rows, 1):
        filled = {"ID": f"OPS-{n}"} | always | row
        writer.writerow([filled.get(name, "") for name in header][: len(header) - short])
    return text.getvalue().encode()


def js_date(day: date, clock: str = "00:00:00") -> str:
    return f"{day:%a %b %d %Y} {clock} GMT+0000 (GMT)"


def card(name: str, **more: Any) -> dict[str, Any]:
    base = {"id": f"{len(name):024x}", "name": name, "idList": "l1", "pos": 1, "closed": False}
    base |= {"due": None, "idMembers": [], "email": "secret+board@boards.trello.example"}
    return base | more


def checklist(card_id: str, name: str, *items: tuple[str, float], pos: float = 1) -> dict[str, Any]:
    return {
        "id": f"c{name}",
        "name": name,
        "idCard": card_id,
        "pos": pos,
        "checkItems": [{"name": title, "pos": at, "state": "incomplete"} for title, at in items],
    }


def trello(*cards: dict[str, Any], checklists: Sequence[Any] = (), **more: Any) -> bytes:
    board = {
        "id": "b1",
        "name": "Bakery",
        "cards": list(cards),
        "lists": [{"id": "l1", "name": "To do", "pos": 1, "closed": False}],
        "members": [{"id": "m1", "fullName": "Ana Ruiz", "username": "ana"}],
        "checklists": list(checklists),
        "actions": [],
    }
    return json.dumps(board | more).encode()


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def monday(above: int = 0) -> bytes:
    """A board of monthly e-mails with weekly subitems; `above` more rows before its header."""
    item = ["Name", "Subitems", "Person", "Status", "Date", "Item ID (auto generated)"]
    under = ["Subitems", "Name", "Owner", "Due Date", "Status", "Item ID (auto generated)"]
    rows: list[list[Any]] = [["Q4 2025"], *[["What this board is for"]] * above]
    for month, name, first in ((10, "October", 1), (11, "November", 5), (12, "December", 3)):
        days = [datetime(2025, month, first + 7 * week) for week in range(4)]
        rows += [[f"Client {month}"], item]
        rows.append([f"{name} Emails", "", "Cleo, Dan", "Done", None, 10054843712 + month])
        rows.append(under)
        for n, day in enumerate(days, 1):
            row_id = 200 + month * 10 + n
            rows.append([None, f"Draft letter {n}", "Cleo", day, "Done", row_id])
        rows.append([None, None, None, None, "2025-11-15 to 2025-12-01"])
        rows.append([])
    updates = [
        ["Updates"],
        ["Item ID", "Item Name", "Content Type", "User"],
        [1, "a", "Update", "b"],
    ]
    return workbook(("q4 2025", rows), ("q4 2025-updates", updates))


def zipped(*files: tuple[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files:
            made.writestr(name, content)
    return stream.getvalue()


def notion(*files: tuple[str, bytes | str], nested: bool = True) -> bytes:
    inner = zipped(*((f"Export-1/{name}", content) for name, content in files))
    return zipped(("Export-1-Part-1.zip", inner)) if nested else inner


def titles(draft: ImportedDraft) -> list[str]:
    return [step["title"] for step in draft["steps"]]


PEOPLE = (Known("Maria Gomez", "maria@example.org"), Known("James Lee", "james@example.org"))
