"""The `baton` command. Words for people go to standard error when the answer is JSON."""

import sys

import click
from sqlalchemy.exc import OperationalError

from webapp.cli.audit import audit
from webapp.cli.demo import seed
from webapp.cli.doctor import doctor
from webapp.cli.engine import clock, tick
from webapp.cli.erasing import keeping_, person
from webapp.cli.imports import import_
from webapp.cli.patterns import patterns
from webapp.cli.people import init, token
from webapp.cli.photos import photos
from webapp.cli.processes import apply, capture, dump
from webapp.cli.record import record
from webapp.cli.rehearsing import rehearse
from webapp.cli.rescue import rescue
from webapp.cli.scan import scan
from webapp.cli.sweep import sweep
from webapp.cli.up import up
from webapp.config import SettingError
from webapp.problems import Problem

COMMANDS = (
    up,
    init,
    token,
    person,
    keeping_,
    apply,
    dump,
    capture,
    import_,
    rehearse,
    seed,
    tick,
    clock,
    audit,
    scan,
    patterns,
    record,
    rescue,
    sweep,
    photos,
    doctor,
)


class WholeSentences(click.Group):
    """A group whose list of commands wraps a long sentence rather than cutting it off."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each command with the first paragraph of its help."""
        rows = [
            (name, command.get_short_help_str(limit=1000))
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


@click.group(cls=WholeSentences, context_settings={"help_option_names": ["-h", "--help"]})
def baton() -> None:
    """Baton holds recurring work: it asks for proof, and missed work moves by itself.

    Settings come from the environment; docs/operations.md lists them. Exit status: 0 done,
    1 found something or failed, 2 wrong usage or a wrong setting.
    """


for command in COMMANDS:
    baton.add_command(command)


def main() -> None:
    """Run the command line; expected failures are sentences, never tracebacks."""
    try:
        baton(prog_name="baton")
    except SettingError as error:
        _stop(2, str(error))
    except Problem as problem:
        _stop(1, problem.detail, *(f"  {where}: {what}" for where, what in problem.fields.items()))
    except OperationalError as error:
        _stop(1, f"The database does not answer: {error.orig}. Is Baton set up? Run: make setup")


def _stop(status: int, *lines: str) -> None:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(status)
