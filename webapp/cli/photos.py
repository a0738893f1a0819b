"""`baton photos`."""

import click

from webapp import context
from webapp.cli.running import application
from webapp.services import blobs

AT_ONCE = 20


@click.command()
def photos() -> None:
    """Let photos be compared that were taken in before Baton compared any.

    It may be stopped and run again; what it has done stays done.
    """
    done = 0
    with application():
        session, directory = context.session(), context.settings().blob_dir
        while more := blobs.work_out_likeness(session, directory, AT_ONCE):
            session.commit()
            done += more
    click.echo(f"{done} photo{'' if done == 1 else 's'} can now be compared.")
