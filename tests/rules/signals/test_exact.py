"""The exact chances, against what tables and longhand say."""

import math

import pytest

from webapp.rules.signals.exact import all_within, at_least, bounds, fisher, uneven


@pytest.mark.parametrize(
    ("table", "chance"),
    [
        ((3, 4, 1, 4), 17 / 70),  # Fisher's own cups of tea, one taken for the other
        ((4, 4, 0, 4), 1 / 70),
        ((0, 5, 3, 5), 1.0),
        ((8, 8, 0, 8), 1 / math.comb(16, 8)),
        ((0, 0, 3, 5), 1.0),
    ],
)
def test_fisher_s_exact_test(table: tuple[int, int, int, int], chance: float) -> None:
    assert fisher(*table) == pytest.approx(chance, rel=1e-9)


def test_large_numbers_are_no_trouble() -> None:
    assert 0 < fisher(900, 1_000, 100_000, 200_000) < 1e-100


@pytest.mark.parametrize(
    ("hits", "of", "chance"), [(10, 10, 1 / 1024), (0, 7, 1.0), (9, 10, 11 / 1024)]
)
def test_the_sign_test(hits: int, of: int, chance: float) -> None:
    assert at_least(hits, of) == pytest.approx(chance)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.3085), (10, 10, 0.6915, 1.0), (5, 10, 0.1871, 0.8129), (0, 0, 0.0, 1.0)],
)
def test_the_bounds_of_a_share(hits: int, of: int, low: float, high: float) -> None:
    assert bounds(hits, of) == pytest.approx((low, high), abs=1e-4)


@pytest.mark.parametrize(
    ("pieces", "share", "chance"),
    [(2, 0.5, 0.75), (3, 0.1, 0.028), (5, 1.0, 1.0), (5, 2.0, 1.0), (4, 0.0, 0.0)],
)
def test_all_of_them_within_a_part_of_the_time(pieces: int, share: float, chance: float) -> None:
    assert all_within(pieces, share) == pytest.approx(chance)


def test_digits_as_often_as_each_other_are_even_and_one_alone_is_not() -> None:
    assert uneven([5] * 10) == pytest.approx(1.0)
    # 21.666 is the 99th percentile of the chi-square with nine degrees of freedom.
    off = math.sqrt(21.666 * 10 / 2)
    assert uneven([10 + off, 10 - off, *[10] * 8]) == pytest.approx(0.01, rel=1e-3)  # type: ignore[list-item]
    assert uneven([50, *[0] * 9]) < 1e-80
