"""Making an export of the record: what the page, the API and the command share."""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from webapp.context import now, session, settings
from webapp.services import record_export
from webapp.services.record_export import Limit, Part
from webapp.services.record_heads import Head

# What somebody may wait for in front of a page.
ON_A_PAGE = Limit(events=100_000, bytes=1_000_000_000)

PREFIX = "export-"
# No export takes as long: a directory so old is of one that was killed.
LEFT_AFTER = 24 * 3600.0


class Made(NamedTuple):
    """A finished export and the head that vouches for it."""

    path: Path
    head: Head


@contextmanager
def made(part: Part, actor_id: str, limit: Limit | None = None) -> Iterator[Made]:
    """Make the export in a directory of its own, which goes afterwards.

    The head is committed before the events are written: an export never names one that is not.
    """
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    clear_what_was_left()
    directory = Path(tempfile.mkdtemp(prefix=PREFIX, dir=settings().data_dir))
    try:
        yield _make(part, actor_id, limit, directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def clear_what_was_left() -> None:
    """Remove the directories of exports that were killed: they hold copies of the record."""
    for reading in settings().data_dir.glob(f"{PREFIX}*/reading"):
        with suppress(FileNotFoundError):
            if reading.parent.stat().st_mtime < time.time() - LEFT_AFTER:
                shutil.rmtree(reading.parent, ignore_errors=True)


def _make(part: Part, actor_id: str, limit: Limit | None, directory: Path) -> Made:
    moment, photos = now(), settings().blob_dir
    record_export.bind(session(), part, moment)
    session().commit()
    reading = directory / "reading"
    reading.mkdir()
    _only_read()
    prepared = record_export.prepare(session(), part, photos, reading, moment, limit)
    session().commit()
    sealed = record_export.seal(session(), prepared, actor_id, moment)
    session().commit()
    path = directory / "record.zip"
    _only_read()
    record_export.write(session(), sealed, path)
    return Made(path, sealed.head)


def _only_read() -> None:
    """Take no lock while much is read: others go on writing meanwhile."""
    session().connection(execution_options={"only_reads": True})
