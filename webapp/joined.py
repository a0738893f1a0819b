"""The modules that offline screens always need as one file, what sends and the kiosk as two more.

A phone reads one file several times faster than twenty that name each other. Nothing is changed but
the lines that import and export: each module becomes a function that gives its exports, and they
are called in the order in which a browser would run the modules. Whatever else imports one of them,
under its own address too, gets the very same functions and state. What brings work to the server
comes after the screen, as a file of its own. A kiosk's screen needs a third one with what is its
own; no phone fetches that. The join understands how our modules are written (named imports and
exports, no circles) and refuses anything else.
"""

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from webapp.lean import TYPES, source_of

SCRIPT = "js/offline.js"
SENDING = "js/sending.js"
KIOSK = "js/kiosk.js"
SHEET = "css/offline.css"
PAGES = ("js/pages/today.js", "js/pages/run.js")
# Each file with what it is for: pages, which stay beside it, or a script, which is part of it. One
# that stands later holds only what is new in it.
FILES = {SCRIPT: PAGES, SENDING: ("js/drain.js",), KIOSK: ("js/pages/kiosk.js",)}
# The service worker reads the first too, and none of the screens; the second may wait for words.
APART = ("js/store.js", "js/language.js")
_COMMON = (
    *("tokens", "base", "frame", "buttons", "forms", "parts", "notices", "track", "steps"),
    "photo",
)
# Each sheet with those that it is made of, in their order; debug mode links these one by one.
SHEETS = {
    SHEET: (*_COMMON, "work", "device", "proof", "reference"),
    "css/pages.css": (
        *_COMMON,
        "facts",
        "manage",
        "signal",
        "front",
        "builder",
        "builder-steps",
        "rehearsal",
    ),
}

_GIVEN = re.compile(r'^(import|export) \{ ([\w$, ]+) \} from "(\.[^"]+)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?function|class|const) (\w+)", re.MULTILINE)
_LAZY = re.compile(r'\bimport\("(\.[^"]+)"\)')
_OTHER = re.compile(r"^(?:import\b(?!\()|export\b).*|.*\bimport\.meta\b.*", re.MULTILINE)


class NotJoinable(ValueError):
    """A module is written in a way that the join does not understand."""


@dataclass(frozen=True)
class Given:
    """A name that a module has from another: `name` there, `own` here; `passed_on` to others."""

    path: str
    name: str
    own: str
    passed_on: bool


@dataclass(frozen=True)
class Module:
    """A script without the lines that import and export."""

    path: str
    body: str
    given: tuple[Given, ...]
    exports: tuple[str, ...]


def served(static: Path, name: str) -> str | None:
    """Return the script or style `name` of `static` as browsers get it; None for another file."""
    if name in SHEETS:
        return "".join(source_of(static / f"css/{sheet}.css") for sheet in SHEETS[name])
    files = _files(static)
    homes = {path: file for file, members in files.items() for path in members}
    if name in files:
        return _script(name, files[name], homes)
    if name in homes:
        return _front(files[homes[name]][name], homes[name])
    path = static / name
    if path.suffix not in TYPES or not path.is_file():
        return None
    return _beside(name, source_of(path), homes) if name.startswith("js/") else source_of(path)


def joined(static: Path, name: str = SCRIPT) -> dict[str, Module]:
    """Return the modules of one of FILES by their paths, each after those that it needs."""
    return _files(static)[name]


def _files(static: Path) -> dict[str, dict[str, Module]]:
    scripts = [path.stat().st_mtime_ns for path in (static / "js").rglob("*.js")]
    return _joined(static, max(scripts, default=0) + len(scripts))


@lru_cache(maxsize=4)
def _joined(static: Path, _changed_at: int) -> dict[str, dict[str, Module]]:
    known: dict[str, Module] = {}
    files: dict[str, dict[str, Module]] = {}
    for name, paths in FILES.items():
        before = set(known)
        for path in paths:
            for each in _members(static, path):
                _collect(static, each, known, ())
        files[name] = {path: each for path, each in known.items() if path not in before}
    _check(known)
    return files


def _members(static: Path, path: str) -> Iterable[str]:
    if not (static / path).is_file():
        return []
    if not path.startswith("js/pages/"):
        return [path]
    return _needed(module(path, source_of(static / path)))


def _collect(static: Path, path: str, found: dict[str, Module], above: tuple[str, ...]) -> None:
    if path in above:
        raise NotJoinable(f"{path} needs itself: {' '.join(above)}")
    if path in APART or path in found:
        return
    this = module(path, source_of(static / path))
    for each in _needed(this):
        _collect(static, each, found, (*above, path))
    found[path] = this


def _needed(module: Module) -> Iterable[str]:
    return dict.fromkeys(each.path for each in module.given)


def _check(found: dict[str, Module]) -> None:
    for module in found.values():
        for each in module.given:
            if each.path not in APART and each.name not in found[each.path].exports:
                raise NotJoinable(f"{module.path} wants {each.name} of {each.path}")


def module(path: str, text: str) -> Module:
    """Take a module apart; NotJoinable when it is written in another way than ours."""
    given = tuple(each for line in _GIVEN.finditer(text) for each in _given(path, line))
    own = [name for _, name in _EXPORT.findall(text)]
    body = _EXPORT.sub(r"\1 \2", _GIVEN.sub("", text))
    if other := _OTHER.search(body):
        raise NotJoinable(f"{path}: {other[0]}")
    return Module(path, body, given, (*own, *(each.own for each in given if each.passed_on)))


def _given(path: str, line: re.Match[str]) -> Iterable[Given]:
    verb, names, specifier = line.groups()
    for pair in names.split(", "):
        name, _, own = pair.partition(" as ")
        yield Given(_resolved(path, specifier), name, own or name, verb == "export")


def _script(name: str, members: dict[str, Module], homes: dict[str, str]) -> str:
    given = {(each.path, each.name) for module in members.values() for each in module.given}
    outside: dict[str, list[str]] = {}
    for path, wanted in sorted(given):
        if path not in members:
            own = f"{wanted} as {_flat(path, wanted)}" if path in APART else _flat(path, wanted)
            outside.setdefault(homes.get(path, path), []).append(own)
    first = (
        f'import {{ {", ".join(names)} }} from "{_specifier(name, home)}";\n'
        for home, names in outside.items()
    )
    return "".join([*first, *(_part(name, module) for module in members.values())])


def _part(name: str, module: Module) -> str:
    def lazy(found: re.Match[str]) -> str:
        return f'import("{_specifier(name, _resolved(module.path, found[1]))}")'

    known = ", ".join(f"{each.own} = {_flat(each.path, each.name)}" for each in module.given)
    outside = ", ".join(_flat(module.path, name) for name in module.exports)
    inside = ", ".join(module.exports)
    before = f"const {known};\n" if known else ""
    body = f"{before}{_LAZY.sub(lazy, module.body)}return [{inside}];\n"
    return f"export const [{outside}] = (() => {{\n{body}}})();\n"


def _front(module: Module, home: str) -> str:
    names = ", ".join(f"{_flat(module.path, name)} as {name}" for name in module.exports)
    return f'export {{ {names} }} from "{_specifier(module.path, home)}";\n'


def _beside(path: str, text: str, homes: dict[str, str]) -> str:
    def line(found: re.Match[str]) -> str:
        given = list(_given(path, found))
        home = homes.get(given[0].path)
        if home is None:
            return found[0]
        names = ", ".join(f"{_flat(each.path, each.name)} as {each.own}" for each in given)
        return f'{found[1]} {{ {names} }} from "{_specifier(path, home)}";\n'

    return _GIVEN.sub(line, text)


def _flat(path: str, name: str) -> str:
    stem = re.sub(r"\W", "_", path.removeprefix("js/").removesuffix(".js"))
    return f"{stem}${name}"


def _resolved(path: str, specifier: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))


def _specifier(path: str, other: str) -> str:
    relative = posixpath.relpath(other, posixpath.dirname(path))
    return relative if relative.startswith(".") else f"./{relative}"
