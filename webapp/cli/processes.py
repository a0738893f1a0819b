"""`baton apply`, `baton dump`, `baton capture`: processes as text, and from plain language."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import click

from webapp.cli.running import TakesText, application, the_organisation
from webapp.context import now, session, settings
from webapp.problems import Problem
from webapp.rules import capture as rules
from webapp.rules.capture.first_due import first_due
from webapp.rules.deadline import wait_words
from webapp.services import blobs, organisations, process_text
from webapp.services.definitions import reference_pictures
from webapp.services.process_text import nodes

organisation_option = click.option(
    "--organisation", metavar="NAME", help="Which one, where there are several."
)


@click.command()
@click.argument("file", type=click.File("rb"))
@click.option("--diff", is_flag=True, help="Only show what would change.")
@organisation_option
def apply(file: BinaryIO, diff: bool, organisation: str | None) -> None:
    """Make locations, people and processes as FILE says (YAML; - for standard input).

    Pictures are named from the directory of FILE, or from the current one.
    """
    text = _text(file)
    use = process_text.diff if diff else process_text.apply
    with application(), _blob_dir(diff) as directory:
        org_id = the_organisation(organisation).id
        owner = organisations.owner_of(session(), org_id)
        beside = Path(str(getattr(file, "name", "-"))).parent
        take_picture = _picture_taker(beside, directory, org_id)
        lines = use(session(), org_id, owner.id, text, now(), take_picture)
        session().commit()
    _tell(lines)


@contextmanager
def _blob_dir(diff: bool) -> Iterator[Path]:
    """Where pictures are kept; what is only shown leaves nothing behind."""
    if not diff:
        yield settings().blob_dir
        return
    with TemporaryDirectory() as directory:
        yield Path(directory)


def _picture_taker(base: Path, directory: Path, org_id: str) -> process_text.TakePicture:
    def take(name: str) -> str:
        with (base / name).open("rb") as file:
            content = file.read(blobs.LARGEST + 1)
        return reference_pictures.take_in(session(), directory, org_id, content, now())

    return take


@click.command()
@organisation_option
def dump(organisation: str | None) -> None:
    """Write locations, people and processes to standard output, as `apply` reads them."""
    with application():
        text = process_text.dump(session(), the_organisation(organisation).id)
    click.echo(text, nl=False)


@click.command(cls=TakesText)
@click.argument("sentence")
@click.option("--json", "as_json", is_flag=True, help="Print the drafts as one JSON document.")
def capture(sentence: str, as_json: bool) -> None:
    """Turn a SENTENCE such as "Every weekday before 9 Maria checks the fridge" into a draft.

    A whole paragraph, or a list, gives a draft for each process that it tells of. What the draft
    asks can be answered in the text, on lines of their own: "Backup: Ben".
    """
    try:
        captured = rules.capture(sentence)
    except rules.CaptureError as error:
        raise Problem("not_valid", str(error)) from error
    if as_json:
        click.echo(json.dumps(captured, ensure_ascii=False, indent=2))
        return
    for draft in captured["drafts"]:
        click.echo("\n".join(_draft_lines(draft)))
    for once in captured["once"]:
        click.echo(once["why"])


def _text(file: BinaryIO) -> str:
    read = file.read(nodes.LARGEST_TEXT + 1)
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        words = "From here on the file is not text in UTF-8. Save it as UTF-8 and try again"
        before = read[: error.start].decode("utf-8-sig")
        raise nodes.unreadable(words, nodes.at(before, len(before))) from error


def _tell(lines: list[str]) -> None:
    """Changes on standard output; how the text was understood on standard error."""
    for line in lines:
        click.echo(line, err=line.startswith(process_text.NOTE))
    if all(line.startswith(process_text.NOTE) for line in lines):
        click.echo("no changes")


def _step_facts(step: rules.DraftStep) -> str:
    unknown = "not known yet"
    facts = [step["proof"] or unknown]
    if "wait_minutes" in step:
        wait = wait_words(step["wait_minutes"]) if step["wait_minutes"] else unknown
        facts.append(f"opens after the step before it: {wait}")
    return ", ".join(facts)


def _first_due_line(cadence: rules.DraftCadence) -> list[str]:
    """From when, as a date where the words name one."""
    said = cadence.get("starts")
    return [f"  first due: {first_due(said) or said}"] if said else []


def _draft_lines(draft: rules.Draft) -> list[str]:
    unknown = "not known yet"
    return [
        draft["name"] or unknown,
        f"  responsible: {draft['responsible'] or unknown}",
        f"  backup: {draft['backup'] or unknown}",
        *([f"  final fallback: {draft['fallback']}"] if draft["fallback"] else []),
        f"  cadence: {draft['cadence']['words'] or unknown} ({draft['cadence']['confidence']})",
        *_first_due_line(draft["cadence"]),
        f"  deadline: {draft['deadline'] or unknown}",
        *(f"  step: {step['title']} ({_step_facts(step)})" for step in draft["steps"]),
        *(f"  assumed: {words}" for words in draft["assumed"]),
        *(f"  {question}" for question in draft["questions"]),
    ]
