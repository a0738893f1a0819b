"""Scripts and styles as browsers get them: the same code without its comments and long names.

What is written is what runs: there is no build. Each process makes a file lean when it is first
asked for, and again only after the file has changed.
"""

from functools import lru_cache
from pathlib import Path
from threading import Lock

import structlog
from flask import Response, request

log = structlog.get_logger()

# Chrome 91 and Safari 15 know the syntax of 2020: nothing newer may come out than went in.
SYNTAX = {"js-version": 2020}
TYPES = {".js": "text/javascript", ".css": "text/css"}
# The library keeps one set of minifiers for all threads, and changes it while it is configured.
_alone = Lock()


def lean(path: Path) -> Response | None:
    """Answer this request with the script or style at `path`; None when it is no such file."""
    kind = TYPES.get(path.suffix)
    if kind is None or not path.is_file():
        return None
    response = Response(source_of(path), mimetype=kind)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def source_of(path: Path) -> str:
    """Return the script or style at `path` as browsers get it."""
    return _text(path, path.stat().st_mtime_ns, TYPES[path.suffix])


@lru_cache(maxsize=256)
def _text(path: Path, _changed_at: int, kind: str) -> str:
    # Not at import: this library brings threads of its own, which a fork would lose.
    import minify

    source = path.read_text(encoding="utf-8")
    with _alone:
        try:
            minify.config(SYNTAX)
            return str(minify.string(kind, source))
        except minify.MinifyError as error:
            # Longer, but the same: a page without its script would do nothing.
            log.error("sent as it is written", file=path.name, error=str(error))
            return source
