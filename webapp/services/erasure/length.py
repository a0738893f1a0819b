"""Records that are too long to be read while somebody waits for an answer."""

from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.problems import Problem
from webapp.services import record

# Some five seconds to read, and twenty to erase.
MOST_EVENTS = 500_000


def too_long(session: Session, person: Person) -> str:
    """Return the command to use instead, for whoever runs Baton; nothing where nobody waits long.

    English, as all that they are told.
    """
    count, _own = record.head(session, person.org_id)
    if count <= MOST_EVENTS:
        return ""
    return (
        f"This record has {count:,} events: to read them takes longer than a page waits. "
        f"Use: baton person erase {person.id}"
    )


def check_length(session: Session, person: Person) -> None:
    """Raise "person_not_erasable" where the record is too long for a page or the API."""
    if said := too_long(session, person):
        raise Problem("person_not_erasable", said, reasons=[said])
