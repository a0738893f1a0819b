"""The pages that carry the modules: the same frame as the real ones, without the server."""

import json
from collections.abc import Sequence
from functools import lru_cache, partial
from pathlib import Path

from webapp.joined import SCRIPT, SHEET, served
from webapp.kept_files import needed

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "webapp" / "static"
WORKER = ROOT / "service_worker"
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# Parts of the joined file that tests call by their own address, also without a connection.
CALLED = ("api", "app", "clock", "day", "ids", "kept", "light", "queue", "state", "sync", "words")
SHELLS = ("today", "run", "approve", "device")
SHELL = """<!doctype html><html lang="en" data-shell><head><meta charset="utf-8">
<title>Yours today · Baton</title>
<script src="/static/js/theme.js"></script>
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/static/{sheet}">
<link rel="modulepreload" href="/static/{script}">
<link rel="modulepreload" href="/static/js/store.js">
<script type="module" src="/static/js/pages/{name}.js"></script></head>
<body><header class="screen-top"><p id="over" class="over" hidden></p>
<h1 id="title" data-t>Yours today</h1>
<p id="light" class="safe" role="status"></p></header>
<main id="app" class="screen" tabindex="-1"></main>
<nav class="foot" aria-label="Main" data-t-aria-label>
<form method="post" action="/sign-out" hidden><button>Sign out</button></form>
</nav></body></html>"""
JOIN = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Join</title>
<script type="module" src="/static/js/join.js"></script></head>
<body><p id="join-words" role="status"></p>
<form id="join-form" method="post"><input id="join-secret" type="hidden" name="secret"></form>
</body></html>"""


def shell(name: str) -> bytes:
    """The page of this name."""
    return SHELL.format(name=name, sheet=SHEET, script=SCRIPT).encode()


def precache(version: str, pages: Sequence[bytes] = ()) -> str:
    """The service worker's list of files, as the real server would write it."""
    return _listed(version, tuple(pages or map(shell, SHELLS)))


@lru_cache
def _listed(version: str, pages: tuple[bytes, ...]) -> str:
    texts = [*(page.decode() for page in pages), *(p.read_text() for p in WORKER.glob("*.js"))]
    own = [f"/static/{name}" for name in needed(texts, partial(served, STATIC))]
    own += [f"/static/js/{name}.js" for name in CALLED]
    own += [f"/static/words/{language}.json" for language in ("ar", "de", "es", "fr", "pt")]
    files = [*own, "/today", "/run/", "/approve/", "/device", "/offline"]
    lines = {"VERSION": version, "FILES": files}.items()
    return "".join(f"export const {name} = {json.dumps(value)};\n" for name, value in lines)
