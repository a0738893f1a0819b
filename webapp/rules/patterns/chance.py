"""Exact chances of counts, small ones too: no approximation by a normal curve.

Sources: Clopper and Pearson, Biometrika 26 (1934) 404-413, for the interval of a share; R. A.
Fisher, The Design of Experiments (1935), for two shares beside each other.
"""

from collections.abc import Callable
from functools import lru_cache
from math import comb

HALVINGS = 40


@lru_cache(maxsize=4096)
def at_least(times: int, of: int, share: float) -> float:
    """Return the chance of so many or more, where each happens with this share: exact binomial."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(times, of + 1))


def at_most(times: int, of: int, share: float) -> float:
    """Return the chance of so many or fewer, where each happens with this share."""
    return sum(comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(times + 1))


def more_than_elsewhere(here: int, of: int, elsewhere: int, of_those: int) -> float:
    """Return Fisher's exact chance of so many here, if here were no other than elsewhere."""
    both, all_of = here + elsewhere, of + of_those
    ways = range(here, min(both, of) + 1)
    return sum(comb(of, k) * comb(of_those, both - k) for k in ways) / comb(all_of, both)


def between(times: int, of: int, sure: float = 0.95) -> tuple[float, float]:
    """Return the Clopper-Pearson bounds between which the true share lies, that sure."""
    rest = (1 - sure) / 2
    lower = _share_where(lambda share: at_least(times, of, share) >= rest) if times else 0.0
    upper = _share_where(lambda share: at_most(times, of, share) < rest) if times < of else 1.0
    return lower, upper


def _share_where(is_reached: Callable[[float], bool]) -> float:
    """The smallest share from which on it holds, by halving."""
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if is_reached(middle) else (middle, high)
    return high
