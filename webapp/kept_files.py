"""Which files the screens that open without a connection need, found by following what they name.

A phone fetches each of them when it installs a version, often on a slow line: what only managers'
pages use, or what is part of a joined file, is left out.
"""

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator

# A page and a script name files of `static` by their address, and a script those beside it.
_ADDRESS = re.compile(r"""["'`]/static/([^"'`$?]+\.\w+)""")
_BESIDE = re.compile(r"""(?:\b(?:from|import)\s*\(?|new URL\()\s*["'](\.[^"']+)["']""")
_SCRIPT = ".js"


def needed(pages: Iterable[str], served: Callable[[str], str | None]) -> list[str]:
    """Return the files of `static` that the texts of `pages` lead to, in alphabetical order.

    `served` gives the text of a script or style as browsers get it; what it does not know (None)
    leads no further.
    """
    waiting = [name for page in pages for name in _ADDRESS.findall(page)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_named_in(name, served(name) or ""))
    return sorted(found)


def _named_in(name: str, text: str) -> Iterator[str]:
    if not name.endswith(_SCRIPT):
        return
    yield from _ADDRESS.findall(text)
    folder = posixpath.dirname(name)
    yield from (posixpath.normpath(posixpath.join(folder, each)) for each in _BESIDE.findall(text))
