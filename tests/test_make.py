"""`make test` names directories, to collect no more than it runs; none may be forgotten."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
MARKED = re.compile(r"mark\.(?:e2e|crash)\b|add_marker\(\"(?:e2e|crash)\"")
# They would take it beyond the time that it has; the README says how they are run.
LEFT_OUT = {Path("tests/offline")}


def test_every_directory_with_a_real_browser_or_real_faults_is_named() -> None:
    dry_run = ["make", "--dry-run", "--no-print-directory", "test"]
    recipe = subprocess.run(dry_run, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    named = {Path(word) for word in recipe.split() if word.startswith(("tests/", "e2e"))}
    marked = {
        path.relative_to(ROOT)
        for directory in ("tests", "e2e")
        for path in (ROOT / directory).rglob("*.py")
        if MARKED.search(path.read_text(encoding="utf-8")) and path != Path(__file__)
    }
    assert len(marked) > 40
    assert not [each for each in marked if not {each, *each.parents} & (named | LEFT_OUT)]
