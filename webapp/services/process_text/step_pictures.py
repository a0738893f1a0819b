"""The picture of a step in a process text: a file beside the text, or one that is kept already.

`picture: {file: front-room.jpg, alt: Chairs down}` takes the file in; `{sha256: 3f…, alt: …}`, as
`dump` writes it, names what the organisation has.
"""

from collections.abc import Callable

from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services.blobs import is_hash
from webapp.services.definitions.draft import DraftPicture
from webapp.services.definitions.reference_pictures import NOT_HERE
from webapp.services.process_text.nodes import Field

# The faults of a definition that a text mends in its own way.
SAID_IN_TEXT = {
    NOT_HERE: "This picture is not here yet. Put its file beside the text, and name it by file in"
    " place of sha256: {file: front-room.jpg, alt: Chairs down}.",
}
KEYS = ("file", "sha256", "alt")

TakePicture = Callable[[str], str]
"""Takes in the file of this name and returns its SHA-256; raises Problem or OSError."""


def no_files(name: str) -> str:
    """Refuse the file: this text came without any."""
    raise Problem(
        "bad_request", say("“%(name)s” cannot be read from here. Use baton apply.", name=name)
    )


def read_picture(given: Field, take: TakePicture) -> DraftPicture | None:
    """Return the picture that is named, or None with its fault told."""
    if given.is_empty():
        return None
    parts = given.members(KEYS)
    named = [part for part in ("file", "sha256") if part in parts]
    if len(named) != 1:
        given.fault("Name the picture by one of file or sha256, and say in alt what it shows.")
        return None
    sha256 = _taken(parts["file"], take) if "file" in parts else _hash(parts["sha256"])
    alt = parts["alt"].text() if "alt" in parts else None
    return DraftPicture(sha256, alt or "") if sha256 else None


def _taken(named: Field, take: TakePicture) -> str | None:
    name = named.text()
    if not name:
        named.fault("Name a file, like front-room.jpg.")
        return None
    try:
        return take(name)
    except OSError as error:
        named.fault(f"“{name}” cannot be read ({error.strerror}).")
    except Problem as problem:
        named.fault(f"“{name}”: {problem.detail}")
    return None


def _hash(named: Field) -> str | None:
    text = named.text() or ""
    if is_hash(text):
        return text
    named.fault("This is not the SHA-256 of a picture: 64 hex digits. Use file for a new one.")
    return None
