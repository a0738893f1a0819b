"""`baton person erase` and `baton keeping`: for good, and for how long."""

import click
from sqlalchemy import select

from webapp.cli.running import in_application, the_organisation
from webapp.context import now, session, settings
from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import erasure, keeping, record
from webapp.services.names import kept_email
from webapp.views.erasing import goes


@click.group()
def person() -> None:
    """People who left."""


@person.command("erase")
@click.argument("who", metavar="EMAIL")
@click.option("--name", metavar="NAME", help="The name as it stands; asked for unless given.")
@click.option("--photos", is_flag=True, help="Photos and files go too that only they gave.")
@in_application
def erase(who: str, name: str | None, photos: bool) -> None:
    """Erase who signed in with EMAIL and has left: it cannot be undone.

    Who has no address, or was erased before, is named by their id in the place of EMAIL.

    Their name and words go, and what the record says of them; the record still stands, and says
    that this was erased. Backups and exports are not reached.
    """
    found = _person(who)
    seen = erasure.foresee(session(), found)
    click.echo(goes(found, seen), err=True)
    for obstacle in seen.obstacles:
        click.echo(f"First: {obstacle}", err=True)
    if name is None and not seen.obstacles:
        name = click.prompt("Type the name", err=True)
    session().rollback()
    events = erasure.erase_person(
        session(), None, _person(who), name or "", now(), with_photos=photos
    )
    session().commit()
    erasure.finish_removing(session(), settings().blob_dir, now())
    click.echo(f"Erased. {events} event{'' if events == 1 else 's'} lost what they said.")


def _person(who: str) -> Person:
    named = (Person.email == kept_email(who)) | (Person.id == who)
    found = session().scalar(select(Person).where(named))
    if found is None:
        raise Problem("person_unknown", say("Nobody signs in with “%(email)s”.", email=who))
    return found


@click.command("keeping")
@click.option("--photos", metavar="MONTHS", help="Erase photos after so many months, or: ever.")
@click.option("--organisation", "name", help="Its name; needed when there is more than one.")
@in_application
def keeping_(photos: str | None, name: str | None) -> None:
    """Say, or change, for how long an organisation keeps its photos."""
    organisation = the_organisation(name)
    if photos is not None:
        keeping.choose_for(session(), organisation, record.SYSTEM, _months(photos), now())
        session().commit()
    months, begins = organisation.photo_months, keeping.begins_at(organisation)
    if months is None or begins is None:
        click.echo(f"{organisation.name} keeps photos for ever.")
        return
    kept = f"{months} month{'' if months == 1 else 's'}"
    soon = f", from {begins:%Y-%m-%d %H:%M} UTC on" if begins > now() else ""
    old = keeping.older_than(session(), organisation.id, months, now())
    click.echo(f"{organisation.name} keeps photos for {kept}{soon}. {old} may go now.")


def _months(typed: str) -> int | None:
    if typed == "ever":
        return None
    if not (typed.isascii() and typed.isdigit()):
        raise click.UsageError("Write --photos as a number of months, or: ever")
    return int(typed)
