"""Exports of project tools to drafts of the recurring work in them.

The tool is known by the content. Nothing is fetched, run or written: what an export says is data.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO

from webapp.importers.drafting import drafts_of
from webapp.importers.drafts import Import, ImportedDraft
from webapp.importers.people import Known
from webapp.importers.tool import Tool, known_tools
from webapp.importers.upload import Opener, Upload
from webapp.problems import Problem
from webapp.rules.sentences import N_, say

__all__ = ["Import", "ImportedDraft", "Known", "known_tools", "read_export"]

LONGEST_NAME = 200


def read_export(
    stream: IO[bytes],
    name: str,
    tool: str | None = None,
    known: Sequence[Known] | None = None,
) -> Import:
    """The drafts in one export and the report of it; `stream` must be able to seek.

    `name` is only shown. Raises the problems import_* with a sentence that says what to do.
    """
    tools = known_tools()
    if tool is not None and tool not in tools:
        words = say(
            "There is no tool “%(tool)s”. Use one of: %(tools)s.",
            tool=tool[:40],
            tools=", ".join(tools),
        )
        raise Problem("import_wrong_tool", words)
    wanted = frozenset().union(*(each.members for each in tools.values()))
    with ExitStack() as stack:
        upload = Opener(stack, wanted).open(stream, name)
        chosen = _chosen(upload, tools, tool)
        reading = chosen.read(upload)
        if not reading.rows_read:
            words = say(
                "This %(tool)s export holds no tasks. Export it again, with its tasks.",
                tool=chosen.title,
            )
            raise Problem("import_empty", words)
        reading.notes += [
            say("“%(path)s”: %(why)s", path=path[-120:], why=say(why))
            for path, why in upload.left_out
        ]
        if any(table.cut_off() for table in upload.tables):
            cut_off = N_("The file ends inside a cell, so it was cut off. Export it again.")
            reading.notes.append(cut_off)
        return drafts_of(reading, chosen.name, name[-LONGEST_NAME:], known)


def _chosen(upload: Upload, tools: dict[str, Tool], asked: str | None) -> Tool:
    likeness = {name: each.recognise(upload) for name, each in tools.items()}
    best = max(likeness, key=lambda name: likeness[name])
    if asked and likeness[asked]:
        return tools[asked]
    if not likeness[best]:
        raise Problem("import_not_recognised", _what_it_is(upload))
    if asked:
        words = say(
            "This is no export of %(asked)s: it looks like %(best)s. Leave the tool out, or export"
            " again: %(how)s.",
            asked=tools[asked].title,
            best=tools[best].title,
            how=say(tools[asked].how),
        )
        raise Problem("import_wrong_tool", words)
    return tools[best]


def _what_it_is(upload: Upload) -> str:
    """What was found instead, so that the way out is plain."""
    todo = say(
        "Export CSV, JSON, XLSX or ZIP from Asana, Monday, ClickUp, Trello, Linear or Notion."
    )
    if upload.tables and upload.tables[0].head:
        names = [str(cell)[:30] for cell in upload.tables[0].head[0][1] if cell][:6]
        return say(
            "No column for tasks was found; the first row is: %(names)s. %(todo)s",
            names=", ".join(names),
            todo=todo,
        )
    if upload.documents:
        return say("This JSON is not a board or a project. %(todo)s", todo=todo)
    return say("Nothing in it is an export that Baton knows. %(todo)s", todo=todo)
