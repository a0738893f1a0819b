"""`baton sweep`."""

import click

from webapp import context
from webapp.cli.running import in_application
from webapp.services import blobs, unfinished


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be cleared.")
@in_application
def sweep(dry_run: bool) -> None:
    """Clear away uploads that nobody went on with for 30 days.

    The owner's page has named each for a week by then. A claim stays, and a device that comes
    back sends the whole again. Run it now and then, as from cron.
    """
    session, directory, now = context.session(), context.settings().blob_dir, context.now()
    old = unfinished.lingering(session, now, after=unfinished.GIVEN_UP_AFTER)
    done = 0
    for arriving in [blobs.upload_of(each.blob) for each in old]:
        if not unfinished.give_up(session, directory, arriving.org_id, arriving.sha256, now):
            session.rollback()
            continue
        done += 1
        if dry_run:
            session.rollback()
            continue
        session.commit()
        blobs.forget_part(directory, arriving)
    strays = list(unfinished.strays(session, directory, now))
    for path in () if dry_run else strays:
        path.unlink(missing_ok=True)
    what = "would be cleared" if dry_run else "cleared"
    click.echo(f"{done} unfinished uploads and {len(strays)} stray parts {what}.")
