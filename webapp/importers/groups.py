"""Items that are occurrences of one thing, by the lasting part of their titles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from webapp.importers import titles, words
from webapp.importers.items import Item, When
from webapp.rules.sentences import N_

DUE, START = N_("due dates"), N_("start dates")
DONE, CREATED = N_("dates of completion"), N_("dates of creation")
IN_TITLES = N_("dates in the titles")
_ENOUGH = 0.6


@dataclass(slots=True)
class Group:
    """Occurrences in the order of their dates, and which of their dates that is."""

    items: list[Item]
    dates: list[date]
    source: str
    changing: list[tuple[str, str]]

    @property
    def latest(self) -> Item:
        """The newest occurrence."""
        return self.items[-1]


def grouped(items: Sequence[Item]) -> tuple[list[Group], list[Item]]:
    """The items in groups, in the order in which each first comes up, and the plain single ones.

    Those come up once, have no steps and say nothing of a rhythm: in a large export most are.
    """
    places: dict[str, dict[str, Item | list[Item]]] = {}
    for item in _with_repeated_children(items):
        by_key = places.setdefault(item.place, {})
        key = titles.take_apart(item.title).key
        before = by_key.setdefault(key, item)
        if isinstance(before, list):
            before.append(item)
        elif before is not item:
            by_key[key] = [before, item]
    groups, once = [], []
    for found in (found for by_key in places.values() for found in by_key.values()):
        if isinstance(found, list):
            groups += [_group(part) for part in _by_section(found)]
        elif _is_plain(found):
            once.append(found)
        else:
            groups.append(_group([found]))
    return groups, once


def _is_plain(item: Item) -> bool:
    return not (item.steps or item.children or item.is_template or item.is_closed) and (
        words.is_silent(item)
    )


def _with_repeated_children(items: Sequence[Item]) -> list[Item]:
    """The items, and the children that are occurrences of something rather than steps."""
    found: list[Item] = []
    for item in items:
        found.append(item)
        repeated = _repeated(item.children)
        if repeated:
            item.children = tuple(each for each in item.children if id(each) not in repeated)
            found += [_stand_alone(child, item) for child in repeated.values()]
    return found


def _repeated(children: Sequence[Item]) -> dict[int, Item]:
    if len(children) < 3:
        return {}
    counts: dict[str, set[date]] = {}
    for child in children:
        if child.due:
            counts.setdefault(titles.take_apart(child.title).key, set()).add(child.due.day)
    often = {key for key, days in counts.items() if len(days) > 2}
    return {id(c): c for c in children if titles.take_apart(c.title).key in often}


def _stand_alone(child: Item, parent: Item) -> Item:
    child.place = child.place or parent.place
    child.group = parent.title
    return child


def _by_section(items: list[Item]) -> list[list[Item]]:
    """Apart by section where the same dates come up in several: one process per place.

    A section that only says how far the work is (To do, Done) moves with the occurrences instead.
    """
    sections = {item.group for item in items}
    if len(sections) < 2 or len(items) < 4:
        return [items]
    days = Counter(item.due.day for item in items if item.due)
    shared = sum(count for count in days.values() if count > 1)
    if not days or shared / sum(days.values()) < _ENOUGH:
        return [items]
    return [
        [item for item in items if item.group == each]
        for each in dict.fromkeys(i.group for i in items)
    ]


def _group(items: list[Item]) -> Group:
    source, dated = _dates(items)
    order = sorted(items, key=lambda item: (dated.get(id(item), date.min), item.row))
    changing = [part for item in order for part in titles.take_apart(item.title).changing]
    return Group(order, sorted(set(dated.values())), source, changing)


def _dates(items: Sequence[Item]) -> tuple[str, dict[int, date]]:
    """The best dates that most have: due, in the title, start, completion, creation."""
    best: tuple[str, dict[int, date]] = ("", {})
    for source, read in _SOURCES:
        dated = {id(item): when.day for item in items if (when := read(item))}
        if len(dated) >= max(1, _ENOUGH * len(items)):
            return source, dated
        if len(dated) > len(best[1]):
            best = (source, dated)
    return best


def _in_title(item: Item) -> When | None:
    return titles.date_in(titles.take_apart(item.title))


_SOURCES = (
    (DUE, lambda item: item.due),
    (IN_TITLES, _in_title),
    (START, lambda item: item.start),
    (DONE, lambda item: item.done),
    (CREATED, lambda item: item.created),
)
