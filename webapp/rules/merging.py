"""Merging: what one person changed, put on top of what was changed meanwhile.

Three states of the same thing are compared: the `base` that somebody began with, `mine` as they
leave it, and `current` as it stands by now. What only one side changed is taken from that side;
what both changed, and not alike, is a clash, in which mine stands. A clash is called as what it is
about: "deadline", "steps[key].title", "steps[key]" for a row as a whole, "steps" for their order.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

Fields = Mapping[str, Any]
Rows = Mapping[str, Fields]

ORDER = "steps"
TITLE = "title"
# What names another row: the first of its values is the key of that row, "" where there is none.
NAMING = ("only_if", "after")
_OF_ROW = re.compile(r"steps\[(?P<key>.*)\](?:\.(?P<field>[^\]]+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Whole:
    """A definition in parts that are merged one by one; its rows are known by their keys."""

    facts: Fields
    rows: Rows


def merge(base: Whole, mine: Whole, current: Whole) -> tuple[Whole, list[str]]:
    """Return what both sides changed, put together, and the names of what clashes."""
    facts, clashes = of_fields(base.facts, mine.facts, current.facts)
    rows, clashing = of_rows(base.rows, mine.rows, current.rows)
    return Whole(facts, rows), clashes + clashing


def row_of(name: str) -> tuple[str, str] | None:
    """Return the key of the row and the field that a clash is about, "" for all of the row."""
    found = _OF_ROW.fullmatch(name)
    return (found["key"], found["field"] or "") if found else None


def with_part(whole: Whole, other: Whole, name: str) -> Whole:
    """Return the whole, with what goes by the name of a clash as the other one has it."""
    if name == ORDER:
        keys = [key for key in _woven([*other.rows], whole.rows) if key in whole.rows]
        return replace(whole, rows={key: whole.rows[key] for key in keys})
    if (found := row_of(name)) is None:
        return replace(whole, facts={**whole.facts, name: other.facts.get(name)})
    key, field = found
    rows = {each: whole.rows.get(each) for each in _woven([*whole.rows], other.rows)}
    theirs, row = other.rows.get(key), whole.rows.get(key)
    rows[key] = {**row, field: theirs.get(field)} if field and theirs and row else theirs
    there = {each: row for each, row in rows.items() if row and (each in whole.rows or each == key)}
    return replace(whole, rows=there)


def of_fields(base: Fields, mine: Fields, current: Fields) -> tuple[dict[str, Any], list[str]]:
    """Return the merged fields and the names of those that clash; a missing one is None."""
    names = dict.fromkeys((*current, *mine))
    values = {name: (base.get(name), mine.get(name), current.get(name)) for name in names}
    merged = {name: now if own == was else own for name, (was, own, now) in values.items()}
    return merged, [name for name, three in values.items() if _is_clash(*three)]


def of_rows(base: Rows, mine: Rows, current: Rows) -> tuple[dict[str, Fields], list[str]]:
    """Return the merged rows by key, in order, and the names of what clashes.

    To take a row out clashes with a change of it, and with a row that names it. A row that both
    sides added under the same title is the same row.
    """
    mine = _recognised(base, mine, current)
    keys, is_clash = _order(base, mine, current)
    found = {key: _row(base.get(key), mine.get(key), current.get(key)) for key in keys}
    for key in _missed(row for row, _fields in found.values()):
        if key in found and found[key] == (None, []):
            found[key] = (mine.get(key), [""])
    clashes = [_name(key, field) for key, (_row, fields) in found.items() for field in fields]
    merged = {key: row for key, (row, _fields) in found.items() if row is not None}
    return merged, [ORDER, *clashes] if is_clash else clashes


def _name(key: str, field: str) -> str:
    return f"steps[{key}].{field}" if field else f"steps[{key}]"


def _is_clash(was: Any, own: Any, now: Any) -> bool:
    return own not in (was, now) and now != was


def _row(was: Fields | None, own: Fields | None, now: Fields | None) -> tuple[Any, list[str]]:
    """The merged row, None when it is taken out, and its clashing fields; "" is the row itself."""
    if own is not None and now is not None:
        return of_fields(was or {}, own, now)
    return now if own == was else own, [""] if _is_clash(was, own, now) else []


def _named(row: Fields) -> list[str]:
    return [row[part][0] for part in NAMING if row.get(part)]


def _missed(rows: Iterable[Fields | None]) -> set[str]:
    """The keys that these rows name, each of which is to be among them."""
    return {key for row in rows if row is not None for key in _named(row)}


def _recognised(base: Rows, mine: Rows, current: Rows) -> Rows:
    """Mine, with each row that is new under the key of the current one of its title, if any."""
    free = {row.get(TITLE): key for key, row in current.items() if key not in (*base, *mine)}
    keys = {key: free.pop(row.get(TITLE), key) for key, row in mine.items() if key not in base}
    if all(key == same for key, same in keys.items()):
        return mine
    return {keys.get(key, key): _renaming(row, keys) for key, row in mine.items()}


def _renaming(row: Fields, keys: Mapping[str, str]) -> Fields:
    named = {part: row[part] for part in NAMING if row.get(part)}
    return {**row} | {part: (keys.get(key, key), *more) for part, (key, *more) in named.items()}


def _order(base: Rows, mine: Rows, current: Rows) -> tuple[list[str], bool]:
    """The keys of all, in the order of the side that changed it, and whether both did."""
    shared = [key for key in base if key in mine and key in current]
    own, now = ([key for key in side if key in shared] for side in (mine, current))
    lead, other = (current, mine) if own == shared else (mine, current)
    return _woven([*lead], [*other]), _is_clash(shared, own, now)


def _woven(lead: list[str], other: Iterable[str]) -> list[str]:
    """The keys of `lead`, each further one of `other` after the one that it follows there."""
    woven, at = list(lead), 0
    for key in other:
        if key not in woven:
            woven.insert(at, key)
        at = woven.index(key) + 1
    return woven
