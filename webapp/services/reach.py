"""How far a person's word goes: owners reach every location, managers only their own."""

from collections.abc import Iterable
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from webapp.models import Location, Person, Run
from webapp.problems import Problem
from webapp.rules.sentences import say
from webapp.services import record

Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])


def manages(person: Person, location: Location) -> bool:
    """Whether the person decides about this location: an owner, or a manager who works there."""
    if person.org_id != location.org_id or person.deactivated_at is not None:
        return False
    if person.role == "owner":
        return True
    return person.role == "manager" and location in person.locations


def among(person: Person, locations: Iterable[Location]) -> list[Location]:
    """Return those of the locations that the person manages."""
    return [location for location in locations if manages(person, location)]


def of_runs(person: Person, query: Query) -> Query:
    """Narrow a query about runs to the locations where the person works; owners see them all."""
    if person.role == "owner":
        return query
    return query.where(Run.location_id.in_([place.id for place in person.locations]))


def check(person: Person, locations: Iterable[Location]) -> None:
    """Raise "not_allowed", naming the first location that is not the person's to manage."""
    for location in locations:
        if not manages(person, location):
            raise Problem(
                "not_allowed",
                say(
                    "%(location)s is not one of your locations. Its managers and the owner"
                    " look after it.",
                    location=location.name,
                ),
            )


def check_actor(session: Session, actor_id: str, locations: Iterable[Location]) -> None:
    """Check the person of this id; what Baton does of itself reaches everything."""
    if actor_id != record.SYSTEM:
        check(session.get_one(Person, actor_id), locations)


def check_owner(session: Session, actor_id: str, sentence: str) -> None:
    """Raise "not_allowed" with the sentence unless an owner, or Baton itself, acts."""
    if actor_id != record.SYSTEM and session.get_one(Person, actor_id).role != "owner":
        raise Problem("not_allowed", sentence)
