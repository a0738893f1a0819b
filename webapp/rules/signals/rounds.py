"""A person's round through a run: the pieces of it that are given where the work is."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from webapp.rules.risk import AT_ONE_PLACE
from webapp.rules.signals.facts import Piece

# Of two pieces nobody can say whether they are close together.
FEWEST = 3


class Round(NamedTuple):
    """From the first piece to the last one of one person in one run."""

    pieces: int
    first_at: datetime
    last_at: datetime
    opens_at: datetime
    due_at: datetime

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.last_at - self.first_at).total_seconds()

    @property
    def gap(self) -> float:
        """How far two of its pieces lie apart, on average."""
        return self.seconds / (self.pieces - 1)


def rounds(pieces: Iterable[Piece]) -> list[Round]:
    """Return the rounds of at least three pieces."""
    return [
        Round(len(walk), walk[0].at, walk[-1].at, walk[0].opens_at, walk[0].due_at)
        for walk in _walks(pieces)
        if len(walk) >= FEWEST
    ]


def gaps(pieces: Iterable[Piece]) -> dict[str, list[float]]:
    """Return by step how many seconds each piece came after the person's piece before it."""
    found: dict[str, list[float]] = {}
    for walk in _walks(pieces):
        for before, after in pairwise(walk):
            found.setdefault(after.step, []).append((after.at - before.at).total_seconds())
    return found


def usual_gap(of: Sequence[Round]) -> float:
    """Return what is usual between two pieces; never less than what one place takes."""
    return max(median(each.gap for each in of), AT_ONE_PLACE / timedelta(seconds=1))


def _walks(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    walks: dict[tuple[str, str], list[Piece]] = {}
    for piece in pieces:
        if piece.is_at_its_spot:
            walks.setdefault((piece.run, piece.person), []).append(piece)
    for walk in walks.values():
        yield sorted(walk, key=lambda piece: piece.at)
