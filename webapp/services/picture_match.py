"""Two pictures laid over each other: how far they are apart, however one was cut or turned."""

from collections.abc import Iterable
from functools import cached_property
from math import sqrt
from operator import mul, sub

from PIL import Image

from webapp.rules.likeness import SIDE, UPRIGHT, Spectrum, Turn, spectrum

# in = (a x + b y + c, d x + e y + f); both run from -1 to 1 over a picture.
Affine = tuple[float, float, float, float, float, float]

SAME: Affine = (1, 0, 0, 0, 1, 0)
# A cut picture shows the middle of the whole larger: from there the search finds its way.
_STARTS: tuple[Affine, ...] = (SAME, (0.9, 0, 0, 0, 0.9, 0))
_COARSE, _FINE = 12, 24
_ROUNDS = {_COARSE: 10, _FINE: 8}
_STILL = 0.004
_FOUND = 0.985
_WORTH_A_LOOK = 0.6
# Brightnesses that vary less show nothing that could be compared.
_LEAST_CONTRAST = 6
_FLAT = 8
_CELLS = 64
# The fingerprint of the middle finds a whole by what was cut out of it.
_MIDDLE = 0.9


def grid_of(picture: Image.Image) -> bytes:
    """Return the picture's grid, or b"" when it is too plain to be compared."""
    frame = _without_borders(picture)
    grid = picture.resize((SIDE, SIDE), Image.Resampling.BOX, box=frame).convert("L").tobytes()
    return grid if _spread(grid)[1] >= _LEAST_CONTRAST else b""


def _without_borders(picture: Image.Image) -> tuple[float, float, float, float]:
    """The part of the picture inside flat borders, such as the bars around a screenshot."""
    cells = picture.resize((_CELLS, _CELLS), Image.Resampling.BOX).convert("L").tobytes()
    rows = [cells[start : start + _CELLS] for start in range(0, _CELLS**2, _CELLS)]
    top, bottom = _busy(rows)
    columns = [bytes(column) for column in zip(*rows[top:bottom], strict=True)]
    left, right = _busy(columns)
    wide, high = picture.width / _CELLS, picture.height / _CELLS
    return left * wide, top * high, right * wide, bottom * high


def _busy(lines: list[bytes]) -> tuple[int, int]:
    """From which line to which there is more than a plain colour, a few words aside."""
    busy = [number for number, line in enumerate(lines) if not _is_flat(line)]
    return (busy[0], busy[-1] + 1) if busy else (0, len(lines))


def _is_flat(line: bytes) -> bool:
    values, tenth = sorted(line), len(line) // 10
    return values[-2 * tenth] - values[2 * tenth] < _FLAT


class Pattern:
    """A grid, with what is needed to lay it over others; worked out only when asked for."""

    def __init__(self, grid: bytes) -> None:
        self.whole = Image.frombytes("L", (SIDE, SIDE), grid)
        self._sizes: dict[int, Image.Image] = {SIDE: self.whole}
        self._slopes: dict[int, Slopes] = {}

    def turned(self, turn: Turn) -> "Pattern":
        """Return the pattern of the picture turned so."""
        grid = self.whole
        if turn.diagonal:
            grid = grid.transpose(Image.Transpose.TRANSPOSE)
        if turn.sideways:
            grid = grid.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if turn.upside:
            grid = grid.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        return self if turn == UPRIGHT else Pattern(grid.tobytes())

    @cached_property
    def spectrum(self) -> Spectrum:
        """The frequencies of the whole."""
        return spectrum(self.whole.resize((32, 32), Image.Resampling.BILINEAR).tobytes())

    @cached_property
    def spectrum_of_middle(self) -> Spectrum:
        """The frequencies of the middle."""
        edge = SIDE * (1 - _MIDDLE) / 2
        box = (edge, edge, SIDE - edge, SIDE - edge)
        return spectrum(self.whole.resize((32, 32), Image.Resampling.BILINEAR, box=box).tobytes())

    @cached_property
    def grey(self) -> int:
        """The mean brightness: what is laid where the picture ends."""
        return round(_spread(self.whole.tobytes())[0])

    def at(self, side: int) -> Image.Image:
        """Return the grid in that size."""
        if side not in self._sizes:
            self._sizes[side] = self.whole.resize((side, side), Image.Resampling.BOX)
        return self._sizes[side]

    def slopes(self, side: int) -> "Slopes":
        """Return how the grid of that size changes when it is moved."""
        if side not in self._slopes:
            self._slopes[side] = Slopes(self.at(side))
        return self._slopes[side]

    def moved(self, by: Affine, side: int) -> Image.Image:
        """Return the grid seen through the movement."""
        a, b, c, d, e, f = by
        half = side / 2
        data = (a, b, (c + 1 - a - b) * half, d, e, (f + 1 - d - e) * half)
        method, resample = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        return self.at(side).transform((side, side), method, data, resample, fillcolor=self.grey)


class Slopes:
    """The still side of a match (Baker and Matthews 2004, "inverse compositional" alignment)."""

    def __init__(self, picture: Image.Image) -> None:
        side = picture.width
        self.values = values = _normal(picture.tobytes())
        places = [(number + 0.5) * 2 / side - 1 for number in range(side)]
        xs, ys = places * side, [y for y in places for _ in range(side)]
        across = _steps(values, 1, side)
        down = _steps(values, side, side)
        self._changes = [
            [*map(mul, across, xs)], [*map(mul, across, ys)], across,
            [*map(mul, down, xs)], [*map(mul, down, ys)], down,
        ]  # fmt: skip
        bends = [[_dot(one, other) for other in self._changes] for one in self._changes]
        for number in range(6):
            bends[number][number] = bends[number][number] * 1.001 + 1e-6
        self._answer = _inverse(bends)

    def step(self, seen: bytes) -> list[float]:
        """Return by how much what is seen is moved against this."""
        amiss = [*map(sub, _normal(seen), self.values)]
        pulls = [_dot(change, amiss) for change in self._changes]
        return [_dot(row, pulls) for row in self._answer]


def distance(new: Pattern, old: Pattern) -> int:
    """Return a million times one minus the correlation, once one is laid over the other."""
    best = max(_agreement(new.whole, old.whole), _laid(new, old))
    if best < _FOUND:
        best = max(best, _laid(old, new))
    return round((1 - best) * 1_000_000)


def roughly(new: Pattern, old: Pattern) -> float:
    """Return the correlation of the two at a glance: quick, to choose whom to look at closely."""
    by = _aligned(new, old, SAME, _COARSE)
    return _agreement(new.at(_COARSE), old.moved(by, _COARSE))


def _laid(still: Pattern, other: Pattern) -> float:
    """The correlation when `other` is moved over `still`."""
    best = -1.0
    for start in _STARTS:
        by = _aligned(still, other, start, _COARSE)
        if _agreement(still.at(_COARSE), other.moved(by, _COARSE)) < _WORTH_A_LOOK:
            continue
        by = _aligned(still, other, by, _FINE)
        seen = other.moved(by, SIDE).resize((_FINE, _FINE), Image.Resampling.BOX)
        best = max(best, _agreement(still.at(_FINE), seen))
        if best >= _FOUND:
            break
    return best


def _aligned(still: Pattern, other: Pattern, by: Affine, side: int) -> Affine:
    slopes = still.slopes(side)
    for _ in range(_ROUNDS[side]):
        step = slopes.step(other.moved(by, side).tobytes())
        after = _undone(by, step)
        if after is None:
            break
        by = after
        if max(map(abs, step)) < _STILL:
            break
    return by


def _undone(by: Affine, step: list[float]) -> Affine | None:
    """Return `by` after the inverse of the step; None when that is no way a photo is cut."""
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


def _agreement(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two grids of one size, from -1 to 1; 0 when one is plain."""
    first, second = one.tobytes(), other.tobytes()
    (mean, spread), (other_mean, other_spread) = _spread(first), _spread(second)
    if not spread or not other_spread:
        return 0.0
    return (_dot(first, second) / len(first) - mean * other_mean) / (spread * other_spread)


def _spread(values: bytes) -> tuple[float, float]:
    """The mean and the standard deviation."""
    mean = sum(values) / len(values)
    return mean, sqrt(max(0.0, _dot(values, values) / len(values) - mean * mean))


def _normal(values: bytes) -> list[float]:
    mean, spread = _spread(values)
    scale = 1 / (spread or 1)
    return [(value - mean) * scale for value in values]


def _steps(values: list[float], apart: int, side: int) -> list[float]:
    """How brightness changes from one neighbour to the other; nothing at the edges."""
    changes = [0.0] * len(values)
    for number in range(apart, len(values) - apart):
        at = number % side if apart == 1 else number // side
        if 0 < at < side - 1:
            changes[number] = (values[number + apart] - values[number - apart]) * side / 4
    return changes


def _dot(one: Iterable[float], other: Iterable[float]) -> float:
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
