"""The record: canonical JSON, event hashes, and the check that no event was touched."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

GENESIS = "0" * 64
# A fixed length, so that no byte can move between salt and payload without changing the hash.
SALT_BYTES = 16
_FORMAT = 1
# RFC 8785 section 3.2.2.3 and RFC 7493 section 2.2: what every JSON reader keeps exactly.
_LARGEST_INTEGER = 2**53 - 1
_as_json = json.JSONEncoder(ensure_ascii=False).encode

Payload = dict[str, Any]


class CanonicalError(ValueError):
    """A value that has no canonical form: a float, a naive time, a large integer, an object."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the record. `payload` and `salt` are both None once they were erased."""

    org: str
    seq: int
    at: datetime
    kind: str
    actor: str | None
    subject: str | None
    payload: Payload | None
    salt: bytes | None
    payload_hash: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Every event stands: how many there are, and the hash of the last (GENESIS for none)."""

    count: int
    head: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The first event that does not stand, and why, as a sentence."""

    seq: int
    reason: str


def canonical(value: Any) -> bytes:
    """The one byte form of a JSON value, after RFC 8785. Raises CanonicalError.

    Keys are sorted by UTF-16 code units; there is no white space. Times are aware and become
    UTC with microseconds ("2026-11-22T07:15:00.000000Z"); a Decimal becomes a string with its
    digits as given. Floats are refused, as are integers beyond 2^53 - 1. Text is hashed as
    stored: no Unicode normalisation, so that nothing is altered on its way in.
    """
    try:
        return _text(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise CanonicalError("text holds half of a surrogate pair") from error


def payload_hash(salt: bytes, payload: Payload) -> str:
    """sha256 of salt and canonical payload, as hex. Raises ValueError unless 16 salt bytes."""
    return _salted(salt, canonical(payload))


def _salted(salt: bytes, written: bytes) -> str:
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return hashlib.sha256(salt + written).hexdigest()


def event_hash(
    org: str,
    seq: int,
    at: datetime,
    kind: str,
    actor: str | None,
    subject: str | None,
    payload_hash: str,
    prev_hash: str,
) -> str:
    """sha256 of the canonical JSON of an event's facts and its predecessor's hash, as hex."""
    facts = {
        "v": _FORMAT,
        "org": org,
        "seq": seq,
        "at": at,
        "kind": kind,
        "actor": actor,
        "subject": subject,
        "payload_hash": payload_hash,
        "prev_hash": prev_hash,
    }
    return hashlib.sha256(canonical(facts)).hexdigest()


def make_event(
    org: str,
    seq: int,
    at: datetime,
    kind: str,
    actor: str | None,
    subject: str | None,
    payload: Payload,
    salt: bytes,
    prev_hash: str,
) -> Event:
    """The event that follows `prev_hash`; `seq` starts at 1, after GENESIS. `at` is aware UTC.

    Its payload is as a JSON column gives it back, times and decimals already text: store this
    form, so that `canonical` of what is read equals what was hashed.
    """
    written = canonical(payload)
    hashed = _salted(salt, written)
    own = event_hash(org, seq, at, kind, actor, subject, hashed, prev_hash)
    stored: Payload = json.loads(written)
    return Event(org, seq, at, kind, actor, subject, stored, salt, hashed, prev_hash, own)


def verify(
    events: Iterable[Event],
    head: tuple[int, str] | None = None,
    after: tuple[int, str] = (0, GENESIS),
) -> Verified | Broken:
    """Checks the events of one organisation, oldest first, one pass, constant memory.

    They begin right after the event `after` (seq, hash), which was verified before.

    Finds an event that was changed, removed, moved or inserted. A tail that was cut off shows
    only against `head`, the (seq, hash) known from elsewhere. An erased payload is no fault.
    """
    (count, last), org = after, None
    for event in events:
        org = event.org if org is None else org
        if reason := fault(event, org, count + 1, last):
            return Broken(count + 1, reason)
        count, last = event.seq, event.hash
    return against_head(count, last, head)


def fault(event: Event, org: str, expected: int, last: str) -> str | None:
    """Say why the event is not what follows the verified one `last`; None when it stands."""
    if event.org != org:
        return f"Event {expected} belongs to another organisation."
    if event.seq > expected:
        return f"Event {expected} is missing; event {event.seq} stands in its place."
    if event.seq < expected:
        return f"Event {event.seq} stands where event {expected} belongs."
    if event.prev_hash != last:
        return f"Event {expected} does not follow from the event before it."
    try:
        return _changed(event)
    except ValueError as error:
        return f"Event {expected} has been changed: {error}."


def _changed(event: Event) -> str | None:
    own = event_hash(
        event.org,
        event.seq,
        event.at,
        event.kind,
        event.actor,
        event.subject,
        event.payload_hash,
        event.prev_hash,
    )
    if own != event.hash:
        return f"Event {event.seq} has been changed."
    if event.payload is None and event.salt is None:
        return None
    if event.payload is None or event.salt is None:
        return f"Event {event.seq} was erased only in part."
    if payload_hash(event.salt, event.payload) != event.payload_hash:
        return f"What event {event.seq} says has been changed."
    return None


def against_head(count: int, last: str, head: tuple[int, str] | None) -> Verified | Broken:
    """Say whether verified events up to `count` end where the head says that they do."""
    if head is None or head == (count, last):
        return Verified(count, last)
    seq, _ = head
    if count < seq:
        return Broken(count + 1, f"Event {count + 1} is missing: the head is event {seq}.")
    if count > seq:
        return Broken(seq + 1, f"Event {seq + 1} comes after the head, which is event {seq}.")
    return Broken(seq, f"Event {seq} is not the one that the head names.")


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return _as_json(value)
        case int():
            return _integer(value)
        case Decimal() if value.is_finite():
            return f'"{value:f}"'
        case datetime():
            return f'"{_utc(value)}"'
        case dict():
            members = (f"{_key(key)}:{_text(value[key])}" for key in sorted(value, key=_order))
            return "{" + ",".join(members) + "}"
        case list() | tuple():
            return "[" + ",".join(map(_text, value)) + "]"
    raise CanonicalError(f"{value!r} has no canonical form")


def _integer(value: int) -> str:
    if abs(value) > _LARGEST_INTEGER:
        raise CanonicalError(f"{value} is too large; write it as text")
    return str(int(value))


def _utc(value: datetime) -> str:
    if value.tzinfo is None:
        raise CanonicalError(f"{value} has no time zone")
    return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


# The same few keys are written again and again.
@lru_cache(maxsize=1024)
def _key(key: str) -> str:
    return _as_json(key)


@lru_cache(maxsize=1024)
def _order(key: object) -> bytes:
    if not isinstance(key, str):
        raise CanonicalError(f"the key {key!r} is not text")
    return key.encode("utf-16-be", "surrogatepass")
