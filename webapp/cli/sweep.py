"""`baton sweep`."""

import click

from webapp import context
from webapp.cli.running import in_application
from webapp.services import sandboxes, unfinished


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be cleared.")
@in_application
def sweep(dry_run: bool) -> None:
    """Clear away uploads that nobody went on with for 30 days.

    The owner's page has named each for a week by then. A claim stays, and a device that comes
    back sends the whole again. What visitors kept without an account goes too, once its week is
    over. The clock does the same once a day.
    """
    directory = context.settings().blob_dir
    expired = sandboxes.sweep(context.session(), context.now(), dry_run=dry_run)
    context.session().commit()
    done = unfinished.sweep(context.session(), directory, context.now(), dry_run=dry_run)
    what = "would be cleared" if dry_run else "cleared"
    click.echo(
        f"{done.uploads} unfinished uploads, {done.strays} stray parts and {expired} expired"
        f" sandboxes of visitors {what}."
    )
