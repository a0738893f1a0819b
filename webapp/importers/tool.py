"""What a project tool's module offers; each module in `webapp.importers.tools` has one as TOOL."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

from webapp.importers import tools
from webapp.importers.items import Reading
from webapp.importers.upload import Upload


class Tool(NamedTuple):
    """How to know a tool's export, and how to read it.

    `recognise` says from 0 (not this tool) to 100 (certainly). `members` are the members of its
    JSON that `read` asks for: no other is kept. `how` says where the export is made.
    """

    name: str
    title: str
    how: str
    recognise: Callable[[Upload], int]
    read: Callable[[Upload], Reading]
    members: frozenset[str] = frozenset()


@cache
def known_tools() -> dict[str, Tool]:
    """Every tool by its name: a module put into the package is one more."""
    names = sorted(each.name for each in iter_modules(tools.__path__))
    modules = (import_module(f"{tools.__name__}.{name}") for name in names)
    return {module.TOOL.name: module.TOOL for module in modules}
