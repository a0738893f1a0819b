"""What the product imports is what its own set-up installs, without anything of the tests."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
OURS = {"webapp", "worker", "service_worker"}


def imported() -> set[str]:
    """The top-level modules that the product's own files import, ours left out."""
    found: set[str] = set()
    for package in ("webapp", "worker"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    found |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    found.add(node.module.partition(".")[0])
    return found - OURS - set(sys.stdlib_module_names)


def locked() -> set[str]:
    """The distributions that `make run` installs, in their normalised names."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    return {match[1] for line in lines if (match := re.match(r"([a-z0-9._-]+)==", line))}


def test_everything_that_the_product_imports_is_installed_to_run_it():
    distributions, installed = packages_distributions(), locked()
    missing = {
        module
        for module in imported()
        if not {normal(name) for name in distributions.get(module, [])} & installed
    }
    assert missing == set()


def normal(name: str) -> str:
    """A distribution's name as lock files write it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
