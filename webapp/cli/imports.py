"""`baton import`: an export of a project tool to drafts of the recurring work in it."""

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import click

from webapp.cli.processes import organisation_option
from webapp.cli.running import application, the_organisation
from webapp.context import session
from webapp.importers import Import, ImportedDraft, Known, known_tools, read_export
from webapp.problems import Problem
from webapp.services import people

UNKNOWN = "not known yet"
MOST_SKIPPED = 40


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--tool", metavar="NAME", help="Which tool it is from, if not told by the content.")
@click.option("--json", "as_json", is_flag=True, help="Print drafts and report as one document.")
@organisation_option
def import_(file: Path, tool: str | None, as_json: bool, organisation: str | None) -> None:
    """Turn the export FILE of a project tool into drafts of the recurring work in it.

    Asana, Monday, ClickUp, Trello, Linear and Notion, as CSV, JSON, XLSX or ZIP. With an
    organisation, the people in it are matched to its own. Nothing is saved.
    """
    if tool and tool not in known_tools():
        words = f"There is no tool {tool!r}. Use one of: {', '.join(known_tools())}."
        raise click.BadParameter(words, param_hint="--tool")
    known = _known(organisation) if organisation else None
    gc.disable()  # nothing read here is cyclic, and looking for cycles takes a third of the time
    found = _read(file, tool, known)
    if as_json:
        for part in _json_parts(found):
            click.echo(part)
        return
    for draft in found["drafts"]:
        click.echo("\n".join(_lines(draft)))
    for line in _report_lines(found):
        click.echo(line, err=True)


def _json_parts(found: Import) -> Iterator[str]:
    """One JSON document, a draft on each line: the answer to a large export is never whole."""
    yield '{"drafts": ['
    last = len(found["drafts"]) - 1
    for n, draft in enumerate(found["drafts"]):
        yield json.dumps(draft, ensure_ascii=False) + ("," if n < last else "")
    yield f'], "report": {json.dumps(found["report"], ensure_ascii=False)}}}'


def _read(file: Path, tool: str | None, known: list[Known] | None) -> Import:
    try:
        with file.open("rb") as stream:
            return read_export(stream, file.name, tool, known)
    except OSError as error:
        words = f"{file} cannot be read ({error.strerror}). Name the file that you exported."
        raise Problem("import_damaged", words) from error


def _known(organisation: str) -> list[Known]:
    with application():
        org_id = the_organisation(organisation).id
        return [
            Known(person.name, person.email)
            for person in people.all_of(session(), org_id)
            if person.deactivated_at is None
        ]


def _lines(draft: ImportedDraft) -> list[str]:
    cadence = draft["cadence"]
    return [
        draft["name"] or UNKNOWN,
        f"  responsible: {draft['responsible'] or UNKNOWN}",
        f"  backup: {draft['backup'] or UNKNOWN}",
        f"  cadence: {cadence['words'] or UNKNOWN} ({cadence['confidence']})",
        *(f"    because: {each}" for each in cadence["evidence"]),
        f"  deadline: {draft['deadline'] or UNKNOWN}",
        *(f"  step: {step['title']} ({step['proof'] or UNKNOWN})" for step in draft["steps"]),
        *(f"  {question}" for question in draft["questions"]),
    ]


def _drafts(count: int) -> str:
    return "1 draft" if count == 1 else f"{count} drafts"


def _report_lines(found: Import) -> list[str]:
    report = found["report"]
    skipped = report["skipped"]
    more = len(skipped) - MOST_SKIPPED + report["skipped_not_listed"]
    return [
        (
            f"{report['tool']}: {report['rows_read']} rows read, {report['rows_used']} of them in"
            f" {_drafts(len(found['drafts']))}."
        ),
        *(f"  row {each['row']}, {each['what']}: {each['why']}" for each in skipped[:MOST_SKIPPED]),
        *([f"  and {more} more rows; --json lists them."] if more > 0 else []),
        *(f"  row {each['row']}: {each['why']}" for each in report["ambiguous_parents"]),
        *(f"  {note}" for note in report["notes"]),
    ]
