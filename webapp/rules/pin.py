"""PINs of people at a kiosk: which ones are too easy to guess, and the making of a fresh one.

A PIN opens nothing but a paired kiosk, where tries are few (`rules.lockout`); what is refused here
is what somebody would try first.
"""

import secrets
from itertools import pairwise
from typing import Literal

SHORTEST, LONGEST = 4, 6
FIRST_YEAR, LAST_YEAR = 1900, 2039

Weakness = Literal["not_digits", "wrong_length", "trivial"]

# What leads the published lists of chosen PINs and is caught by no rule below.
_COMMON = """
1004 1122 1313 1342 1812 2580 5683 6969 0852 1379 9731 12321 25800 52013 112233 147258 159753
159357 123321 142536 145236 147852 258369 258456 520131 696969 789456 741852 963852 123654 456123
321654 741963 852456 100200 131313 124578
"""
COMMON = frozenset(_COMMON.split())


def weakness(pin: str) -> Weakness | None:
    """Return why the PIN cannot be used, or None when it can.

    Refused are the same digit throughout, runs up and down (also over 9 and 0), a pair or a triple
    said again and again, palindromes of two digits, years of somebody's life, dates that read as
    such a year, and the most common ones.
    """
    if not (pin.isascii() and pin.isdecimal()):
        return "not_digits"
    if not SHORTEST <= len(pin) <= LONGEST:
        return "wrong_length"
    return "trivial" if _is_trivial(pin) else None


def fresh() -> str:
    """Return a random PIN of six digits that is not trivial."""
    while True:
        pin = f"{secrets.randbelow(10**LONGEST):0{LONGEST}}"
        if weakness(pin) is None:
            return pin


def _is_trivial(pin: str) -> bool:
    return (
        len(set(pin)) == 1
        or _is_run(pin)
        or _repeats(pin)
        or _is_of_two_digits(pin)
        or _is_like_a_year(pin)
        or pin in COMMON
    )


def _is_run(pin: str) -> bool:
    """Each digit the next or the one before, all the way: 3456, 7890, 6543, 2109."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})


def _repeats(pin: str) -> bool:
    """A part of it again and again: 1212, 123123, 121212."""
    return any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in (2, 3))


def _is_of_two_digits(pin: str) -> bool:
    """Two digits that mirror or follow each other: 1221, 111222, 11211."""
    return len(set(pin)) == 2 and (pin == pin[::-1] or _changes(pin) == 1)


def _changes(pin: str) -> int:
    return sum(before != after for before, after in pairwise(pin))


def _is_like_a_year(pin: str) -> bool:
    """A year in which somebody was born or began, alone, or as the end or beginning of a date."""
    if len(pin) == SHORTEST:
        return _is_year(pin)
    if len(pin) == LONGEST:
        months = (pin[:2], pin[4:])
        return any(
            _is_year(year) and "01" <= month <= "12"
            for year, month in ((pin[2:], months[0]), (pin[:4], months[1]))
        )
    return False


def _is_year(digits: str) -> bool:
    return FIRST_YEAR <= int(digits) <= LAST_YEAR
