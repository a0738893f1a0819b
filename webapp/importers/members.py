"""JSON of an export, of which only the members that some tool asks for are kept."""

import json
from collections.abc import Callable
from typing import Any

from webapp.importers.text import decoded
from webapp.problems import Problem
from webapp.rules.sentences import N_

MOST_PARTS = 2_000_000

_DAMAGED = N_("This JSON file is damaged or was cut off. Export it again.")
_TOO_MUCH = N_("This JSON file holds more than Baton reads at once. Export one board at a time.")


def read_json(content: bytes, wanted: frozenset[str]) -> Any:
    """The document without the members that nobody wants, so that a large board stays small.

    Raises import_damaged, or import_too_large for more parts than any export has.
    """
    if content.count(b"{") + content.count(b"[") > MOST_PARTS:
        raise Problem("import_too_large", _TOO_MUCH)
    try:
        return json.loads(decoded(content), object_pairs_hook=_only(wanted))
    except (ValueError, RecursionError) as error:
        raise Problem("import_damaged", _DAMAGED) from error


def _only(wanted: frozenset[str]) -> Callable[[list[tuple[str, Any]]], dict[str, Any]]:
    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: value for name, value in pairs if name in wanted}

    return keep


def text_of(thing: dict[str, Any], name: str) -> str:
    """A member that is text; nothing where it is missing or something else."""
    value = thing.get(name)
    return value if isinstance(value, str) else ""


def things_in(value: object) -> list[dict[str, Any]]:
    """The objects in a list; none where it is no list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
