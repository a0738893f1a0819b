"""How one small picture is moved to lie on another: which step makes the two differ least."""

from collections.abc import Iterable
from math import sqrt
from operator import mul, sub

# in = (a x + b y + c, d x + e y + f); both run from -1 to 1 over a picture.
Affine = tuple[float, float, float, float, float, float]

SAME: Affine = (1, 0, 0, 0, 1, 0)


class Slopes:
    """The still side of a match (Baker and Matthews 2004, "inverse compositional" alignment)."""

    def __init__(self, brightnesses: bytes, side: int) -> None:
        self.values = values = _normal(brightnesses)
        places = [(number + 0.5) * 2 / side - 1 for number in range(side)]
        xs, ys = places * side, [y for y in places for _ in range(side)]
        across = _steps(values, 1, side)
        down = _steps(values, side, side)
        self._changes = [
            [*map(mul, across, xs)], [*map(mul, across, ys)], across,
            [*map(mul, down, xs)], [*map(mul, down, ys)], down,
        ]  # fmt: skip
        bends = [[dot(one, other) for other in self._changes] for one in self._changes]
        for number in range(6):
            bends[number][number] = bends[number][number] * 1.001 + 1e-6
        self._answer = _inverse(bends)

    def step(self, seen: bytes) -> list[float]:
        """Return by how much what is seen is moved against this."""
        amiss = [*map(sub, _normal(seen), self.values)]
        pulls = [dot(change, amiss) for change in self._changes]
        return [dot(row, pulls) for row in self._answer]


def undone(by: Affine, step: list[float]) -> Affine | None:
    """Return the movement after the inverse of the step; None when no photo is cut like that."""
    a, b, c, d, e, f = 1 + step[0], step[1], step[2], step[3], 1 + step[4], step[5]
    area = a * e - b * d
    if abs(area) < 0.2:
        return None
    a, b, d, e = e / area, -b / area, -d / area, a / area
    c, f = -(a * c + b * f), -(d * c + e * f)
    p, q, r, s, t, u = by
    after = (p * a + q * d, p * b + q * e, p * c + q * f + r)
    return _sane((*after, s * a + t * d, s * b + t * e, s * c + t * f + u))


def _sane(by: Affine) -> Affine | None:
    a, b, c, d, e, f = by
    leans = max(abs(b), abs(d)) < 0.35 and max(abs(c), abs(f)) < 0.6
    return by if leans and 0.6 < a < 1.6 and 0.6 < e < 1.6 else None


def spread(values: bytes) -> tuple[float, float]:
    """Return the mean and the standard deviation."""
    mean = sum(values) / len(values)
    return mean, sqrt(max(0.0, dot(values, values) / len(values) - mean * mean))


def _normal(values: bytes) -> list[float]:
    mean, deviation = spread(values)
    scale = 1 / (deviation or 1)
    return [(value - mean) * scale for value in values]


def _steps(values: list[float], apart: int, side: int) -> list[float]:
    """How brightness changes from one neighbour to the other; nothing at the edges."""
    changes = [0.0] * len(values)
    for number in range(apart, len(values) - apart):
        at = number % side if apart == 1 else number // side
        if 0 < at < side - 1:
            changes[number] = (values[number + apart] - values[number - apart]) * side / 4
    return changes


def dot(one: Iterable[float], other: Iterable[float]) -> float:
    """Return the sum of the products."""
    return float(sum(map(mul, one, other)))


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """Gauss and Jordan's way; the matrix is positive definite."""
    size = len(matrix)
    rows = [[*row, *(float(n == m) for m in range(size))] for n, row in enumerate(matrix)]
    for pivot in range(size):
        lead = rows[pivot] = [value / rows[pivot][pivot] for value in rows[pivot]]
        for number, row in enumerate(rows):
            if number != pivot:
                factor = row[pivot]
                rows[number] = [value - factor * own for value, own in zip(row, lead, strict=True)]
    return [row[size:] for row in rows]
