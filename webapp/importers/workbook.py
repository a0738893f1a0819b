"""Spreadsheets (XLSX) to rows of values: no formula is worked out, no macro or link is opened."""

import re
import warnings
import zipfile
from collections.abc import Iterator
from typing import IO, Any

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from webapp.importers import archive
from webapp.importers.archive import MEGABYTE
from webapp.problems import Problem
from webapp.rules.sentences import N_

LARGEST_WORKBOOK = 60 * MEGABYTE
MOST_TAGS = 3_000_000
MOST_ROWS = 100_000
MOST_CELLS = 1_000_000
MOST_SHEETS = 200

_PART = 256 * 1024
_DAMAGED = N_(
    "This spreadsheet is damaged or was cut off. Export it again, or save it again as XLSX."
)
_TOO_MUCH = N_("This spreadsheet holds more than Baton reads at once. Export one board at a time.")
_ENTITIES = N_("This spreadsheet defines XML entities, which no export does, so it was not read.")

Row = tuple[Any, ...]


def is_workbook(zipped: zipfile.ZipFile) -> bool:
    """Is this zip a spreadsheet?"""
    return "xl/workbook.xml" in zipped.NameToInfo


def has_macros(zipped: zipfile.ZipFile) -> bool:
    """Does the spreadsheet carry macros? They are never opened."""
    return any(name.endswith("vbaProject.bin") for name in zipped.NameToInfo)


def made_by(zipped: zipfile.ZipFile) -> str:
    """The program that wrote the spreadsheet, as it says itself."""
    entry = zipped.NameToInfo.get("docProps/app.xml")
    if entry is None:
        return ""
    text = archive.content(zipped, entry, MEGABYTE).decode("utf-8", "replace")
    found = re.search(r"<(?:\w+:)?Application>([^<]{1,80})<", text)
    return found[1] if found else ""


def sheets(stream: IO[bytes]) -> list[tuple[str, list[Row]]]:
    """Each sheet's name and its rows, from the first row on; empty rows are empty tuples.

    Raises import_damaged, import_too_large, or import_unsafe for entities in its XML.
    """
    with archive.opened(stream, LARGEST_WORKBOOK) as zipped:
        _check_xml(zipped)
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about styles and drawings that are not wanted
            return _read(stream)
    except DefusedXmlException as error:
        raise Problem("import_unsafe", _ENTITIES) from error
    except _UNREADABLE as error:
        raise Problem("import_damaged", _DAMAGED) from error


# What openpyxl raises on a file that is not as it should be has no common class.
_UNREADABLE = (
    InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError,
    IndexError, SyntaxError, EOFError, OSError, RecursionError, OverflowError, NotImplementedError,
)  # fmt: skip


def _read(stream: IO[bytes]) -> list[tuple[str, list[Row]]]:
    book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    try:
        found, left = [], MOST_CELLS
        for sheet in book.worksheets[:MOST_SHEETS]:
            sheet.reset_dimensions()
            rows = list(_bounded(sheet.iter_rows(values_only=True), left))
            left -= sum(map(len, rows))
            found.append((sheet.title, rows))
        return found
    finally:
        book.close()


def _bounded(rows: Iterator[Row], cells: int) -> Iterator[Row]:
    for number, row in enumerate(rows):
        cells -= len(row)
        if cells < 0 or number > MOST_ROWS:
            raise Problem("import_too_large", _TOO_MUCH)
        yield row


def _check_xml(zipped: zipfile.ZipFile) -> None:
    """Count the tags of each part without parsing it, and refuse entities outright."""
    tags = 0
    for name, entry in archive.entries(zipped):
        if not name.endswith((".xml", ".rels")):
            continue
        tail = b""
        for part in _parts(zipped, entry):
            tags += part.count(b"<")
            if b"<!DOCTYPE" in tail + part or b"<!ENTITY" in tail + part:
                raise Problem("import_unsafe", _ENTITIES)
            if tags > MOST_TAGS:
                raise Problem("import_too_large", _TOO_MUCH)
            tail = part[-16:]


def _parts(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with zipped.open(entry) as part:
            while read := part.read(_PART):
                yield read
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        raise Problem("import_damaged", _DAMAGED) from error
