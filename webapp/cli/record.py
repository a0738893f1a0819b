"""`baton record verify` and `baton record export`."""

import shutil
import sys
from datetime import datetime
from pathlib import Path

import click

from webapp import context
from webapp.cli.processes import organisation_option
from webapp.cli.running import application, the_organisation
from webapp.exporting import made
from webapp.problems import Problem
from webapp.record_out import verify as outside
from webapp.rules.record import Verified
from webapp.rules.sentences import say
from webapp.services import record as service
from webapp.services import record_anchors, record_check, record_export, record_photos
from webapp.services.record_export import Asked

Anchor = tuple[int, str]


@click.group()
def record() -> None:
    """Check the record, the append-only log of what happened, or hand a part of it on."""


def _anchors(
    _context: click.Context, _option: click.Parameter, given: tuple[str, ...]
) -> list[Anchor]:
    """Read the heads that somebody kept: SEQ:HASH."""
    try:
        return [record_anchors.read(each) for each in given]
    except Problem as problem:
        raise click.BadParameter(problem.detail) from problem


@record.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--head",
    "anchors",
    multiple=True,
    callback=_anchors,
    metavar="SEQ:HASH",
    help="A head that you know from elsewhere; may be given several times.",
)
@click.option("--photos", is_flag=True, help="Compare the kept photos with the record, too.")
@organisation_option
def verify(
    file: Path | None, anchors: list[Anchor], photos: bool, organisation: str | None
) -> None:
    """Check every organisation's record, or an export; name what does not stand.

    With FILE (an export, or the folder it was unpacked to) the program inside every export does
    it, as it came with this Baton.
    """
    if file is not None:
        stands, lines = outside.told(file, [f"{seq}:{known}" for seq, known in anchors])
        click.echo("\n".join(lines))
        sys.exit(0 if stands else 1)
    with application():
        session = context.session()
        wanted = organisation or anchors
        found = [the_organisation(organisation)] if wanted else service.organisations(session)
        broken = [_verify(each.id, each.name, anchors, photos) for each in found]
    sys.exit(1 if any(broken) else 0)


def _verify(org_id: str, name: str, anchors: list[Anchor], photos: bool) -> bool:
    """Say how the record of one organisation stands; whether it is broken."""
    session = context.session()
    verdict = record_check.check(session, org_id, anchors)
    faults = [] if isinstance(verdict, Verified) else verdict
    if photos:
        faults += record_photos.broken(session, org_id, context.settings().blob_dir)
    for fault in faults:
        click.echo(f"BROKEN {name}: {fault.reason}")
    if isinstance(verdict, Verified) and not faults:
        click.echo(f"OK {name}: {verdict.count} events, head {verdict.head}")
    return bool(faults)


@record.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="First day due.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Last day due.")
@click.option("--process", default="", metavar="NAME", help="One process.")
@click.option("--location", default="", metavar="NAME", help="One location.")
@click.option("--step", default="", metavar="TITLE", help="One step, by its title or key.")
@organisation_option
def export(
    file: Path,
    since: datetime | None,
    until: datetime | None,
    process: str,
    location: str,
    step: str,
    organisation: str | None,
) -> None:
    """Write a part of the record, or all of it, as a ZIP that anybody can check.

    Days are those of each location on which the runs were due, both included.
    """
    asked = Asked(
        since.date() if since else None, until.date() if until else None, process, location, step
    )
    if not file.parent.is_dir():
        raise _not_written(file, "No such directory")
    with application():
        org_id = the_organisation(organisation).id
        part = record_export.find(context.session(), org_id, asked)
        with made(part, service.SYSTEM) as export:
            _move(export.path, file)
        click.echo(f"OK {file}: head {export.head.seq}:{export.head.hash}")


def _move(made_at: Path, file: Path) -> None:
    try:
        shutil.move(made_at, file)
    except OSError as error:
        raise _not_written(file, error.strerror) from error


def _not_written(file: Path, why: str | None) -> Problem:
    reason = say("%(file)s cannot be written: %(why)s.", file=str(file), why=why)
    return Problem("bad_request", reason)
