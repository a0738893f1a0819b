"""Copies of the played days: one for each location and date, chained into one record."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from json.encoder import encode_basestring as quoted
from operator import itemgetter
from random import Random
from typing import NamedTuple

from tests.bench.years.template import BYTES, FIELD, Day
from webapp.rules.record import SALT_BYTES

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MILLISECONDS_A_DAY = 86_400_000
_EPOCH = date(1970, 1, 1).toordinal()
_FINGERPRINT_BITS = 60


class Place(NamedTuple):
    """A location to copy to: its number, and what stands there for the shared ids and marks."""

    number: int
    shared: tuple[str, ...]


@dataclass(slots=True)
class Chain:
    """Where the record of the organisation stands."""

    org_id: str
    seq: int
    hash: str


Rows = dict[str, list[str]]


def copy_day(
    days: Sequence[Day], places: Sequence[Place], on: date, chain: Chain, rng: Random, into: Rows
) -> None:
    """Write the copies for all locations on a date; which of the days each gets is drawn."""
    told: list[tuple[str, str, str, str, str, str]] = []
    for place in places:
        day = rng.choice(days)
        values = _values(place, day, on, rng)
        for name, fillers in day.rows.items():
            into.setdefault(name, []).extend([fill(values) for fill in fillers])
        told += [
            (time, kind, actor(values), subject(values), said(values), stored(values))
            for time, kind, actor, subject, said, stored in day.events
        ]
    told.sort(key=itemgetter(0))
    into.setdefault("event", []).extend(_chained(told, on.isoformat(), chain))


def _values(place: Place, day: Day, on: date, rng: Random) -> list[str]:
    """As `Slots` orders them. Ids sort by date, as those do that are made one by one."""
    ids, hashes, uuids, prints = day.counts
    began = f"{_ulid_time(on)}{place.number:04d}"
    own = f"{on.toordinal():08x}-{place.number:04x}-4000-8000-"
    drawn = rng.randbytes(32 * hashes).hex()
    return [
        *place.shared,
        *[(on + timedelta(days=days)).isoformat() for days in (-1, 0, 1)],
        *[f"{began}{n:012d}" for n in range(ids)],
        *[drawn[at : at + 64] for at in range(0, 64 * hashes, 64)],
        *[f"{own}{n:012x}" for n in range(uuids)],
        *[str(rng.getrandbits(_FINGERPRINT_BITS)) for _ in range(prints)],
    ]


def _ulid_time(on: date) -> str:
    """The first ten characters of an id that was made at the beginning of the day."""
    left, written = (on.toordinal() - _EPOCH) * _MILLISECONDS_A_DAY, ""
    for _ in range(10):
        left, digit = divmod(left, 32)
        written = _DIGITS[digit] + written
    return written


def _chained(
    told: Sequence[tuple[str, str, str, str, str, str]], on: str, chain: Chain
) -> Iterator[str]:
    """The events as `rules.record.make_event` makes them, many times quicker."""
    org_id, seq, last = chain.org_id, chain.seq, chain.hash
    salts = os.urandom(SALT_BYTES * len(told))
    for number, (time, kind, actor, subject, said, stored) in enumerate(told):
        seq += 1
        salt = salts[number * SALT_BYTES : (number + 1) * SALT_BYTES]
        hashed = sha256(salt + said.encode()).hexdigest()
        facts = (
            f'{{"actor":"{actor}","at":"{on}T{time}Z","kind":{quoted(kind)},"org":"{org_id}",'
            f'"payload_hash":"{hashed}","prev_hash":"{last}","seq":{seq},"subject":"{subject}",'
            '"v":1}'
        )
        own = sha256(facts.encode()).hexdigest()
        yield FIELD.join(
            (
                org_id,
                str(seq),
                f"{on} {time}",
                kind,
                actor,
                subject,
                stored,
                BYTES + salt.hex(),
                hashed,
                last,
                own,
            )
        )
        last = own
    chain.seq, chain.hash = seq, last
