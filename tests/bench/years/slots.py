"""A stored row as a form: text with slots for what every copy has of its own."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from operator import itemgetter

from tests.bench.years.played import GROUP_MARK, PLACE_MARK
from webapp.rules.likeness import bands

Values = Sequence[str]
Filler = Callable[[Values], str]
_MARKS = (GROUP_MARK, PLACE_MARK)
_KINDS = {
    "hash": "[0-9a-f]{64}",
    "uuid": "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "id": "[0-9A-HJKMNP-TV-Z]{26}",
    "date": "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
    "mark": f"(?i:{'|'.join(_MARKS)})",
}
_ANY = re.compile("|".join(f"(?P<{kind}>{shape})" for kind, shape in _KINDS.items()))


class Slots:
    """What one day's rows have that their copies do not share.

    `shared` are the ids that mean the same row on every day (people, processes, steps). A copy's
    values are those, the marks, the date between its neighbours; then ids, hashes, UUIDs and
    fingerprints made anew.
    """

    def __init__(self, shared: Sequence[str], on: date) -> None:
        dates = [f"{on + timedelta(days=days)}" for days in (-1, 0, 1)]
        self._fixed = {each: n for n, each in enumerate([*shared, *_MARKS, *dates])}
        self._anew: dict[str, dict[str, int]] = {"id": {}, "hash": {}, "uuid": {}, "print": {}}

    def form(self, text: str) -> Callable[[], Filler]:
        """Return what gives the filler of the text once all forms of the day are made.

        Raises ValueError at the date of another day.
        """
        places: list[tuple[str, int]] = []

        def slot(found: re.Match[str]) -> str:
            places.append(self._place(str(found.lastgroup), found.group()))
            return "%s"

        literal = _ANY.sub(slot, text.replace("%", "%%"))
        return lambda: _filler(literal, [self._index(*place) for place in places])

    def print_form(self, before: str, band: int, between: str, bits: int, after: str) -> "Later":
        """The same of a band of a fingerprint, both of which are numbers."""
        number = self._anew["print"].setdefault(str(bits), len(self._anew["print"]))
        first, middle, last = self.form(before), self.form(between), self.form(after)
        own = band >> 15

        def later() -> Filler:
            at = self._index("print", number)
            begins, goes_on, ends = first(), middle(), last()
            return lambda v: f"{begins(v)}{bands(int(v[at]))[own]}{goes_on(v)}{v[at]}{ends(v)}"

        return later

    def counts(self) -> tuple[int, int, int, int]:
        """How many ids, hashes, UUIDs and fingerprints a copy makes anew."""
        ids, hashes, uuids, prints = (len(each) for each in self._anew.values())
        return ids, hashes, uuids, prints

    def _place(self, kind: str, token: str) -> tuple[str, int]:
        token = token.upper() if kind == "mark" else token
        if token in self._fixed:
            return "fixed", self._fixed[token]
        if kind == "date":
            raise ValueError(f"{token} is another day")
        return kind, self._anew[kind].setdefault(token, len(self._anew[kind]))

    def _index(self, kind: str, number: int) -> int:
        if kind == "fixed":
            return number
        before = list(self._anew)[: list(self._anew).index(kind)]
        return len(self._fixed) + sum(len(self._anew[each]) for each in before) + number


Later = Callable[[], Filler]


def _filler(literal: str, chosen: list[int]) -> Filler:
    if not chosen:
        plain = literal % ()
        return lambda _values: plain
    if len(chosen) == 1:
        return lambda values: literal % values[chosen[0]]
    pick = itemgetter(*chosen)
    return lambda values: literal % pick(values)
