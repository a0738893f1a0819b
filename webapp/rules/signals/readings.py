"""What readings can tell at all: how fine they are, and how far apart."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from statistics import median

from webapp.rules.signals.facts import Piece

# Grids on which an instrument may show, or a person round: 10, 5, 1, 0.5, … 0.001.
GRIDS = tuple(
    Decimal(digit) * Decimal(10) ** power for power in range(1, -4, -1) for digit in (5, 1)
)[1:]
# An instrument that tells so many values apart can be judged by their repeating. (The field's rule
# for measurement systems, AIAG 2010, asks for five; four here, as they are counted by their use.)
TOLD_APART = 4.0


def by_step(pieces: Iterable[Piece]) -> dict[str, list[Piece]]:
    """Return the readings of each step, in order of time."""
    found: dict[str, list[Piece]] = {}
    for piece in sorted(pieces, key=lambda piece: piece.at):
        if piece.value is not None:
            found.setdefault(piece.step, []).append(piece)
    return found


def values(pieces: Iterable[Piece]) -> list[Decimal]:
    """Return what was read."""
    return [piece.value for piece in pieces if piece.value is not None]


def grid(of: Sequence[Decimal], finest: Decimal = GRIDS[-1]) -> Decimal:
    """Return the coarsest grid on which all of them lie; at most ten times the finest one.

    So what is always 40 counts as whole numbers and not as tens.
    """
    fitting = (each for each in GRIDS if each <= finest * 10 and all(v % each == 0 for v in of))
    return max(next(fitting, GRIDS[-1]), finest)


def shown(of: Sequence[Decimal]) -> Decimal:
    """Return the grid that the readings show, whatever a few of them do."""
    if not of:
        return GRIDS[-1]
    needed = max(1, round(len(of) * 0.9))
    fits = (each for each in GRIDS if sum(value % each == 0 for value in of) >= needed)
    return next(fits, GRIDS[-1])


def rounded(value: Decimal | None, to: Decimal) -> Decimal | None:
    """Return the value on a grid, as an instrument that shows no more would have it."""
    return None if value is None else (value / to).quantize(Decimal(1)) * to


def told_apart(of: Sequence[Decimal]) -> float:
    """Return how many values the readings tell apart, by their use (Simpson 1949, inverted)."""
    counts = Counter(of)
    return len(of) ** 2 / sum(count**2 for count in counts.values()) if of else 0.0


def half_width(of: Sequence[Decimal]) -> Decimal:
    """Return how far from their median half of them lie."""
    middle = median(of)
    return median(abs(value - middle) for value in of)
