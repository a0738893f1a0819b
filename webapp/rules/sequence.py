"""Whether a device lost work that it had kept: the book of its sequence numbers.

A device numbers its commands 1, 2, 3 … over everybody who uses it, and says which numbers it still
holds. A number below one that arrived, which neither arrived nor is on the device, is lost. It
must be missing in two reports a minute apart before it counts: a report that was long on its way
describes a device of before.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

CONFIRMED_AFTER = timedelta(minutes=1)
# A device that says more than this was not read to its end, and nothing is judged by it.
MOST_SAID = 500
# Numbers that jump further, or leave out more in all, are somebody's own scheme and no gap.
WIDEST = 1000

Known = Mapping[int, datetime | None]


@dataclass(frozen=True, slots=True)
class Book:
    """What is known of one device's numbers. Times are aware UTC.

    All numbers up to `accounted` arrived or were told as lost; the last of them was captured at
    `at`. `beyond` are those above it that arrived, by the time of their capture (None for what
    was told as lost). `highest` is the highest that the device ever held; `suspects` are missing
    since the time given.
    """

    accounted: int = 0
    at: datetime | None = None
    beyond: Known = field(default_factory=dict)
    highest: int = 0
    suspects: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loss:
    """Pieces of work that are lost, done after the one and before the other time (if known)."""

    count: int
    after: datetime | None
    before: datetime


def arrive(book: Book, arrived: Known) -> Book:
    """Return the book with what has arrived, whatever its receipt was."""
    fresh = {number: at for number, at in arrived.items() if number > book.accounted}
    beyond = {**book.beyond, **fresh}
    suspects = {number: at for number, at in book.suspects.items() if number not in beyond}
    return _advanced(replace(book, beyond=beyond, suspects=suspects))


def report(book: Book, on_device: Collection[int], now: datetime) -> tuple[Book, Loss | None]:
    """Judge the numbers that the device says it still holds; return what is lost for certain."""
    if len(on_device) >= MOST_SAID:
        return book, None
    highest = max([book.highest, *on_device])
    book, missing = _missing(book, on_device, highest)
    lost = {
        number
        for number in missing
        if number in book.suspects and now - book.suspects[number] >= CONFIRMED_AFTER
    }
    suspects = {number: book.suspects.get(number, now) for number in missing - lost}
    loss = _loss(book, lost, now) if lost else None
    beyond = {**book.beyond, **dict.fromkeys(lost)}
    return _advanced(replace(book, beyond=beyond, highest=highest, suspects=suspects)), loss


def _missing(book: Book, on_device: Collection[int], highest: int) -> tuple[Book, set[int]]:
    """Return what is missing, and the book moved over the oldest gaps if that is too much."""
    gaps, accounted = _gaps(book, on_device, highest), book.accounted
    total = sum(len(gap) for gap in gaps)
    while total > WIDEST:
        gap = gaps.pop(0)
        accounted, total = gap.stop, total - len(gap)
    return _moved_to(book, accounted), {number for gap in gaps for number in gap}


def _gaps(book: Book, on_device: Collection[int], highest: int) -> list[range]:
    known = {*book.beyond, *on_device}
    gaps: list[range] = []
    before = book.accounted
    for number in sorted({*known, max([highest, *known]) + 1}):
        if before + 1 < number <= before + WIDEST:
            gaps.append(range(before + 1, number))
        before = max(before, number)
    return gaps


def _moved_to(book: Book, accounted: int) -> Book:
    """The book with all numbers up to this one accounted for, whatever became of them."""
    passed = [at for number, at in sorted(book.beyond.items()) if number <= accounted and at]
    beyond = {number: at for number, at in book.beyond.items() if number > accounted}
    return replace(book, accounted=accounted, at=[book.at, *passed][-1], beyond=beyond)


def _loss(book: Book, lost: set[int], now: datetime) -> Loss:
    times = {book.accounted: book.at, **book.beyond}
    below = [at for number, at in sorted(times.items()) if number < min(lost) and at]
    above = [at for number, at in sorted(times.items()) if number > max(lost) and at]
    return Loss(len(lost), below[-1] if below else None, above[0] if above else now)


def _advanced(book: Book) -> Book:
    """Move over what is accounted for, and over gaps too wide or too many to be kept."""
    accounted, at, beyond = book.accounted, book.at, dict(book.beyond)
    for number in sorted(beyond):
        is_next = number == accounted + 1
        if not is_next and number - accounted <= WIDEST and len(beyond) <= WIDEST:
            break
        accounted, at = number, beyond.pop(number) or at
    suspects = {number: since for number, since in book.suspects.items() if number > accounted}
    return replace(book, accounted=accounted, at=at, beyond=beyond, suspects=suspects)


def to_json(book: Book) -> dict[str, Any]:
    """Return the book as it is stored."""
    return {
        "accounted": book.accounted,
        "at": _text(book.at),
        "beyond": {str(number): _text(at) for number, at in book.beyond.items()},
        "highest": book.highest,
        "suspects": {str(number): _text(at) for number, at in book.suspects.items()},
    }


def from_json(stored: Mapping[str, Any]) -> Book:
    """Return the book that `to_json` wrote."""
    suspects = stored["suspects"].items()
    return Book(
        accounted=stored["accounted"],
        at=_moment(stored["at"]),
        beyond={int(number): _moment(at) for number, at in stored["beyond"].items()},
        highest=stored["highest"],
        suspects={int(number): datetime.fromisoformat(at) for number, at in suspects},
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
