"""Exact chances, in plain Python: what else would be a library for forty lines."""

import math
from collections.abc import Callable, Sequence

# With ten digits each is expected so often that the chi-square holds (Cochran 1954: five times).
FEWEST_DIGITS = 50


def fisher(hits: int, of: int, there_hits: int, there_of: int) -> float:
    """Return the chance of so many hits here or more, were here and there the same.

    Fisher's exact test, one-sided (Fisher 1935): the hypergeometric tail, given all hits together.
    """
    all_hits, misses = hits + there_hits, of + there_of - hits - there_hits
    last = min(of, all_hits)
    term = math.exp(_ways(all_hits, hits) + _ways(misses, of - hits) - _ways(of + there_of, of))
    tail = term
    for k in range(hits, last):
        term *= (all_hits - k) * (of - k) / ((k + 1) * (misses - of + k + 1))
        tail += term
    return min(1.0, tail)


def _ways(of: int, chosen: int) -> float:
    """The logarithm of how many ways there are to choose so many."""
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def at_least(hits: int, of: int, chance: float = 0.5) -> float:
    """Return the exact binomial chance of so many hits or more; of a half: the sign test."""
    return math.fsum(
        math.comb(of, k) * chance**k * (1 - chance) ** (of - k) for k in range(hits, of + 1)
    )


def bounds(hits: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact bounds of a share (Clopper and Pearson 1934)."""
    if not of:
        return 0.0, 1.0
    tail = (1 - confidence) / 2
    low = _where(lambda p: at_least(hits, of, p) >= tail) if hits else 0.0
    high = _where(lambda p: 1 - at_least(hits + 1, of, p) <= tail) if hits < of else 1.0
    return low, high


def _where(holds: Callable[[float], bool]) -> float:
    """Where between 0 and 1 it begins to hold."""
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def all_within(pieces: int, share: float) -> float:
    """Return the chance that all of so many fall within this share of the time.

    The scan statistic where the cluster is everything (Naus 1965): the range of so many points
    that lie anywhere in the time with the same chance.
    """
    share = min(max(share, 0.0), 1.0)
    return float(pieces * share ** (pieces - 1) - (pieces - 1) * share**pieces)


def uneven(counts: Sequence[int]) -> float:
    """Return the chance that ten digits as likely as each other are as uneven as these or more.

    Pearson's chi-square with nine degrees of freedom, whose tail has a closed form.
    """
    expected = sum(counts) / len(counts)
    x = math.fsum((count - expected) ** 2 / expected for count in counts)
    series = 1 + x / 3 + x**2 / 15 + x**3 / 105
    return math.erfc(math.sqrt(x / 2)) + math.sqrt(2 * x / math.pi) * math.exp(-x / 2) * series
