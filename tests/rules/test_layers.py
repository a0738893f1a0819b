"""Nothing imports upward: rules <- models <- services <- views, worker, cli."""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LAYERS = {
    "webapp.rules": "rules",
    "webapp.importers": "importers",
    "webapp.models": "models",
    "webapp.services": "services",
    "webapp.views": "views",
    "webapp.cli": "cli",
    "worker": "worker",
}
FACTORY = "webapp"
# What a layer must not reach, neither itself nor through a module outside the layers.
ABOVE = {
    "rules": {"importers", "models", "services", "views", "cli", "worker", "factory"},
    "importers": {"models", "services", "views", "cli", "worker", "factory"},
    "models": {"importers", "services", "views", "cli", "worker", "factory"},
    "services": {"views", "cli", "worker", "factory"},
    "views": {"cli", "worker", "factory"},
    "worker": {"views", "cli"},
    "cli": set[str](),
}
# Services know no request and send nothing: these are for the views and the worker.
NOT_IN_SERVICES = {
    "flask.request",
    "flask.session",
    "flask.g",
    "flask_login",
    "httpcore",
    "httpx",
    "redis",
    "requests",
    "rq",
    "smtplib",
    "urllib.request",
    "urllib3",
    "webpush",
}


def modules_under(root: Path) -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    files = [path for top in ("webapp", "worker") for path in sorted((root / top).rglob("*.py"))]
    return {
        ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
        if "migrations" not in path.parts
    }


def imports_of(path: Path) -> Iterator[str]:
    """Each imported name in full ("flask.request"), wherever in the file it is imported."""
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(name: str, modules: Iterable[str]) -> str | None:
    """The product's module that an imported name comes from, or None for a library."""
    parts = name.split(".")
    candidates = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((candidate for candidate in candidates if candidate in modules), None)


def layer_of(module: str) -> str | None:
    if module == FACTORY:
        return "factory"
    inside = (
        layer
        for package, layer in LAYERS.items()
        if module == package or module.startswith(f"{package}.")
    )
    return next(inside, None)


def reached_from(module: str, needs: dict[str, set[str]]) -> set[str]:
    """What a module needs, and what the modules outside the layers need in turn."""
    seen: set[str] = set()
    waiting = list(needs[module])
    while waiting:
        found = waiting.pop()
        if found not in seen:
            seen.add(found)
            waiting += needs[found] if layer_of(found) is None else ()
    return seen


def upward_imports(root: Path) -> list[str]:
    modules = modules_under(root)
    needs = {
        module: {found for name in imports_of(path) if (found := module_of(name, modules))}
        for module, path in modules.items()
    }
    return [
        f"{module} reaches {other}"
        for module in modules
        for other in sorted(reached_from(module, needs))
        if layer_of(other) in ABOVE.get(layer_of(module) or "", set())
    ]


def impure_rules(root: Path) -> list[str]:
    allowed = {*sys.stdlib_module_names, "dateutil"}
    return [
        f"{module} imports {name}"
        for module, path in modules_under(root).items()
        if layer_of(module) == "rules"
        for name in imports_of(path)
        if name.split(".")[0] not in allowed and not f"{name}.".startswith("webapp.rules.")
    ]


def sending_services(root: Path) -> list[str]:
    return [
        f"{module} imports {name}"
        for module, path in modules_under(root).items()
        if layer_of(module) == "services"
        for name in imports_of(path)
        if name == "flask" or any(f"{name}.".startswith(f"{no}.") for no in NOT_IN_SERVICES)
    ]


def test_nothing_imports_upward() -> None:
    assert upward_imports(ROOT) == []


def test_rules_need_only_the_standard_library_and_dateutil() -> None:
    assert impure_rules(ROOT) == []


def test_services_know_no_request_and_send_nothing() -> None:
    assert sending_services(ROOT) == []


def test_the_walk_sees_the_product() -> None:
    layers = {layer_of(module) for module in modules_under(ROOT)}
    assert {"rules", "models", "services"} <= layers


def write(root: Path, files: dict[str, str]) -> None:
    (root / "webapp").mkdir(exist_ok=True)
    (root / "webapp" / "__init__.py").touch()
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (path.parent / "__init__.py").touch()
        path.write_text(text)


@pytest.mark.parametrize(
    ("name", "line", "target"),
    [
        ("webapp/rules/a.py", "from webapp.models import b", "webapp/models/b.py"),
        ("webapp/models/a.py", "import webapp.services.b", "webapp/services/b.py"),
        ("webapp/services/a.py", "from webapp.views.b import thing", "webapp/views/b.py"),
        ("webapp/services/a.py", "def f():\n    from worker import b", "worker/b.py"),
        ("webapp/services/a.py", "from webapp import create_app", "webapp/views/b.py"),
        ("webapp/views/a.py", "from webapp.cli import b", "webapp/cli/b.py"),
        ("worker/a.py", "from webapp.views import b", "webapp/views/b.py"),
    ],
)
def test_an_upward_import_is_found(tmp_path: Path, name: str, line: str, target: str) -> None:
    write(tmp_path, {name: line, target: ""})
    assert len(upward_imports(tmp_path)) == 1


def test_an_upward_import_through_a_module_outside_the_layers_is_found(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "webapp/services/a.py": "from webapp.helper import b",
            "webapp/helper.py": "from webapp.views.b import b",
            "webapp/views/b.py": "b = 1",
        },
    )
    assert upward_imports(tmp_path) == ["webapp.services.a reaches webapp.views.b"]


def test_a_downward_import_is_fine(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "webapp/views/a.py": "from webapp.services import b",
            "webapp/services/b.py": "from webapp.rules.c import C",
            "webapp/rules/c.py": "C = 1",
        },
    )
    assert upward_imports(tmp_path) == []


@pytest.mark.parametrize("line", ["import flask", "from webapp.problems import x", "import rq.job"])
def test_an_impure_rule_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"webapp/rules/a.py": line})
    assert len(impure_rules(tmp_path)) == 1


@pytest.mark.parametrize(
    "line",
    ["from flask import request", "import flask", "import httpcore", "from rq import Queue"],
)
def test_a_service_that_sends_or_knows_the_request_is_found(tmp_path: Path, line: str) -> None:
    write(tmp_path, {"webapp/services/a.py": line})
    assert len(sending_services(tmp_path)) == 1
