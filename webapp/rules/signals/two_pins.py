"""Two people's PINs within seconds on one device, one always after the other.

Statistic: of the turns at a kiosk in which one person gave work of the process, those that began
within seconds of the end of another's; and of the two's turns beside each other, those in that
order, by the exact binomial chance were it their habit in two of three. Two who really stand side
by side come in either order at some time; whoever types another's PIN comes as themselves first.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

from webapp.rules.signals.exact import at_least
from webapp.rules.signals.facts import Piece, Turn

KIND = "two_pins"
SECONDS = timedelta(seconds=20)
FEWEST, LEAST = 8, 0.3
# Honest pairs have their habits too: who is quicker is often first, and not always.
ONE_WAY, HABIT = 0.95, 0.65


class Pair(NamedTuple):
    """`second` came within seconds after `first`: in so many of their turns, with this chance."""

    first: str
    second: str
    hits: int
    of: int
    p: float


def pairs(pieces: Iterable[Piece], turns: Sequence[Turn]) -> list[Pair]:
    """Return those whose turns follow another's as no two people do, whatever the chance."""
    worked = {piece.turn for piece in pieces if piece.is_at_its_spot} - {None}
    beside = Counter(_beside(turns, worked))
    alone = Counter(turn.person for turn in turns if turn.id in worked)
    found = []
    for (first, second), hits in beside.items():
        of = alone[second]
        both_ways = hits + beside[second, first]
        if hits >= max(FEWEST, LEAST * of, ONE_WAY * both_ways):
            chance = at_least(hits, both_ways, HABIT)
            found.append(Pair(first, second, hits, of, chance))
    return found


def _beside(turns: Iterable[Turn], worked: set[str | None]) -> Iterable[tuple[str, str]]:
    """Who came right after whom with work, at the same kiosk."""
    ordered = sorted(turns, key=lambda turn: (turn.kiosk, turn.started_at))
    for before, after in pairwise(ordered):
        close = timedelta(0) <= after.started_at - before.last_at <= SECONDS
        at_one = before.kiosk == after.kiosk and before.person != after.person
        if at_one and close and after.id in worked:
            yield before.person, after.person
