"""Any other table of tasks: a view that a tool exported, or a sheet that somebody keeps by hand.

It is read only when no tool is recognised: a column for the task, and one for people, deadlines
or how often.
"""

from webapp.importers import columns as names
from webapp.importers.columns import Columns, below, find_header
from webapp.importers.fields import Fields, order_in
from webapp.importers.items import Reading
from webapp.importers.tool import Tool
from webapp.importers.upload import Table, Upload
from webapp.rules.sentences import N_

# A date alone is no sign of a task: a bank statement has one, too.
_TITLE = tuple(name for name in names.TITLE if name not in ("description", "subject", "what"))
_FURTHER = (*names.WHO, *names.RHYTHM, "due date", "due", "due on", "deadline")
_ORDER_SAMPLE = 20_000


def _header(table: Table) -> Columns | None:
    return find_header(table, _TITLE, _FURTHER)


def _recognise(upload: Upload) -> int:
    return 20 if any(_header(table) for table in upload.tables) else 0


def _read(upload: Upload) -> Reading:
    reading = Reading()
    for table in upload.tables:
        if columns := _header(table):
            _read_table(table, columns, reading)
    return reading


def _read_table(table: Table, columns: Columns, reading: Reading) -> None:
    sample = [row for row, _ in zip(below(table, columns), range(_ORDER_SAMPLE), strict=False)]
    fields = Fields(columns, order_in(sample))
    for number, row in below(table, columns):
        reading.rows_read += 1
        item = fields.item(number, row)
        if not item.title:
            reading.skip(number, "", N_("It has no name."))
            continue
        item.place = item.place or table.name.rpartition("/")[2].partition(".")[0]
        reading.items.append(item)
    reading.questions += fields.questions()


TOOL = Tool(
    "spreadsheet", "another table", "A table with a name and a date or a person", _recognise, _read
)  # fmt: skip
