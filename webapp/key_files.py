"""Private keys of an installation, each in a file of its own: made once, never half."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """Return what the file holds; on the first call it is made (mode 0600) with `make`.

    Processes that start at once agree: the first complete file stays. Raises OSError when the
    directory cannot be written.
    """
    if not path.exists():
        _create(path, make())
    return path.read_bytes()


def _create(path: Path, content: bytes) -> None:
    """What others hold is bound to the key for ever, so a half-written file must never appear."""
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    try:
        _write(draft, content)
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_directory(path.parent)


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_directory(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
