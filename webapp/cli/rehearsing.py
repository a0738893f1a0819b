"""`baton rehearse`."""

import json
import sys
from collections.abc import Iterator

import click

from webapp.cli.processes import organisation_option
from webapp.cli.running import TakesText, application, the_organisation
from webapp.context import now, session
from webapp.formats import day
from webapp.models import Process
from webapp.rules.later_ahead import Ahead
from webapp.services import definitions, organisations, rehearsals
from webapp.services.rehearsals import Rehearsal, words
from webapp.services.rehearsals.groups import Group, day_of, grouped
from webapp.services.rehearsals.opening_words import step_words


@click.command(cls=TakesText)
@click.argument("process")
@click.option(
    "--days",
    metavar="N",
    type=click.IntRange(1, rehearsals.MOST_DAYS),
    default=rehearsals.DAYS,
    show_default=True,
    help="How many days from now on.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@organisation_option
def rehearse(process: str, days: int, as_json: bool, organisation: str | None) -> None:
    """Play the next days as if nobody did PROCESS (its name or id): who hears of it, when and how.

    Real absences, closures, holidays and devices count. Exit 1 when it dead-ends somewhere:
    somebody cannot be told, or only when the place has closed.
    """
    with application():
        org_id = the_organisation(organisation).id
        played = rehearsals.of_process(session(), _named(org_id, process), now(), days)
        owner = organisations.owner_of(session(), org_id)
        said = words.summary(played)
        if as_json:
            click.echo(said, err=True)
            click.echo(
                json.dumps(rehearsals.as_json(played, owner.id), ensure_ascii=False, indent=2)
            )
        else:
            click.echo("\n".join([said, *_lines(played)]))
    sys.exit(1 if played.dead_ends else 0)


def _named(org_id: str, wanted: str) -> Process:
    known = definitions.processes(session(), org_id)
    for each in known:
        if wanted in (each.id, each.name) or wanted.casefold() == each.name.casefold():
            return each
    names = ", ".join(each.name for each in known) or "none yet"
    raise click.UsageError(f"There is no process called {wanted!r}. There are: {names}.")


def _lines(played: Rehearsal) -> Iterator[str]:
    for group in grouped(played.runs):
        run = group.first
        yield ""
        yield _heading(played, group)
        yield from (f"  {said}" for said in _step_lines(run.step))
        yield from (f"  {words.dead_end_words(played, run, kind)}" for kind in run.course.dead_ends)
        yield from (f"  {at}  {said}" for at, said in words.line_words(played, run))

    for step in played.conditional:
        yield ""
        yield from _step_lines(step)


def _step_lines(step: Ahead | None) -> list[str]:
    return [step.title, *step_words(step)] if step else []


def _heading(played: Rehearsal, group: Group) -> str:
    run, place = group.first, played.places[group.first.place].name
    due = f"{run.deadline_at.astimezone(run.zone):%H:%M}"
    others = ", ".join(day(day_of(each), weekday=False) for each in group.others)
    also = f" (the same on {others})" if others else ""
    return f"{day(day_of(run))}, {place}, due at {due}{also}"
