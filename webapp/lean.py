"""Scripts and styles as browsers get them: the same code without its comments and indentation.

There is no build and nothing is rewritten: a tool that shortens code by what it believes about it
can leave some out. Each process makes a file lean when it is first asked for, and again only after
the file has changed. A test compares the two as a parser reads them, for every file.
"""

import re
from functools import lru_cache
from pathlib import Path

from flask import Response, request

TYPES = {".js": "text/javascript", ".css": "text/css"}
# Comments begin their line, but for the types given to a value: `/** @type {any} */ (value)`.
_BLOCK = re.compile(r"^[ \t]*/\*.*?\*/[ \t]*\n?", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_TAIL = re.compile(r"(?<=[;,{})]) (?:// .*|/\*[^*]*\*/)$", re.MULTILINE)
_TYPE = re.compile(r"/\*\* @type [^\n]*?\*/ ?")
_INDENT = re.compile(r"^[ \t]+|^\n", re.MULTILINE)


def lean(path: Path) -> Response | None:
    """Answer this request with the script or style at `path`; None when it is no such file."""
    known = path.suffix in TYPES and path.is_file()
    return answer(source_of(path), path.suffix) if known else None


def answer(text: str, suffix: str) -> Response:
    """Answer this request with the text of a script or style; browsers ask for it by its tag."""
    response = Response(text, mimetype=TYPES[suffix])
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def source_of(path: Path) -> str:
    """Return the script or style at `path` as browsers get it."""
    return _text(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _text(path: Path, _changed_at: int) -> str:
    text = path.read_text(encoding="utf-8")
    if "vendor" in path.parts:  # written in another style than ours
        return text
    comments = (_BLOCK, _LINE, _TAIL, _TYPE) if path.suffix == ".js" else (_BLOCK, _TAIL)
    for left_out in (*comments, _INDENT):
        text = left_out.sub("", text)
    return text
