"""`baton init` and `baton token create`: the first way in, and a way in for scripts."""

import click

from webapp.cli.running import application
from webapp.context import now, session, settings
from webapp.services import invitations, organisations, people, sign_in


@click.command()
@click.option("--organisation", required=True, metavar="NAME", help="What the business is called.")
@click.option("--owner", required=True, metavar="EMAIL", help="The owner signs in with it.")
@click.option("--name", metavar="NAME", help="The owner's name; from the address unless given.")
@click.option("--location", default="Main", metavar="NAME", help="The first location.")
@click.option("--time-zone", default="UTC", metavar="ZONE", help="Of the location: Europe/Berlin.")
def init(organisation: str, owner: str, name: str | None, location: str, time_zone: str) -> None:
    """Begin an organisation; prints a one-time sign-in link for its owner."""
    name = name or owner.partition("@")[0].replace(".", " ").title()
    with application():
        moment = now()
        person = organisations.create(
            session(), organisation, location, time_zone, name, owner, None, moment
        )
        secret = invitations.create(session(), person, moment)
        session().commit()
        link = invitations.link(settings().public_url, secret)
    click.echo(f"{name} owns {organisation}. This link works once, for three days:", err=True)
    click.echo(link)


@click.group()
def token() -> None:
    """API tokens."""


@token.command("create")
@click.option("--person", required=True, metavar="EMAIL", help="Whose rights the token has.")
def create_token(person: str) -> None:
    """Make an API token and print it; it cannot be shown again."""
    with application():
        made = sign_in.create_token(session(), people.by_email(session(), person), now())
        session().commit()
    click.echo(made)
