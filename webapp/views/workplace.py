"""Whom and where a process form may name: an organisation's people and places, or typed ones."""

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.context import session
from webapp.models import Location, Person
from webapp.services import locations, people, reach


@dataclass(frozen=True, slots=True)
class Workplace:
    """`typed`: nobody has an account, so that a name stands for its person, whoever it is."""

    people: Sequence[Person]
    places: Sequence[Location]
    typed: bool = False

    def named(self, name: str | None) -> str:
        """What the form holds for somebody: a name where names are typed, else their id.

        Nothing for a name, or a first name, that is nobody's or that of several.
        """
        wanted = " ".join((name or "").split())
        if self.typed:
            return wanted
        known = [(person.id, person.name.casefold()) for person in self.people]
        full = [key for key, name in known if name == wanted.casefold()]
        first = [key for key, name in known if name.split()[0] == wanted.casefold()]
        return next((keys[0] for keys in (full, first) if len(keys) == 1), "")


def of_person(person: Person) -> Workplace:
    """Where this person may have things done, and everybody who works there now."""
    everybody = people.all_of(session(), person.org_id)
    return Workplace(
        [each for each in everybody if each.deactivated_at is None],
        reach.among(person, locations.all_of(session(), person.org_id)),
    )
