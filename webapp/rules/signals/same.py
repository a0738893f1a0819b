"""The same reading again and again, or the one that stood there before.

Statistic: of the readings of a step, those equal to the commonest one, and those equal to the
reading before; here against there by Fisher's exact test, theirs rounded to what is shown here. A
thermometer in whole degrees honestly repeats, and so does a steady fridge: people are held against
others at the very same instrument. A place is held against elsewhere only where it shows as fine
itself, and where the readings there tell four values apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from webapp.rules.signals.facts import Piece, Scope, Seen, Share
from webapp.rules.signals.readings import TOLD_APART, by_step, grid, rounded, shown, told_apart
from webapp.rules.signals.readings import values as read

KIND = "same"
LEAST, TIMES = 0.5, 2.0
# Of all readings of a round the one before is the same by chance but seldom.
LEAST_BEFORE, TIMES_BEFORE = 0.25, 3.0


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield the commonest reading of each step, and of all steps together those as before."""
    elsewhere = by_step(scope.there)
    before = [Share(0, 0), Share(0, 0)]
    for step, here in by_step(scope.here).items():
        there = elsewhere.get(step, [])
        fineness = _fineness(scope, read(here), read(there))
        if there and fineness is not None:
            yield step, _commonest(here, there, fineness)
            both = _as_before(here, None), _as_before(there, fineness)
            before = [first + second for first, second in zip(before, both, strict=True)]
    yield None, Seen(before[0], before[1], {"what": "last"}, LEAST_BEFORE, TIMES_BEFORE)


def _fineness(scope: Scope, here: Sequence[Decimal], there: Sequence[Decimal]) -> Decimal | None:
    """The grid on which both are compared; None where the instrument cannot tell."""
    own = grid(here, shown(there))
    if scope.person is not None:
        return own
    theirs = [each for each in (rounded(value, own) for value in there) if each is not None]
    too_coarse = scope.against == "elsewhere" and own > shown(there)
    return None if too_coarse or told_apart(theirs) < TOLD_APART else own


def _commonest(here: Sequence[Piece], there: Sequence[Piece], fineness: Decimal) -> Seen:
    value, hits = Counter(read(here)).most_common(1)[0]
    theirs = Counter(rounded(piece.value, fineness) for piece in there).most_common(1)[0][1]
    facts = {"what": "most", "value": f"{value:f}", "unit": here[0].unit or ""}
    return Seen(Share(hits, len(here)), Share(theirs, len(there)), facts, LEAST, TIMES)


def _as_before(pieces: Sequence[Piece], to: Decimal | None) -> Share:
    known = [piece for piece in pieces if piece.last is not None]
    if to is None:
        return Share(sum(piece.value == piece.last for piece in known), len(known))
    equal = (rounded(piece.value, to) == rounded(piece.last, to) for piece in known)
    return Share(sum(equal), len(known))
