"""Two pictures laid over each other: how far they are apart, however one was cut or turned."""

from functools import cached_property

from PIL import Image, ImageChops, ImageFilter

from webapp.rules.alignment import SAME, Affine, Slopes, dot, spread, undone
from webapp.rules.likeness import SIDE, UPRIGHT, Spectrum, Turn, spectrum

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
    return grid if spread(grid)[1] >= _LEAST_CONTRAST else b""


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
        return round(spread(self.whole.tobytes())[0])

    def at(self, side: int) -> Image.Image:
        """Return the grid in that size."""
        if side not in self._sizes:
            self._sizes[side] = self.whole.resize((side, side), Image.Resampling.BOX)
        return self._sizes[side]

    def slopes(self, side: int) -> "Slopes":
        """Return how the grid of that size changes when it is moved."""
        if side not in self._slopes:
            self._slopes[side] = Slopes(self.at(side).tobytes(), side)
        return self._slopes[side]

    def moved(self, by: Affine, side: int) -> Image.Image:
        """Return the grid seen through the movement."""
        a, b, c, d, e, f = by
        half = side / 2
        data = (a, b, (c + 1 - a - b) * half, d, e, (f + 1 - d - e) * half)
        method, resample = Image.Transform.AFFINE, Image.Resampling.BILINEAR
        return self.at(side).transform((side, side), method, data, resample, fillcolor=self.grey)


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
        best = max(best, _likeness(still.at(_FINE), seen))
        if best >= _FOUND:
            break
    return best


def _aligned(still: Pattern, other: Pattern, by: Affine, side: int) -> Affine:
    slopes = still.slopes(side)
    for _ in range(_ROUNDS[side]):
        step = slopes.step(other.moved(by, side).tobytes())
        after = undone(by, step)
        if after is None:
            break
        by = after
        if max(map(abs, step)) < _STILL:
            break
    return by


def _likeness(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two grids, or of their relief alone, which counts for half.

    A photo of a screen has other lights in it than what the screen shows, and the same relief.
    """
    of_relief = _agreement(_relief(one), _relief(other))
    return max(_agreement(one, other), 1 - (1 - of_relief) / 2)


def _relief(grid: Image.Image) -> Image.Image:
    """The grid without what changes only slowly over it."""
    return ImageChops.subtract(grid, grid.filter(ImageFilter.BoxBlur(3)), 1, 128)


def _agreement(one: Image.Image, other: Image.Image) -> float:
    """The correlation of two grids of one size, from -1 to 1; 0 when one is plain."""
    first, second = one.tobytes(), other.tobytes()
    (mean, deviation), (other_mean, other_deviation) = spread(first), spread(second)
    if not deviation or not other_deviation:
        return 0.0
    together = dot(first, second) / len(first) - mean * other_mean
    return together / (deviation * other_deviation)
