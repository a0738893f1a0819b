"""The quick look at a record: it says of most events that they stand, and leaves the rest.

Whatever it cannot vouch for at once goes to `record`, which alone says what is wrong. So there is
one truth: this only spares it the many events that are as they should be. Events come as the
database has them, their payload as JSON text.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from json import encoder, scanner
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

from webapp.rules import record
from webapp.rules.record import GENESIS, SALT_BYTES, Broken, Event, Verified

# org, seq, at, kind, actor, subject, payload as text, salt, payload_hash, prev_hash, hash.
Row = tuple[
    str, int, datetime, str, str | None, str | None, str | None, bytes | None, str, str, str
]

# Shorter ones are well within what every JSON reader keeps exactly.
_DIGITS_KEPT = 15
_quoted = encoder.encode_basestring
_LONGEST_SHAPE, _MOST_SHAPES = 4000, 1000


class _Shape(NamedTuple):
    """What payloads that differ only in the strings they say have in common.

    They have the same names, and the same around strings; so has their canonical form, as only
    names put things in order. `names` picks those out of the parts between quotes, `named` is what
    they are, `outside` what stands around strings in the canonical form.
    """

    names: Callable[[list[str]], object]
    named: object
    outside: list[str]


# By the first name and what stands around strings as they are stored: most events have one of few.
_shapes: dict[str, _Shape] = {}


def verify_rows(
    rows: Iterable[Row],
    head: tuple[int, str] | None = None,
    after: tuple[int, str] = (0, GENESIS),
) -> Verified | Broken:
    """Check the events of one organisation as `record.verify` does, and say the same of them."""
    (count, last), org = after, None
    for row in rows:
        org = row[0] if org is None else org
        follows = row[0] == org and row[1] == count + 1 and row[9] == last
        if not (follows and _stands(*row)):
            reason = record.fault(_event(row), org, count + 1, last)
            if reason:
                return Broken(count + 1, reason)
        count, last = row[1], row[10]
    return record.against_head(count, last, head)


def canonical_text(written: str) -> bytes | None:
    """Return `record.canonical` of what this JSON text says; None when that needs a closer look."""
    if "\\" in written or not (written.isascii() and written.isprintable()):
        return _read_and_written(written)
    # No quote is part of a string here, so that what is within strings is every other part.
    parts = written.split('"')
    known_by = '"'.join(parts[1:2] + parts[::2])
    shape = _shapes.get(known_by)
    if shape is None or shape.names(parts) != shape.named:
        return _learnt(written, parts, known_by)
    parts[::2] = shape.outside
    return '"'.join(parts).encode()


def _learnt(written: str, parts: list[str], known_by: str) -> bytes | None:
    """Write it anew, and remember its shape where that left the strings in their order."""
    found = _read_and_written(written)
    names = [at for at in range(1, len(parts), 2) if parts[at + 1].lstrip().startswith(":")]
    if found is None or not names or len(written) > _LONGEST_SHAPE:
        return found
    anew = found.decode().split('"')
    if anew[1::2] == parts[1::2]:
        if len(_shapes) >= _MOST_SHAPES:
            _shapes.clear()
        pick = itemgetter(*names)
        _shapes[known_by] = _Shape(pick, pick(parts), anew[::2])
    return found


def _read_and_written(written: str) -> bytes | None:
    # Sorting by characters and by UTF-16 units is the same, but for what needs surrogates.
    if not written.isascii() or "\\ud" in written or "\\uD" in written:
        return None
    try:
        said, end = _SCAN(written, 0)
        return "".join(_WRITE(said, 0)).encode() if end == len(written) else None
    except (ValueError, StopIteration, RecursionError):
        return None


def _stands(
    org: str,
    seq: int,
    at: datetime,
    kind: str,
    actor: str | None,
    subject: str | None,
    payload: str | None,
    salt: bytes | None,
    payload_hash: str,
    prev_hash: str,
    own: str,
) -> bool:
    if at.tzinfo is not UTC or actor is None or subject is None:
        return False
    moment = at.isoformat(timespec="microseconds")[:-6]
    # As `event_hash` writes it; a property compares the two.
    facts = (
        f'{{"actor":{_quoted(actor)},"at":"{moment}Z","kind":{_quoted(kind)},"org":{_quoted(org)},'
        f'"payload_hash":{_quoted(payload_hash)},"prev_hash":"{prev_hash}","seq":{seq},'
        f'"subject":{_quoted(subject)},"v":1}}'
    )
    try:
        if hashlib.sha256(facts.encode()).hexdigest() != own:
            return False
    except UnicodeEncodeError:
        return False
    return _says_the_same(payload, salt, payload_hash)


def _says_the_same(payload: str | None, salt: bytes | None, payload_hash: str) -> bool:
    if payload is None or salt is None:
        return payload is None and salt is None
    text = canonical_text(payload)
    if text is None or len(salt) != SALT_BYTES:
        return False
    return hashlib.sha256(salt + text).hexdigest() == payload_hash


def _event(row: Row) -> Event:
    """The event for a closer look; text that is no JSON is left as it is, and is a fault there."""
    payload: Any = row[6]
    with suppress(ValueError, RecursionError):
        payload = None if payload is None else json.loads(payload)
    return Event(*row[:6], payload, *row[7:])


def _refused(text: str) -> NoReturn:
    raise ValueError(f"{text} has no canonical form")


def _integer(text: str) -> int:
    return int(text) if len(text) <= _DIGITS_KEPT else _refused(text)


def _reader() -> Any:
    decoder: Any = json.JSONDecoder(
        parse_float=_refused, parse_int=_integer, parse_constant=_refused
    )
    return scanner.make_scanner(decoder)


def _writer() -> Any:
    """What `json.dumps` uses, made once; Python's own where it was built without the quick one."""
    quick: Any = getattr(encoder, "c_make_encoder", None)
    if quick is None:
        slow = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return slow.iterencode
    return quick(None, _refused, _quoted, None, ":", ",", True, False, False)


_SCAN, _WRITE = _reader(), _writer()
