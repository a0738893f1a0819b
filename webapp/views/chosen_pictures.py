"""Pictures that come with the builder form, before any process has them.

Whoever brought one sees it again while they go on with the form; which ones those are stands in
their own signed cookie.
"""

import structlog
from flask import session as cookie
from werkzeug.datastructures import FileStorage

from webapp.context import now, session, settings
from webapp.models import Blob, Person
from webapp.problems import Problem
from webapp.services import blobs
from webapp.services.definitions import reference_pictures

log = structlog.get_logger()

CHOSEN = "chosen_pictures"
MOST = 60
NAME_LENGTH = 16  # hex digits of a hash: enough to know one's own again, and small in a cookie


def are(person: Person, sha256: str) -> bool:
    """Whether this person chose the picture in this browser."""
    who, names = cookie.get(CHOSEN) or (None, [])
    return who == person.id and sha256[:NAME_LENGTH] in names


def take_in(person: Person, sent: FileStorage) -> str:
    """Keep the picture and return its SHA-256; raises what is wrong with it.

    Committed in steps, for a picture is decoded outside any transaction.
    """
    content = sent.read(blobs.LARGEST + 1)
    arriving = blobs.upload_of(
        reference_pictures.expected(session(), person.org_id, content, now())
    )
    session().commit()
    if not arriving.is_complete:
        _store(arriving, content)
    sha256 = reference_pictures.checked(session().get_one(Blob, (person.org_id, arriving.sha256)))
    _remember(person, sha256)
    return sha256


def _store(arriving: blobs.Upload, content: bytes) -> None:
    directory = settings().blob_dir
    try:
        kept = reference_pictures.store(directory, arriving, content)
    except (OSError, MemoryError) as error:
        log.error("picture not stored", sha256=arriving.sha256, error=repr(error))
        raise Problem("unavailable") from error
    length = len(content)
    blob = blobs.expect(session(), arriving.org_id, arriving.sha256, length, now())
    blobs.note_part(blob, length, length, kept, now())
    session().commit()
    blobs.forget_part(directory, arriving)


def _remember(person: Person, sha256: str) -> None:
    who, names = cookie.get(CHOSEN) or (person.id, [])
    before = [name for name in names if name != sha256[:NAME_LENGTH]] if who == person.id else []
    cookie[CHOSEN] = (person.id, [*before, sha256[:NAME_LENGTH]][-MOST:])
