"""When two photos look alike, and when that is usual."""

from random import Random

import pytest

from webapp.rules.likeness import (
    ALIKE,
    LEARNT_AFTER,
    NEAR_BITS,
    TURNS,
    Earlier,
    bands,
    bands_near,
    bits_apart,
    fingerprint,
    is_learnt,
    is_suspicious,
    spectrum,
)

APPROVED, UNSEEN, SENT_BACK = (
    Earlier(3_000, decision) for decision in ("approve", None, "send_back")
)
SAMPLES = Random("samples").randbytes(32 * 32)
ROWS = [SAMPLES[start : start + 32] for start in range(0, 1024, 32)]


def turned(turn) -> bytes:
    rows = [list(row) for row in ROWS]
    if turn.diagonal:
        rows = [list(column) for column in zip(*rows, strict=True)]
    if turn.sideways:
        rows = [row[::-1] for row in rows]
    if turn.upside:
        rows = rows[::-1]
    return bytes(value for row in rows for value in row)


@pytest.mark.parametrize("turn", TURNS)
def test_the_fingerprint_of_a_turned_picture_is_known_without_turning_it(turn):
    assert fingerprint(spectrum(SAMPLES), turn) == fingerprint(spectrum(turned(turn)))


def test_a_brighter_picture_has_the_same_fingerprint():
    brighter = bytes(value // 2 + 100 for value in SAMPLES)
    apart = bits_apart(fingerprint(spectrum(SAMPLES)), fingerprint(spectrum(brighter)))
    assert apart <= 1


def test_whatever_is_at_most_seven_bits_off_is_found_by_a_band():
    rng = Random("bits")
    for _ in range(300):
        one = rng.getrandbits(60)
        other = one
        for place in rng.sample(range(60), 7):
            other ^= 1 << place
        assert set(bands_near(one)) & set(bands(other))


def test_bands_of_other_places_are_other_numbers():
    assert len(set(bands(0))) == len(set(bands((1 << 60) - 1))) == 4


@pytest.mark.parametrize(
    ("earlier", "learnt"),
    [
        ([], False),
        ([APPROVED] * (LEARNT_AFTER - 1), False),
        ([APPROVED] * LEARNT_AFTER, True),
        ([UNSEEN, APPROVED, UNSEEN, APPROVED, APPROVED], True),
        ([APPROVED, APPROVED, SENT_BACK, APPROVED, APPROVED], False),
        ([SENT_BACK, *[APPROVED] * 5], False),
        ([*[APPROVED] * 3, SENT_BACK], True),
    ],
)
def test_look_alikes_are_usual_once_so_many_in_a_row_were_approved(earlier, learnt):
    assert is_learnt(earlier) is learnt


@pytest.mark.parametrize(
    ("distance", "same_place", "earlier", "suspicious"),
    [
        (ALIKE + 1, False, [], False),
        (ALIKE, True, [], True),
        (ALIKE, False, [APPROVED] * 3, True),
        (2_900, True, [APPROVED] * 3, False),
        (1_001, True, [APPROVED] * 3, False),
        (1_000, True, [APPROVED] * 3, True),
        (1_000, True, [Earlier(900, None), *[APPROVED] * 3], False),
        (1_000, True, [*[APPROVED] * 3, Earlier(40, "send_back")], True),
        (2_900, True, [SENT_BACK, *[APPROVED] * 3], True),
    ],
)
def test_a_look_alike_goes_to_review_unless_it_is_as_usual_there(
    distance, same_place, earlier, suspicious
):
    assert is_suspicious(distance, same_place, earlier) is suspicious


def test_fingerprints_of_unlike_pictures_are_far_apart():
    rng = Random("unlike")
    prints = [fingerprint(spectrum(rng.randbytes(1024))) for _ in range(40)]
    nearest = min(bits_apart(a, b) for number, a in enumerate(prints) for b in prints[:number])
    assert nearest > NEAR_BITS
