"""What was handed in, opened: tables, JSON documents and pages, wherever they lay.

Recognised by content: a zip may hold the export, hold a zip that does (one level, as Notion packs
it), or be a spreadsheet.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO, Any

from webapp.importers import archive, members, workbook
from webapp.importers.archive import MEGABYTE
from webapp.importers.text import SAMPLE, Lines, decoded
from webapp.problems import Problem
from webapp.rules.sentences import N_, say

LARGEST_FILE = 100 * MEGABYTE
LARGEST_JSON = 50 * MEGABYTE
LARGEST_PAGE = 4 * MEGABYTE
MOST_ROWS = 500_000
HEAD = 40

Rows = Iterator[tuple[int, Any]]

_NOT_EXPORTS = (
    (b"%PDF", N_("a PDF"), N_("CSV, JSON, XLSX or ZIP")),
    (b"\xd0\xcf\x11\xe0", N_("an old Excel file (.xls)"), N_("XLSX, or CSV")),
    (b"\x89PNG", N_("a picture"), N_("CSV, JSON, XLSX or ZIP")),
    (b"\xff\xd8\xff", N_("a picture"), N_("CSV, JSON, XLSX or ZIP")),
    (b"GIF8", N_("a picture"), N_("CSV, JSON, XLSX or ZIP")),
    (b"Rar!", N_("a RAR archive"), N_("ZIP, or the files in it")),
    (b"7z\xbc\xaf", N_("a 7z archive"), N_("ZIP, or the files in it")),
    (b"\x1f\x8b", N_("a GZ archive"), N_("ZIP, or the files in it")),
    (b"SQLite format 3", N_("a database"), N_("CSV, JSON, XLSX or ZIP")),
    (b"{\\rtf", N_("a text document"), N_("CSV, JSON, XLSX or ZIP")),
)


@dataclass(slots=True)
class Table:
    """A table of text or values; `rows` gives each row with its number, counted from 1."""

    name: str
    rows: Callable[[], Rows]
    head: list[tuple[int, Any]]
    made_by: str = ""
    cut_off: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Page:
    """A page of text, Markdown or HTML; `path` is its name in the zip."""

    path: str
    text: str


@dataclass(slots=True)
class Upload:
    """All that one file held. `left_out` are files that were not read, and why."""

    tables: list[Table] = field(default_factory=list)
    documents: list[tuple[str, Any]] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)


class Opener:
    """Opens one file, and keeps open what is read row by row until the end."""

    def __init__(self, stack: ExitStack, wanted: frozenset[str]) -> None:
        self._stack, self._wanted = stack, wanted
        self._room = archive.LARGEST_CONTENTS
        self.upload = Upload()

    def open(self, stream: IO[bytes], name: str) -> Upload:
        """Read what the stream holds; its name is only for the report.

        Raises the problems import_too_large, import_empty, import_damaged, import_unsafe,
        import_protected and import_not_recognised.
        """
        stream.seek(0, 2)
        size = stream.tell()
        stream.seek(0)
        if size > LARGEST_FILE:
            words = say(
                "This file is over %(size)s MB. Export one project or board.",
                size=LARGEST_FILE // MEGABYTE,
            )
            raise Problem("import_too_large", words)
        if size == 0 or not (start := stream.read(SAMPLE)).strip(
            b"\0\r\n\t ,;\xef\xbb\xbf\xff\xfe"
        ):
            raise Problem("import_empty")
        if start.startswith(b"PK"):
            self._open_zip(stream, name, depth=0)
        else:
            self._take(stream, name, start)
        return self.upload

    def _open_zip(self, stream: IO[bytes], name: str, depth: int) -> None:
        with archive.opened(stream, self._room) as zipped:
            if workbook.is_workbook(zipped):
                self._take_workbook(zipped, stream, name)
                return
            self._room -= sum(entry.file_size for entry in zipped.infolist())
            for path, entry in archive.entries(zipped):
                self._take_entry(zipped, path, entry, depth)

    def _take_entry(
        self, zipped: zipfile.ZipFile, path: str, entry: zipfile.ZipInfo, depth: int
    ) -> None:
        kind = PurePosixPath(path).suffix.lower()
        if kind in (".md", ".markdown", ".html", ".htm"):
            text = decoded(archive.content(zipped, entry, LARGEST_PAGE))
            self.upload.pages.append(Page(path, text))
        elif kind not in (".csv", ".tsv", ".json", ".xlsx", ".xlsm", ".zip", ".txt"):
            self.upload.left_out.append((path, N_("It is no table, page or list of tasks.")))
        elif entry.file_size:
            copy = self._stack.enter_context(archive.copied(zipped, entry))
            self._take_inner(copy, path, depth)

    def _take_inner(self, copy: IO[bytes], path: str, depth: int) -> None:
        start = copy.read(SAMPLE)
        copy.seek(0)
        if not start.startswith(b"PK"):
            self._take(copy, path, start)
        elif depth == 0 or _is_workbook_file(copy):
            self._open_zip(copy, path, depth + 1)
        else:
            why = N_("It is a zip in a zip in a zip. Unpack the outer ones and hand in this one.")
            self.upload.left_out.append((path, why))

    def _take(self, stream: IO[bytes], name: str, start: bytes) -> None:
        _refuse_other_kinds(start)
        beginning = decoded(start[:2048]).lstrip()
        if beginning[:1] in ("{", "["):
            self.upload.documents.append((name, self._json(stream)))
        elif re.match(r"(?i)<!doctype html|<html", beginning) or name.lower().endswith(
            (".md", ".markdown")
        ):
            stream.seek(0)
            self.upload.pages.append(Page(name, decoded(stream.read(LARGEST_PAGE))))
        else:
            self._take_lines(stream, name)

    def _json(self, stream: IO[bytes]) -> Any:
        stream.seek(0)
        content = stream.read(LARGEST_JSON + 1)
        if len(content) > LARGEST_JSON:
            words = say(
                "This JSON file is over %(size)s MB. Export one board.",
                size=LARGEST_JSON // MEGABYTE,
            )
            raise Problem("import_too_large", words)
        return members.read_json(content, self._wanted)

    def _take_lines(self, stream: IO[bytes], name: str) -> None:
        lines = Lines(stream)
        head = [row for _, row in zip(range(HEAD), lines.rows(), strict=False)]
        table = Table(name, lambda: _bounded(lines.rows()), head, cut_off=lambda: lines.is_cut_off)
        self.upload.tables.append(table)

    def _take_workbook(self, zipped: zipfile.ZipFile, stream: IO[bytes], name: str) -> None:
        made_by = workbook.made_by(zipped)
        if workbook.has_macros(zipped):
            self.upload.left_out.append((name, N_("Its macros were not opened: only its cells.")))
        for title, rows in workbook.sheets(stream):
            numbered = list(enumerate(rows, 1))
            table = Table(title, lambda rows=numbered: iter(rows), numbered[:HEAD], made_by)  # type: ignore[misc]
            self.upload.tables.append(table)


def _is_workbook_file(copy: IO[bytes]) -> bool:
    try:
        with zipfile.ZipFile(copy) as zipped:
            return workbook.is_workbook(zipped)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    finally:
        copy.seek(0)


def _refuse_other_kinds(start: bytes) -> None:
    for magic, what, instead in _NOT_EXPORTS:
        if start.startswith(magic):
            words = say(
                "This is %(what)s. Export or save it as %(instead)s.",
                what=say(what),
                instead=say(instead),
            )
            raise Problem("import_not_recognised", words)


def _bounded(rows: Rows) -> Rows:
    for number, row in rows:
        if number > MOST_ROWS:
            words = say(
                "This file has more than %(most)s rows. Export one project at a time.",
                most=MOST_ROWS,
            )
            raise Problem("import_too_large", words)
        yield number, row
