"""What is held about one person, all of it: for them, and for the owner who answers for it."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.services import extra_channels
from webapp.services.about_facts import KINDS, Fact

# The page shows the newest of each; the download has them all.
NEWEST = 10
# Beyond that the page says only that there are more.
COUNTED = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of what is held, the newest of it; `count` stops at `COUNTED` and one more."""

    kind: str
    count: int
    facts: list[Fact]


def profile(person: Person) -> Fact:
    """Return what is held of the person as such; of a password and a PIN only whether there is one.

    An extra address may hold a secret, and is told in part.
    """
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "role": person.role,
        "locations": [place.name for place in person.locations],
        "language": person.language,
        "since": person.created_at,
        "left_at": person.deactivated_at,
        "has_password": person.password_hash is not None,
        "has_pin": person.pin_hash is not None,
        "also_told": extra_channels.shown(person),
    }


def parts(session: Session, person: Person, most: int = NEWEST) -> list[Part]:
    """Return every kind of what is held, with the newest of each."""
    return [
        Part(
            name, kind.count(session, person, COUNTED + 1), list(kind.facts(session, person, most))
        )
        for name, kind in KINDS.items()
    ]


def everything(session: Session, person: Person) -> Iterator[tuple[str, Iterator[Fact]]]:
    """Yield every kind with all its facts, newest first: years of them, read as they are taken."""
    for name, kind in KINDS.items():
        yield name, kind.facts(session, person, None)
