"""Readings too regular: hardly any spread, or steps of always the same size.

Statistic: of the readings, those in the middle band that holds half of the others' (its half width
is their median distance from the median; nearly all of them there is a spread far too small:
Siegel and Tukey 1960 rank spreads for the same reason), and those whose change is as large as the
change before it; here against there by Fisher's exact test. Only on one instrument: another
fridge may well be steadier. Where the band is narrower than two digits of the instrument,
nothing is said.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from statistics import median

from webapp.rules.signals.facts import Piece, Scope, Seen, Share
from webapp.rules.signals.readings import by_step, grid, half_width, rounded, shown
from webapp.rules.signals.readings import values as read

KIND = "regular"
LEAST, TIMES = 0.85, 1.5
LEAST_EVEN, TIMES_EVEN = 0.5, 2.0


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield what is seen of all steps together, twice: the spread, and the changes."""
    if scope.against in ("elsewhere", "usual"):
        return
    elsewhere, total = by_step(scope.there), [Share(0, 0)] * 4
    for step, pieces in by_step(scope.here).items():
        counted = _counted(pieces, elsewhere.get(step, []))
        total = [first + second for first, second in zip(total, counted, strict=True)]
    yield None, Seen(total[0], total[1], {"what": "spread"}, LEAST, TIMES)
    yield None, Seen(total[2], total[3], {"what": "even"}, LEAST_EVEN, TIMES_EVEN)


def _counted(pieces: Sequence[Piece], theirs: Sequence[Piece]) -> list[Share]:
    """Within the band here and there, and in even steps here and there."""
    here, there = read(pieces), read(theirs)
    fineness = grid(here, shown(there))
    coarse = [rounded(value, fineness) or Decimal(0) for value in there]
    width = half_width(coarse) if coarse else Decimal(0)
    if width < 2 * fineness:
        return [Share(0, 0)] * 4
    even = _even(_by_person(pieces), None), _even(_by_person(theirs), fineness)
    return [_within(here, width), _within(coarse, width), *even]


def _within(found: Sequence[Decimal], width: Decimal) -> Share:
    middle = median(found)
    return Share(sum(abs(value - middle) <= width for value in found), len(found))


def _by_person(pieces: Sequence[Piece]) -> list[list[Piece]]:
    series: dict[str, list[Piece]] = {}
    for piece in pieces:
        series.setdefault(piece.person, []).append(piece)
    return list(series.values())


def _even(series: Sequence[Sequence[Piece]], to: Decimal | None) -> Share:
    """Changes as large as the one before, none of them nothing: that is another signal."""
    hits = of = 0
    for pieces in series:
        found = [rounded(value, to) or Decimal(0) if to else value for value in read(pieces)]
        changes = [abs(after - before) for before, after in pairwise(found)]
        of += max(0, len(changes) - 1)
        hits += sum(first == second != 0 for first, second in pairwise(changes))
    return Share(hits, of)
