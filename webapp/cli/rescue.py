"""`baton rescue`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from webapp import context
from webapp.cli.running import in_application, the_organisation
from webapp.services import record, rescue_file
from webapp.services.rescue import Item
from webapp.views.rescue_intake import Intake

WORDS = {
    "applied": "Applied",
    "attached": "Kept with its step",
    "held": "Held for a decision",
    "rejected": "Not used",
    "failed": "Not taken in",
    "here": "Here already",
    "skipped": "Left out",
}
NOT_USED = ("rejected", "failed", "skipped")
DRY = (
    "Nothing of this was kept: it was a dry run. "
    "Each thing was judged by itself, against what is stored now."
)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Only say what would become of it.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.option("--organisation", "name", help="Its name; needed when there is more than one.")
@in_application
def rescue(file: Path, dry_run: bool, as_json: bool, name: str | None) -> None:
    """Take in a rescue file: what a device that could not send had kept.

    Each thing is carried out once as its person's, whether the file or the device brings it
    first. A file is not signed: its times prove nothing, so it takes no miss back. Exit 1 when
    something of it could not be used.
    """
    organisation = the_organisation(name)
    intake = Intake(context.session(), organisation, context.settings().blob_dir, context.now())
    with file.open("rb") as stream, rescue_file.opened(stream) as opened:
        items = intake.take(opened, record.SYSTEM, dry_run=dry_run)
    click.echo(_json(items, dry_run) if as_json else _words(items, dry_run))
    sys.exit(1 if any(item.outcome in NOT_USED for item in items) else 0)


def _json(items: list[Item], dry_run: bool) -> str:
    found = [asdict(item) for item in items]
    return json.dumps({"dry_run": dry_run, "items": found}, indent=2, ensure_ascii=False)


def _words(items: list[Item], dry_run: bool) -> str:
    if not items:
        return "The file holds no work: everything had been sent when it was made."
    lines = [
        f"{WORDS[item.outcome]}: {item.what}{f', {item.by}' if item.by else ''}. {item.words}"
        for item in items
    ]
    return "\n".join([*lines, DRY] if dry_run else lines)
