"""Score a table: `python -m tests.capture [TABLE]`; a .tsv has phrase, expected and a source."""

import csv
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import click

from tests.capture.scoring import Case, cases_of, score
from tests.capture.whole.scoring import texts_of, verdict

# Series that end, or that count from the last completion, are asked about by design.
_ONLY_ASKED = ("COUNT=", "UNTIL=", "EXDATE", "EXRULE", "DTSTART", "completion", "no recurrence")


def of_tsv(table: Path) -> Iterable[Case]:
    """The rows of a table with a header; what a process cannot hold must be asked."""
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            rule = row["expected"].split("|")[0].split("(")[0].strip().removeprefix("RRULE:")
            if "EXRULE=BYDAY=SA,SU" in row["expected"]:
                rule, row["expected"] = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ""
            asked = any(words in row["expected"] for words in _ONLY_ASKED)
            asked = asked or rule.startswith(("FREQ=HOURLY", "FREQ=MINUTELY", "FREQ=SECONDLY"))
            due = row["expected"].partition("deadline=")[2][:5] or None
            yield Case(row["phrase"], "?" if asked else _without_single_time(rule), due)


def _without_single_time(rule: str) -> str:
    """One time of day is the deadline here, not a part of the rule."""
    parts = rule.replace("=+", "=").split(";")
    once = not any(part.startswith("BYHOUR=") and "," in part for part in parts)
    return ";".join(part for part in parts if not (once and part.startswith(("BYHOUR", "BYMIN"))))


def main(table: Path) -> int:
    """Score a table of phrases, or one of whole drafts, which lie in a folder of their own."""
    return _whole(table) if table.parent.name == "whole" else _phrases(table)


def _whole(table: Path) -> int:
    counts = Counter[str]()
    for text in texts_of(table):
        worst, got = verdict(text)
        counts[worst] += 1
        if worst != "right":
            click.echo(f"{worst}: {text.words!r} -> {got}")
    click.echo(f"{counts.total()} texts: {dict(counts)}")
    return 1 if counts["wrong"] else 0


def _phrases(table: Path) -> int:
    """Print what was not right, and the counts; 1 when something was silently wrong."""
    cases = of_tsv(table) if table.suffix == ".tsv" else cases_of(table)
    results = [score(case) for case in cases]
    for result in results:
        if result.verdict != "right":
            click.echo(f"{result.verdict}: {result.case.phrase!r} -> {result.got}")
            click.echo(f"       expected {result.case.meaning} @{result.case.due}")
    counts = Counter(result.verdict for result in results)
    click.echo(f"{len(results)} phrases: {dict(counts)}")
    return 1 if counts["wrong"] else 0


if __name__ == "__main__":
    here = Path(__file__).with_name("phrases.txt")
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else here))
