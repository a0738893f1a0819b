"""`baton tick`, `baton clock set`, `baton clock advance`."""

from datetime import UTC, datetime, timedelta

import click

from webapp import context
from webapp.cli.running import application
from webapp.clock import SharedTestClock
from webapp.rules.deadline import parse_wait
from worker import duties, nights
from worker.hints import Hints, connect


@click.command()
def tick() -> None:
    """Do one engine cycle now: plan, open, hand on what was missed, and the looks of the night."""
    with application():
        done = duties.tick(context.session(), context.now())
        nights.look(context.session(), context.now())
        Hints(connect(context.settings().redis_address)).give(done.messages_due)
    click.echo(f"Opened {done.opened} runs, handed on {done.handed_on} steps.")


@click.group()
def clock() -> None:
    """Move the clock of this installation (only with BATON_TEST_CLOCK=1)."""


@clock.command("set")
@click.argument("moment")
def set_clock(moment: str) -> None:
    """Set the clock to MOMENT (ISO 8601; UTC unless it names a zone)."""
    try:
        wanted = datetime.fromisoformat(moment)
    except ValueError as error:
        raise click.UsageError(
            f"{moment!r} is not a moment. Write it like 2026-11-23T07:15:00+00:00."
        ) from error
    with application():
        shown = _test_clock().set(wanted if wanted.tzinfo else wanted.replace(tzinfo=UTC))
    click.echo(f"The clock shows {shown.isoformat()}.")


@clock.command()
@click.argument("wait")
def advance(wait: str) -> None:
    """Move the clock forward by WAIT: 30s, 15m, 2h, 1d or 1h30m."""
    by = _duration(wait)
    with application():
        shown = _test_clock().advance(by)
    click.echo(f"The clock shows {shown.isoformat()}.")


def _duration(wait: str) -> timedelta:
    seconds = wait.removesuffix("s")
    if wait.endswith("s") and seconds.isdecimal():
        return timedelta(seconds=int(seconds))
    try:
        return timedelta(minutes=parse_wait(wait))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _test_clock() -> SharedTestClock:
    found = context.clock()
    if not isinstance(found, SharedTestClock):
        raise click.UsageError("The clock only moves with BATON_TEST_CLOCK=1 in the environment.")
    return found
