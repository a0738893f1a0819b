"""Zips from strangers: nothing is unpacked onto the disk, no name in one is followed.

Entries are counted and measured from the list at the end of the file before any is read, and
`zipfile` reads no more of an entry than that list says.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from webapp.problems import Problem
from webapp.rules.sentences import N_, say

MEGABYTE = 1024 * 1024
LARGEST_CONTENTS = 200 * MEGABYTE
MOST_ENTRIES = 5000
MOST_TIMES_LARGER = 100
IN_MEMORY = 8 * MEGABYTE
MAGIC = b"PK\x03\x04"

_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65535
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_WIDE_END, _WIDE_END_SIZE = b"PK\x06\x06", 56
_ENCRYPTED, _UTF8_NAME = 0x1, 0x800
_NOT_OF_AN_EXPORT = ("__MACOSX/", ".DS_Store", "Thumbs.db")


@contextmanager
def opened(stream: IO[bytes], room: int = LARGEST_CONTENTS) -> Iterator[zipfile.ZipFile]:
    """Open a zip whose list of entries is within bounds.

    Raises import_damaged, import_unsafe (too many entries, too large once unpacked, names that
    lead out of it) or import_protected.
    """
    try:
        _check_count(stream)
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OSError, struct.error, NotImplementedError) as error:
        raise Problem(
            "import_damaged", N_("This zip is damaged or was cut off. Export it again.")
        ) from error
    with archive:
        _check_entries(archive, room)
        yield archive


def entries(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files in it with their names as people wrote them, in the zip's own order."""
    named = [(_name(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
    return [(name, entry) for name, entry in named if not _is_clutter(name)]


def content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of one entry, of at most `most`; import_too_large or import_damaged."""
    if entry.file_size > most:
        raise too_large_inside(_name(entry), most)
    try:
        return archive.read(entry)
    except _READING as error:
        raise damaged_inside(_name(entry)) from error


@contextmanager
def copied(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[IO[bytes]]:
    """One entry as a file of its own that can be read from any place, without a name."""
    with SpooledTemporaryFile(max_size=IN_MEMORY) as copy:
        try:
            with archive.open(entry) as source:
                while part := source.read(MEGABYTE):
                    copy.write(part)
        except _READING as error:
            raise damaged_inside(_name(entry)) from error
        copy.seek(0)
        yield copy


_READING = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def damaged_inside(name: str) -> Problem:
    """The problem of an entry that cannot be read."""
    words = say("“%(name)s” in this zip is damaged. Export it again.", name=name[:120])
    return Problem("import_damaged", words)


def too_large_inside(name: str, most: int) -> Problem:
    """The problem of an entry that is larger than anything an export holds."""
    words = say(
        "“%(name)s” in this zip is over %(size)s MB. Export less at a time.",
        name=name[:120],
        size=most // MEGABYTE,
    )
    return Problem("import_too_large", words)


def _name(entry: zipfile.ZipInfo) -> str:
    """The entry's name: Notion writes UTF-8 without saying so, which zipfile reads as cp437."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            return name
    return name


def _is_clutter(name: str) -> bool:
    last = name.rpartition("/")[2]
    return (
        name.startswith(_NOT_OF_AN_EXPORT[0]) or last.startswith("._") or last in _NOT_OF_AN_EXPORT
    )


def _check_count(stream: IO[bytes]) -> None:
    """Read how many entries there are before zipfile makes an object of each."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise zipfile.BadZipFile
    (count,) = struct.unpack_from("<H", tail, at + 10)
    (list_size,) = struct.unpack_from("<L", tail, at + 12)
    locator = tail.rfind(_LOCATOR, 0, at)
    if locator >= 0:
        count, list_size = _wide_count(stream, tail, locator)
    stream.seek(0)
    if count > MOST_ENTRIES or list_size > MOST_ENTRIES * 1000:
        words = say(
            "This zip holds more than %(most)s files. Export one project at a time.",
            most=MOST_ENTRIES,
        )
        raise Problem("import_unsafe", words)


def _wide_count(stream: IO[bytes], tail: bytes, locator: int) -> tuple[int, int]:
    """Number of entries and size of their list where ZIP64 counts them (APPNOTE 4.3.14)."""
    (offset,) = struct.unpack_from("<Q", tail, locator + 8)
    stream.seek(min(offset, 2**62))
    end = stream.read(_WIDE_END_SIZE)
    if not end.startswith(_WIDE_END):
        raise zipfile.BadZipFile
    return struct.unpack_from("<Q", end, 32)[0], struct.unpack_from("<Q", end, 40)[0]


def _check_entries(archive: zipfile.ZipFile, room: int) -> None:
    listed = archive.infolist()
    for entry in listed:
        _check_name(_name(entry))
        if entry.flag_bits & _ENCRYPTED:
            raise Problem("import_protected")
        if entry.file_size > MEGABYTE and entry.file_size > MOST_TIMES_LARGER * entry.compress_size:
            raise Problem("import_unsafe", _bomb_words(_name(entry)))
    if sum(entry.file_size for entry in listed) > room:
        words = say(
            "This zip unpacks to more than %(size)s MB. Export one project at a time.",
            size=room // MEGABYTE,
        )
        raise Problem("import_too_large", words)


def _check_name(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0][:2] or "\0" in name:
        words = say(
            "This zip holds a file named “%(name)s”, which leads out of it. No export does. Export"
            " it again from the tool itself.",
            name=name[:120],
        )
        raise Problem("import_unsafe", words)


def _bomb_words(name: str) -> str:
    return say(
        "“%(name)s” in this zip is more than %(times)s times larger once unpacked. No export is, so"
        " it was not opened. Export it again from the tool itself.",
        name=name[:120],
        times=MOST_TIMES_LARGER,
    )
