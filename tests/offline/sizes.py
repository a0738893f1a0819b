"""How much of our own JavaScript a phone fetches, as the server sends it: lean and gzipped."""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

PAGES = ("js/pages/today.js", "js/pages/run.js", "js/pages/device.js")
FIRST = ("js/pages/today.js", "js/pages/run.js")
WORKER = "/sw.js"
STATIC_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*["']([^"']+\.js)["']""")
LAZY_IMPORT = re.compile(r"""\bimport\(\s*["']([^"']+\.js)["']|new URL\(\s*["']([^"']+\.js)["']""")


@dataclass(frozen=True)
class Sizes:
    """Bytes gzipped by address. `first` is what pages import at once, `lazy` what comes later."""

    first: dict[str, int]
    lazy: dict[str, int]
    vendored: dict[str, int]
    worker: dict[str, int]


def measure(app: Flask) -> Sizes:
    """What the server of this application sends."""
    client = app.test_client()
    first = _reached(client, [f"/static/{page}" for page in FIRST])
    every = _reached(client, [f"/static/{page}" for page in PAGES], lazily=True)
    worker = _reached(client, [WORKER])
    lazy = {path: size for path, size in every.items() if path not in first}
    folder = Path(str(app.static_folder))
    found = [path.relative_to(folder).as_posix() for path in (folder / "vendor").rglob("*.js")]
    vendored = {f"/static/{path}": _gzipped(client, f"/static/{path}") for path in found}
    return Sizes(first, lazy, vendored, {p: s for p, s in worker.items() if p not in first})


def _reached(client: FlaskClient, starts: Iterable[str], *, lazily: bool = False) -> dict[str, int]:
    found: dict[str, int] = {}
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        if "/vendor/" in path:
            continue
        found[path] = _gzipped(client, path)
        waiting += _imports(client, path, lazily)
    return found


def _gzipped(client: FlaskClient, path: str) -> int:
    answer = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, (path, answer.status)
    return len(answer.data)


def _imports(client: FlaskClient, path: str, lazily: bool) -> list[str]:
    source = client.get(path).get_data(as_text=True)
    names = STATIC_IMPORT.findall(source)
    if lazily:
        names += ["".join(pair) for pair in LAZY_IMPORT.findall(source)]
    here = posixpath.dirname(path)
    return [posixpath.normpath(posixpath.join(here, name)) for name in names]
