"""An HTML page of Notion to the same lines as its Markdown; nothing in it is run or fetched."""

import re
from html.parser import HTMLParser

MOST_LINES = 20_000

_BREAKS = {"p", "div", "li", "tr", "h1", "h2", "h3", "h4", "header", "article", "ul", "ol", "table"}
_UNSEEN = {"script", "style", "svg", "title"}


def as_lines(html: str) -> str:
    """The page as "# Title", "Property: value", headings and "- [ ]  to-do" lines."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_line()
    return "\n".join(reader.lines)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._parts: list[str] = []
        self._prefix = ""
        self._unseen = 0
        self._is_todo: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the page does, with the sign that Markdown has for it."""
        kinds = dict(attrs).get("class") or ""
        if tag in _UNSEEN:
            self._unseen += 1
        if tag in ("ul", "ol"):
            self._is_todo.append("to-do-list" in kinds)
        if tag in _BREAKS:
            self.end_line()
            self._prefix = self._prefix if tag == "div" else self._sign(tag)
        elif tag == "td":
            self._parts.append(": " if self._parts else "")

    def _sign(self, tag: str) -> str:
        if re.fullmatch("h[1-4]", tag):
            return f"{'#' * int(tag[1])} "
        return "- [ ]  " if tag == "li" and self._is_todo and self._is_todo[-1] else ""

    def handle_endtag(self, tag: str) -> None:
        """End a line where the page does."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in ("ul", "ol") and self._is_todo:
            self._is_todo.pop()
        if tag in _BREAKS:
            self.end_line()
            self._prefix = self._prefix if tag == "div" else ""

    def handle_data(self, data: str) -> None:
        """Keep text that is seen."""
        if not self._unseen:
            self._parts.append(data)

    def end_line(self) -> None:
        """Put what was gathered on a line of its own."""
        words = " ".join("".join(self._parts).split())
        if words and len(self.lines) < MOST_LINES:
            self.lines.append(f"{self._prefix}{words}")
            self._prefix = ""
        self._parts = []
