"""What makes Baton installable: the manifest, the service worker and the list of its files."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, current_app, render_template

import service_worker
from webapp.joined import served
from webapp.kept_files import needed
from webapp.lean import TYPES, lean, source_of
from webapp.problems import Problem
from webapp.rules.languages import LANGUAGES
from webapp.views import browser_words
from webapp.views.language import in_this_browser
from webapp.views.manifest import manifest
from webapp.views.policy import PUBLIC, policy
from webapp.words import speaking

blueprint = APIBlueprint("pwa", __name__, enable_openapi=False)

SCRIPTS = Path(service_worker.__path__[0])
SHELLS = {
    "/today": "today/shell.html",
    "/run/": "run/shell.html",
    "/approve/": "approve/shell.html",
    "/device": "device/shell.html",
    "/kiosk": "kiosk/shell.html",
    "/offline": "errors/offline.html",
}
# Icons that only the system asks for; and the builder is many small modules, which would each be
# asked for anew whenever it opens.
KEPT_TOO = ("icons/*", "js/builder/*.js")
# Raised only when pages of the version before cannot go on with the files of the new one.
# 2: pages of 1 cannot open what they kept once a page of a later version has opened it.
# 3: pages of 2 have each module by itself, and would get them a second time with a joined one.
# 4, 5: the joined file of the version before lacks names that the other files take from it.
MAJOR = 5


@blueprint.get("/manifest.webmanifest")
@policy(PUBLIC)
def describe() -> Response:
    """Describe the app to the browser that installs it, in a language that it asks for."""
    with speaking(in_this_browser()):
        response = _unchanging(json.dumps(manifest()), "application/manifest+json")
    response.vary.update(("Accept-Language", "Cookie"))
    return response


@blueprint.get("/sw.js")
@policy(PUBLIC)
def main() -> Response:
    """Serve the service worker from the root, so that its scope is the whole site.

    Its last line is another one in each version: Chromium cannot start an update in which only the
    list of files has changed, and would keep the version before for ever.
    """
    source = source_of(SCRIPTS / "main.js")
    return _unchanging(f"{source}\nself.version = {json.dumps(_name())};\n", "text/javascript")


@blueprint.get("/sw/<name>.js")
@policy(PUBLIC)
def module(name: str) -> Response:
    """Serve one module of the service worker."""
    return _script(f"{name}.js")


@blueprint.get("/sw/precache.js")
@policy(PUBLIC)
def precache() -> Response:
    """List the files of this version; the version is the hash of them all."""
    source = f"export const VERSION = {json.dumps(_name())};\nexport const FILES = "
    return _unchanging(source + json.dumps(_files()[1], indent=1) + ";\n", "text/javascript")


def _name() -> str:
    return f"{MAJOR}.{_files()[0]}"


def _files() -> tuple[str, list[str]]:
    static = Path(str(current_app.static_folder))
    return _version(static, _fingerprint(static), current_app.debug)


def _fingerprint(static: Path) -> int:
    """Change when a file does, cheaply: the newest change and the number of files."""
    files = [path.stat().st_mtime_ns for path in static.rglob("*") if path.is_file()]
    return max(files, default=0) + len(files)


@lru_cache(maxsize=2)
def _version(static: Path, _fingerprint: int, is_debug: bool) -> tuple[str, list[str]]:
    pages = [render_template(template) for template in SHELLS.values()]
    scripts = [source_of(path) for path in sorted(SCRIPTS.glob("*.js"))]
    names = needed([*pages, *scripts], lambda name: _text(static, name, is_debug))
    for each in KEPT_TOO:
        names += sorted(path.relative_to(static).as_posix() for path in static.glob(each))
    names = list(dict.fromkeys(names))
    digest = hashlib.sha256()
    for name in names:
        digest.update(name.encode() + _served(static, name))
    for text in (*scripts, *pages):
        digest.update(text.encode())
    for language in sorted(LANGUAGES.keys() - {"en"}):
        digest.update(browser_words.packed(language).encode())
    files = [f"/static/{name}" for name in names]
    return digest.hexdigest()[:16], [*SHELLS, *files, *browser_words.FILES]


def _text(static: Path, name: str, is_debug: bool) -> str | None:
    """The script or style as browsers get it; in debug mode as it is written."""
    path = static / name
    if is_debug and path.suffix in TYPES and path.is_file():
        return path.read_text(encoding="utf-8")
    return None if is_debug else served(static, name)


def _served(static: Path, name: str) -> bytes:
    text = served(static, name)
    return (static / name).read_bytes() if text is None else text.encode()


def _script(name: str) -> Response:
    made = lean(SCRIPTS / name)
    if made is None:
        raise Problem("not_found")
    return made


def _unchanging(body: str, kind: str) -> Response:
    response = Response(body, mimetype=kind, headers={"Cache-Control": "no-cache"})
    response.add_etag()
    return response
