"""A page as it reads: its words alone."""

import re
from html import unescape

from werkzeug.test import TestResponse


def words(answer: TestResponse) -> str:
    """Return the text of a page without its markup, on one line."""
    return words_in(answer.text)


def words_in(markup: str) -> str:
    """Return the text of a part of a page."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", markup)))
