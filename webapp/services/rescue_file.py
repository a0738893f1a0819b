"""Reading a rescue file: what a device that could not send had kept, in a zip.

`baton-rescue.json` says what there is, `blobs/<sha256>` are the bytes of its photos and files.
Nothing is unpacked onto the disk, no name in it is followed, and whatever is larger than it may be
is refused before it is read.
"""

import hashlib
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, ValidationError

from webapp.problems import Problem
from webapp.rules.capture_time import within_bounds
from webapp.rules.sentences import N_, say
from webapp.services import blobs

FORMAT, VERSION = "baton-rescue", 1
CONTENTS, FOLDER = "baton-rescue.json", "blobs/"
LARGEST = 500 * 1024 * 1024
TOO_LARGE = N_("A rescue file has 500 MB at most.")
LARGEST_CONTENTS = 20 * 1024 * 1024
MOST_FILES = 5000
# The end of a zip: signature, then among others the number of its files and the size of their list.
_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65535
# Just before it: where the larger end of a ZIP64 is, which would count instead (APPNOTE 4.3.15).
_LOCATOR, _LOCATOR_SIZE = b"PK\x06\x07", 20
_LARGEST_LIST = MOST_FILES * 400
_TOO_MANY = N_("This zip holds more files than a rescue file can.")
_DAMAGED = N_(
    "This file is damaged: it ends too early or was changed. Copy it from the device again."
)


class Named(BaseModel):
    """Somebody or something by id and name."""

    id: str = Field(max_length=64)
    name: str = Field(default="", max_length=200)


class Contents(BaseModel):
    """What a rescue file says is in it. Members that are not known are passed over."""

    format: Literal["baton-rescue"]
    version: int
    made_at: Annotated[AwareDatetime, AfterValidator(within_bounds)]
    device: str = Field(pattern=r"^[^\x00-\x1f\x7f]{1,64}$")
    app_version: str | None = Field(default=None, max_length=64)
    organisation: Named | None = None
    people: list[Named] = Field(default=[], max_length=1000)
    commands: list[Any] = Field(max_length=20_000)
    turns: list[Any] = Field(default=[], max_length=20_000)
    blobs: list[Any] = Field(default=[], max_length=MOST_FILES)

    @property
    def hashes(self) -> list[str]:
        """The SHA-256 of the bytes that it names, each once."""
        named = [each.get("sha256") for each in self.blobs if isinstance(each, dict)]
        return list(dict.fromkeys(h for h in named if isinstance(h, str) and blobs.is_hash(h)))


class RescueFile:
    """An open rescue file: its contents are read, its bytes on demand."""

    def __init__(self, archive: zipfile.ZipFile, contents: Contents) -> None:
        self._archive = archive
        self.contents = contents

    def bytes_of(self, sha256: str) -> bytes:
        """Return the bytes of that hash, or raise rescue_not_valid when they are not those."""
        content = _read(self._archive, FOLDER + sha256, blobs.LARGEST)
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Problem("rescue_not_valid", N_("This photo or file is not what the device kept."))
        return content


@contextmanager
def opened(stream: IO[bytes]) -> Iterator[RescueFile]:
    """Read a rescue file from a stream that can be searched, or raise rescue_not_valid."""
    _check_size(stream)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Problem("rescue_not_valid", _DAMAGED) from error
    with archive:
        _check_names(archive)
        yield RescueFile(archive, _contents(archive))


def _check_size(stream: IO[bytes]) -> None:
    """Refuse what is too large, no zip, or a list of files too long to be read."""
    size = stream.seek(0, 2)
    if size > LARGEST:
        raise Problem("too_large", TOO_LARGE)
    stream.seek(0)
    if stream.read(4)[:2] != b"PK":
        raise Problem(
            "rescue_not_valid", N_("This is not a rescue file. It is named baton-rescue-….")
        )
    stream.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE))
    tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        raise Problem("rescue_not_valid", _DAMAGED)
    if tail[max(0, at - _LOCATOR_SIZE) : at].startswith(_LOCATOR):
        words = say(
            "This is not a rescue file: it is a zip of another kind (ZIP64), not made by Baton."
        )
        raise Problem("rescue_not_valid", words)
    count, listed = struct.unpack("<HI", tail[at + 10 : at + 16])
    if count > MOST_FILES or listed > _LARGEST_LIST:
        raise Problem("rescue_not_valid", _TOO_MANY)
    stream.seek(0)


def _check_names(archive: zipfile.ZipFile) -> None:
    names = [info.filename for info in archive.infolist()]
    if len(names) > MOST_FILES:
        raise Problem("rescue_not_valid", _TOO_MANY)
    for name in names:
        sha256 = name.removeprefix(FOLDER)
        if name not in (CONTENTS, FOLDER) and (sha256 == name or not blobs.is_hash(sha256)):
            words = say(
                "This is not a rescue file: it holds “%(name)s”, which Baton never puts there.",
                name=name[:80],
            )
            raise Problem("rescue_not_valid", words)
    if CONTENTS not in names or len(set(names)) < len(names):
        words = say("This is not a rescue file: it does not hold one %(file)s.", file=CONTENTS)
        raise Problem("rescue_not_valid", words)
    if sum(info.file_size for info in archive.infolist()) > LARGEST:
        raise Problem("too_large", N_("What this file holds is over 500 MB."))


def _contents(archive: zipfile.ZipFile) -> Contents:
    raw = _read(archive, CONTENTS, LARGEST_CONTENTS)
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Problem("rescue_not_valid", _DAMAGED) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Problem("rescue_not_valid", N_("This is not a rescue file that Baton made."))
    if document.get("version") != VERSION:
        words = say("This rescue file was made by a newer app. Update Baton here, then try again.")
        raise Problem("rescue_not_valid", words)
    try:
        return Contents.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Problem("rescue_not_valid", f"{_DAMAGED} ({where}: {first['msg']})") from error


def _read(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """Read one file of the zip, never more of it than it may have, whatever it says of itself."""
    try:
        with archive.open(name) as file:
            content = file.read(most + 1)
    except KeyError as error:
        words = say("The bytes of this photo or file are not in the rescue file.")
        raise Problem("rescue_not_valid", words) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise Problem("rescue_not_valid", _DAMAGED) from error
    if len(content) > most:
        raise Problem(
            "rescue_not_valid",
            say("“%(name)s” in this file is larger than it can be.", name=name[:80]),
        )
    return content
