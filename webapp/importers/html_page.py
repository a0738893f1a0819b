"""An HTML page of Notion to the same lines as its Markdown; nothing in it is run or fetched.

One pass over the text by one pattern: the parser of the standard library takes time that grows
with the square of a page that was made to make it slow.
"""

import re
from html import unescape

MOST_LINES = 20_000

_PIECE = re.compile(r"<(?P<end>/?)(?P<tag>[a-zA-Z][a-zA-Z0-9]*)(?P<how>[^<>]*)>|(?P<text>[^<]+)")
_CLASS = re.compile(r"\bclass=[\"']?([^\"'>]*)")
_HEADINGS = {f"h{n}": f"{'#' * n} " for n in range(1, 5)}
_BREAKS = {"p", "div", "li", "tr", "header", "article", "ul", "ol", "table", "br", *_HEADINGS}
_UNSEEN = {"script", "style", "svg", "title"}


def as_lines(html: str) -> str:
    """The page as "# Title", "Property: value", headings and "- [ ]  to-do" lines."""
    lines = _Lines()
    for piece in _PIECE.finditer(html):
        if piece["text"] is not None:
            lines.take_text(piece["text"])
        elif piece["end"]:
            lines.end(piece["tag"].lower())
        else:
            lines.begin(piece["tag"].lower(), piece["how"])
    lines.finish()
    return "\n".join(lines.found)


class _Lines:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._prefix = ""
        self._unseen = 0
        self._is_todo: list[bool] = []

    def begin(self, tag: str, how: str) -> None:
        """Begin a line where the page does, with the sign that Markdown has for it."""
        self._unseen += tag in _UNSEEN and not how.endswith("/")
        if tag in ("ul", "ol"):
            kinds = _CLASS.search(how)
            self._is_todo.append(kinds is not None and "to-do-list" in kinds[1])
        if tag in _BREAKS:
            self.finish()
            self._prefix = self._prefix if tag == "div" else self._sign(tag)
        elif tag == "td" and self._parts:
            self._parts.append(": ")

    def _sign(self, tag: str) -> str:
        if tag == "li" and self._is_todo and self._is_todo[-1]:
            return "- [ ]  "
        return _HEADINGS.get(tag, "")

    def end(self, tag: str) -> None:
        """End a line where the page does."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in ("ul", "ol") and self._is_todo:
            self._is_todo.pop()
        if tag in _BREAKS:
            self.finish()
            self._prefix = self._prefix if tag == "div" else ""

    def take_text(self, text: str) -> None:
        """Keep text that is seen."""
        if not self._unseen:
            self._parts.append(unescape(text))

    def finish(self) -> None:
        """Put what was gathered on a line of its own."""
        words = " ".join("".join(self._parts).split())
        if words and len(self.found) < MOST_LINES:
            self.found.append(f"{self._prefix}{words}")
            self._prefix = ""
        self._parts = []
