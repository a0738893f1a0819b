"""When two photos look alike: fingerprints to find one by, and what a likeness means.

A photo is compared by its grid: SIDE x SIDE brightnesses (one byte each), without flat borders.
A fingerprint is 60 bits of a grid: the signs of its lowest frequencies (a discrete cosine
transform, as in "pHash"). Likeness is told by a distance: a million times one minus the
correlation of the two grids, once one is laid over the other; the correlation of their relief,
which other light leaves as it is, counts when half of what it lacks is less.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi
from operator import mul
from typing import Literal

SIDE = 48
# Measured on the set of tests/likeness: see docs/decisions/0016-near-duplicate-photos.md.
ALIKE = 15_000
SAME_PIXELS = 200
# Fingerprints that differ in more bits are not laid over each other.
NEAR_BITS = 12
# So many look-alikes approved in a row make them usual for a step at a location.
LEARNT_AFTER = 3
# What is usual is no reason to ask, unless it is so many times closer than the closest one.
MUCH_CLOSER = 3

_SAMPLES = 32
_FREQUENCIES = 8
_BAND_BITS, _BANDS = 15, 4
_LEFT_OUT = {(0, 0), (7, 7), (6, 7), (7, 6)}
_PLACES = [
    (down, across)
    for down in range(_FREQUENCIES)
    for across in range(_FREQUENCIES)
    if (down, across) not in _LEFT_OUT
]

Spectrum = Sequence[Sequence[float]]
Decision = Literal["approve", "send_back"]


@dataclass(frozen=True, slots=True)
class Turn:
    """How a picture is turned: first mirrored along the diagonal, then left-right, then up-down."""

    diagonal: bool = False
    sideways: bool = False
    upside: bool = False


UPRIGHT = Turn()
TURNS = [
    Turn(diagonal, sideways, upside)
    for diagonal in (False, True)
    for sideways in (False, True)
    for upside in (False, True)
]


@dataclass(frozen=True, slots=True)
class Like:
    """The earlier proof whose photo looks like this one. `distance` 0: the same bytes.

    `suspicious`: the photo goes to review for it, whatever the policy. `turned`: one of the two
    is mirrored or turned by a quarter or half.
    """

    proof_id: str
    distance: int
    turned: bool
    suspicious: bool

    @property
    def is_same(self) -> bool:
        """Whether the two have the same bytes."""
        return self.distance == 0


@dataclass(frozen=True, slots=True)
class Earlier:
    """A look-alike that a step had before at the same location, and what a reviewer said of it."""

    distance: int
    decision: Decision | None


def spectrum(samples: bytes) -> Spectrum:
    """Return the lowest frequencies of 32 x 32 brightnesses, by rows."""
    rows = [samples[start : start + _SAMPLES] for start in range(0, _SAMPLES**2, _SAMPLES)]
    waves = _waves()
    across = [[sum(map(mul, wave, row)) for row in rows] for wave in waves]
    return [[sum(map(mul, wave, column)) for column in across] for wave in waves]


@cache
def _waves() -> list[list[float]]:
    return [
        [cos(pi * (2 * place + 1) * frequency / (2 * _SAMPLES)) for place in range(_SAMPLES)]
        for frequency in range(_FREQUENCIES)
    ]


def fingerprint(of: Spectrum, turn: Turn = UPRIGHT) -> int:
    """Return the 60 bits; `turn` gives those that the turned picture would have."""
    bits = 0
    for number, (down, across) in enumerate(_PLACES):
        value = of[across][down] if turn.diagonal else of[down][across]
        flips = (turn.sideways and across % 2 == 1) != (turn.upside and down % 2 == 1)
        bits |= ((value > 0) != flips) << number
    return bits


def bands(bits: int) -> list[int]:
    """Return the four numbers that a fingerprint is found by: a quarter of it each."""
    mask = (1 << _BAND_BITS) - 1
    return [number << _BAND_BITS | (bits >> number * _BAND_BITS & mask) for number in range(_BANDS)]


def bands_near(bits: int) -> list[int]:
    """Return these and all that differ in one bit: whatever is at most 7 bits off shares one."""
    return [
        band ^ flip
        for band in bands(bits)
        for flip in (0, *(1 << place for place in range(_BAND_BITS)))
    ]


def bits_apart(one: int, other: int) -> int:
    """Return in how many bits two fingerprints differ."""
    return (one ^ other).bit_count()


def is_learnt(earlier: Iterable[Earlier]) -> bool:
    """Whether look-alikes are usual there: the newest so many were approved, none sent back."""
    decisions = [each.decision for each in earlier if each.decision is not None]
    newest = decisions[:LEARNT_AFTER]
    return newest == ["approve"] * LEARNT_AFTER


def is_suspicious(distance: int, same_place: bool, earlier: Sequence[Earlier]) -> bool:
    """Whether a look-alike goes to review, given what the step had before, newest first.

    `same_place`: the other photo proved the same step at the same location. Only there may
    likeness be usual, and only as long as it is not much closer than it ever was.
    """
    if distance > ALIKE:
        return False
    if not same_place or not is_learnt(earlier):
        return True
    kept = [each.distance for each in earlier if each.decision != "send_back" and each.distance]
    return distance * MUCH_CLOSER <= min(kept, default=ALIKE)
