"""`make bench`: each figure beside its peer, or beside itself at another size, in one run.

Machines differ and are noisy: the ratios are what counts. Nothing here is a test.
`python -m tests.bench mornings sends` runs only these; `--on SQLite` or `--on PostgreSQL` only
on that database.
"""

import argparse
import os
import sys
import tempfile
import warnings
from collections.abc import Iterable
from pathlib import Path

from tests.bench import (
    appends,
    history,
    mornings,
    offline,
    pages,
    patterns,
    recovery,
    rehearsal,
    sends,
    signals,
    ticks,
)
from tests.bench.databases import KINDS, Fresh
from tests.bench.row import Row

ON_A_DATABASE = ("mornings", "sends", "ticks", "recovery", "rehearsal", "appends", "years")
PARTS = (*ON_A_DATABASE, "offline", "pages", "patterns", "signals")


def main() -> None:
    """Run what is asked for and print the table as it grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench")
    parser.add_argument("parts", nargs="*", default=[], metavar="|".join(PARTS))
    parser.add_argument("--on", choices=list(KINDS), action="append", default=[])
    parser.add_argument("--full", action="store_true", help="five years, not three months")
    asked = parser.parse_args()
    warnings.simplefilter("ignore", RuntimeWarning)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the beginning")
    with tempfile.TemporaryDirectory() as name:
        _run(Path(name), asked.parts or list(PARTS), asked.on or list(KINDS), asked.full)
    print(f"load {os.getloadavg()[0]:.1f} at the end")


def _run(directory: Path, asked: list[str], kinds: list[str], full: bool) -> None:
    if "offline" in asked:
        _print(offline.measure(directory / "offline"))
    if "pages" in asked:
        _print(pages.measure(directory / "pages"))
    if "signals" in asked:
        _print(signals.measure())
    if "patterns" in asked:
        _print(patterns.measure())
    parts = [part for part in asked if part in ON_A_DATABASE]
    if parts:
        _on_databases(directory, parts, kinds, full)


def _on_databases(directory: Path, parts: list[str], kinds: list[str], full: bool) -> None:
    by_rq = mornings.peer(directory) if "mornings" in parts else []
    by_python = sends.pywebpush_rate(directory / "python") if "sends" in parts else 0.0
    by_node = sends.node_rate(directory / "node") if "sends" in parts else None

    def rows(part: str, kind: str, here: Path, fresh: Fresh) -> Iterable[Row]:
        if part == "mornings":
            return mornings.compare(kind, here, fresh, by_rq)
        if part == "sends":
            return sends.compare(kind, here, fresh, by_python, by_node)
        if part == "years":
            return history.compare(kind, here, fresh, full=full)
        parts = {"appends": appends, "ticks": ticks, "recovery": recovery, "rehearsal": rehearsal}
        return parts[part].compare(kind, here, fresh)

    for kind in kinds:
        here = directory / kind
        here.mkdir()
        with KINDS[kind](here / "server") as fresh:
            for part in parts:
                _print(rows(part, kind, here, fresh))


def _print(rows: Iterable[Row]) -> None:
    for row in rows:
        print(f"{row.what:<56} {row.ours:>10}  {row.ratio:>12}  goal {row.goal:<9} {row.peer}")
        if row.note:
            print(f"{'':<56} {row.note}")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
