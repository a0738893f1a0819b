"""Last digits that no instrument makes: made-up numbers shun some and favour others.

Statistic: Pearson's chi-square of the ten last digits, over all readings of the process (Mosimann,
Wiseman and Edelman 1995: people cannot make up random digits); only with fifty readings
(Cochran 1954), and only of steps whose readings spread over so many digits that the last one is as
good as random. Where the others' digits are uneven too, it is the instrument.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from statistics import quantiles

from webapp.rules.signals.exact import FEWEST_DIGITS, uneven
from webapp.rules.signals.facts import Piece, Scope, Seen, Share
from webapp.rules.signals.readings import by_step, grid, shown
from webapp.rules.signals.readings import values as read

KIND = "digits"
LEAST, TIMES = 0.3, 1.0
# A middle half as wide as six digits is a deviation of 4.5: then the last digit of normal readings
# is off evenness by 4 % of a tenth.
WIDE = 6
TOO_UNEVEN = 0.01
MOST_NAMED = 3


def look(scope: Scope) -> Iterator[tuple[str | None, Seen]]:
    """Yield what is seen of the process as a whole."""
    if scope.against == "usual" or (scope.person is not None and not scope.there):
        return  # what others do now counts; who is the whole place is told as that
    known = scope.there or scope.here
    here, there = _digits(scope.here, known), _digits(scope.there, known)
    is_instrument = len(there) >= FEWEST_DIGITS and uneven(_counts(there)) < TOO_UNEVEN
    if len(here) < FEWEST_DIGITS or is_instrument:
        return
    favoured = Counter(here).most_common(MOST_NAMED)
    hits = sum(count for _digit, count in favoured)
    facts = {"digits": " ".join(str(digit) for digit, _count in sorted(favoured))}
    yield (
        None,
        Seen(Share(hits, len(here)), Share(0, 0), facts, LEAST, TIMES, uneven(_counts(here))),
    )


def _counts(digits: Iterable[int]) -> list[int]:
    counted = Counter(digits)
    return [counted[digit] for digit in range(10)]


def _digits(pieces: Sequence[Piece], reference: Sequence[Piece]) -> list[int]:
    """The last digits of those steps whose readings spread wide enough."""
    known = by_step(reference)
    found = []
    for step, some in by_step(pieces).items():
        there = read(known.get(step, []))
        unit = _last_place(there)
        if unit is None:
            continue
        for each in _by_person(some):
            # Who rounds all of theirs has another instrument, as it were.
            if grid(each, unit) == unit:
                found += [int(value / unit) % 10 for value in each]
    return found


def _by_person(pieces: Sequence[Piece]) -> list[list[Decimal]]:
    return [
        read(piece for piece in pieces if piece.person == person)
        for person in sorted({piece.person for piece in pieces})
    ]


def _last_place(there: Sequence[Decimal]) -> Decimal | None:
    """The place of the last digit; None where it cannot be as good as random."""
    if len(there) < FEWEST_DIGITS / 2:
        return None
    unit = shown(there)
    low, _middle, high = quantiles(there, n=4)
    is_decimal = unit.normalize().as_tuple().digits == (1,)
    return unit if is_decimal and high - low >= WIDE * unit else None
