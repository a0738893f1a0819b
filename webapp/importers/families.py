"""Rows that belong under others: children to parents, without loops or lost rows."""

from collections.abc import Iterator, Sequence

from webapp.importers.items import Item, Step

DEEPEST = 12


def settle(items: Sequence[Item], parent_of: dict[int, Item]) -> list[Item]:
    """The items at the top, each with its children in order; `parent_of` is by a child's row.

    Every item ends up in exactly one place: what would be its own ancestor stays at the top.
    """
    children: dict[int, list[Item]] = {}
    top = []
    for item in items:
        parent = parent_of.get(item.row)
        if parent is None or _is_loop(item, parent, parent_of):
            parent_of.pop(item.row, None)
            top.append(item)
        else:
            children.setdefault(parent.row, []).append(item)
    for item in items:
        if item.row in children:
            item.children = tuple(children[item.row])
    return top


def _is_loop(item: Item, parent: Item, parent_of: dict[int, Item]) -> bool:
    above: Item | None = parent
    for _ in range(DEEPEST):
        if above is None:
            return False
        if above is item:
            return True
        above = parent_of.get(above.row)
    return True


def steps_of(item: Item) -> tuple[Step, ...]:
    """Its own steps, then its children as steps; children of children under their parent's name."""
    own = list(item.steps)
    for child in item.children:
        person = child.people[0] if child.people else ""
        inner = steps_of(child)
        own += [Step(child.title, "", person)] if not inner else [
            Step(step.title, step.section or child.title, step.person or person) for step in inner
        ]  # fmt: skip
    return tuple(own)


def below(item: Item) -> Iterator[tuple[int, str]]:
    """The rows of its children and their children, with their titles."""
    for child in item.children:
        yield child.row, child.title
        yield from below(child)


def rows_of(item: Item) -> list[int]:
    """The rows that it took: its own and those of its children."""
    return [item.row, *(row for row, _title in below(item))]
