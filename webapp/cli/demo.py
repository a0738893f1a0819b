"""`baton seed demo`: a believable organisation to look around in."""

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.cli.running import in_application
from webapp.context import now, session, settings
from webapp.models import Handoff, Organisation, Person, Run
from webapp.services import demo, invitations, organisations, people, sign_in


@click.group()
def seed() -> None:
    """Data to begin with."""


@seed.command("demo")
@click.option("--password", metavar="WORDS", help="Everybody of the demo signs in with it.")
@in_application
def seed_demo(password: str | None) -> None:
    """Make the demo daycare and print a one-time sign-in link for its owner."""
    moment = now()
    existing = demo.find(session())
    organisation = existing or demo.seed(session(), moment, settings().blob_dir)
    team = _team(session(), organisation)
    if password:
        for person in team:
            sign_in.set_password(session(), person, password, moment)
    owner = organisations.owner_of(session(), organisation.id)
    secret = invitations.create(session(), owner, moment)
    session().commit()
    for line in _told(session(), organisation, team, is_new=existing is None):
        click.echo(line, err=True)
    if password:
        click.echo(
            f"Everybody signs in with this password, {owner.name} as {owner.email}.", err=True
        )
    click.echo(
        f"Or sign in as {owner.name} with this link. It works once, for three days:", err=True
    )
    click.echo(invitations.link(settings().public_url, secret))


def _team(session: Session, organisation: Organisation) -> list[Person]:
    found = people.all_of(session, organisation.id)
    return [person for person in found if person.deactivated_at is None]


def _told(
    session: Session, organisation: Organisation, team: list[Person], *, is_new: bool
) -> list[str]:
    runs = session.scalar(select(func.count(Run.id)).where(Run.org_id == organisation.id))
    moves = session.scalar(select(func.count(Handoff.id)).where(Handoff.org_id == organisation.id))
    made = "is ready" if is_new else "was here already"
    return [
        f"{organisation.name} {made}: {runs} runs, {moves} of their steps handed on.",
        *(f"  {person.name}, {person.role}, {person.email}" for person in team),
        *_pins(team),
    ]


def _pins(team: list[Person]) -> list[str]:
    known = [pins for person in team if (pins := demo.pins_for(person))]
    words = "At a kiosk everybody but {0.without} types the PIN {0.pin}."
    return [words.format(known[0])] if known else []
