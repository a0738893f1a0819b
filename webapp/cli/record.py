"""`baton record verify`."""

import sys

import click

from webapp import context
from webapp.cli.running import application
from webapp.rules.record import Broken
from webapp.services import record as service
from webapp.services import record_segments


@click.group()
def record() -> None:
    """Check the record: the append-only log of what happened."""


@record.command()
def verify() -> None:
    """Check every organisation's record; name the first event that does not stand."""
    broken = False
    with application():
        for organisation in service.organisations(context.session()):
            verdict = record_segments.verify(context.session(), organisation.id)
            if isinstance(verdict, Broken):
                broken = True
                click.echo(f"BROKEN {organisation.name}: {verdict.reason}")
            else:
                click.echo(f"OK {organisation.name}: {verdict.count} events, head {verdict.head}")
    sys.exit(1 if broken else 0)
