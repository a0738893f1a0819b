"""Photos taken in: sniffed, decoded in bounded memory, re-encoded without location data."""

import hashlib
import os
import threading
import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from webapp.services import picture_match

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 50_000_000
SIZES = {"page": (1600, 1600), "thumb": (320, 320)}
QUALITY = 85
# Exif: DateTimeOriginal and OffsetTimeOriginal, in the Exif directory of the file.
_EXIF_DIRECTORY, _TAKEN_AT, _TAKEN_OFFSET = 0x8769, 0x9003, 0x9011

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the bytes; `problem` is a code when they are no usable picture.

    `likeness` is what the picture is compared by, empty when it is too plain.
    """

    sha256: str | None = None
    width: int | None = None
    height: int | None = None
    taken_at: str | None = None
    likeness: bytes | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A picture made small in memory: a JPEG of each size, what the original said, its likeness."""

    page: bytes
    thumb: bytes
    width: int
    height: int
    taken_at: str | None
    likeness: bytes


def keep(content: bytes, path: Path) -> Kept:
    """Store the content at `path` as a picture of each size, or as it is when it is none.

    What is no picture is kept too, as evidence of what was sent, but never served. A disk that
    fails (OSError) or memory that runs out (MemoryError) says nothing about the picture: both rise.
    """
    try:
        encoded = _encoded(content)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        return _keep_as_it_is(content, path, "not_an_image")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return _keep_as_it_is(content, path, "image_too_many_pixels")
    make_directory(path.parent)
    _put(sized(path, "thumb"), encoded.thumb)
    _put(sized(path, "page"), encoded.page)
    sync_directory(path.parent)
    sha256 = hashlib.sha256(encoded.page).hexdigest()
    return Kept(sha256, encoded.width, encoded.height, encoded.taken_at, encoded.likeness)


def sized(path: Path, size: str) -> Path:
    """Where the picture of that size ("page" or "thumb") lies."""
    return path.with_name(f"{path.name}.{size}.jpg")


def likeness_of(path: Path) -> bytes:
    """Return what a picture kept before is compared by, empty when it cannot be read any more."""
    try:
        with Image.open(sized(path, "thumb"), formats=FORMATS) as thumb:
            return picture_match.grid_of(thumb.convert("RGB"))
    except OSError:
        return b""


def make_directory(path: Path) -> None:
    """Make the directory and what lies above it, durably: new names outlive a power cut."""
    if path.is_dir():
        return
    make_directory(path.parent)
    path.mkdir(exist_ok=True)
    sync_directory(path.parent)


def sync_directory(path: Path) -> None:
    """Wait until the names in the directory are on the disk: syncing a file does not do that."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _keep_as_it_is(content: bytes, path: Path, problem: str) -> Kept:
    make_directory(path.parent)
    _put(path, content)
    sync_directory(path.parent)
    return Kept(hashlib.sha256(content).hexdigest(), problem=problem)


def _encoded(content: bytes) -> _Encoded:
    """Decode and encode in memory alone, so that an OSError here is about the picture."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(BytesIO(content), formats=FORMATS) as source:
            taken_at = _taken_at(source)
            width, height = source.size
            page = _upright(source, SIZES["page"])
    thumb = _smaller(page, SIZES["thumb"])
    likeness = picture_match.grid_of(thumb)
    return _Encoded(_jpeg(page), _jpeg(thumb), width, height, taken_at, likeness)


def _upright(source: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Decode small (a JPEG is drafted to the box's aspect), shrink, and turn as Exif says."""
    scale = max(source.width / box[0], source.height / box[1], 1)
    source.draft("RGB", (round(source.width / scale), round(source.height / scale)))
    source.thumbnail(box)
    ImageOps.exif_transpose(source, in_place=True)
    return source if source.mode == "RGB" else source.convert("RGB")


def _smaller(page: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Return it as `thumbnail` would make it, without a copy of the whole first."""
    scale = max(page.width / box[0], page.height / box[1], 1)
    size = (max(1, round(page.width / scale)), max(1, round(page.height / scale)))
    return page.resize(size, Image.Resampling.BICUBIC, reducing_gap=1.0)


def _jpeg(picture: Image.Image) -> bytes:
    """Encode the pixels alone: whatever else the file carried stays behind."""
    picture.info.clear()  # Pillow writes a colour profile and comments that it finds there
    encoded = BytesIO()
    picture.save(encoded, "JPEG", quality=QUALITY)
    return encoded.getvalue()


def _taken_at(source: Image.Image) -> str | None:
    """The capture time that the camera wrote, as written; it is data, not the file's any more."""
    exif = source.getexif().get_ifd(_EXIF_DIRECTORY)
    taken = str(exif.get(_TAKEN_AT) or "").strip("\0 ")
    offset = str(exif.get(_TAKEN_OFFSET) or "").strip("\0 ")
    return f"{taken} {offset}".strip()[:40] or None


def _put(path: Path, content: bytes) -> None:
    """Write beside and move into place: a name always stands for whole content.

    The caller syncs the directory, once for all that it puts there.
    """
    # Threads of one process may keep the same picture at once.
    beside = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        _write_durably(beside, content)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
