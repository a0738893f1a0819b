"""By what a person is known here: their names over time, addresses, and marks of their words."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.models import Event, Organisation, Person
from webapp.rules.erasure import Trace
from webapp.words import gettext as _
from webapp.words import speaking


def of(session: Session, person: Person, marks: Iterable[str] = ()) -> Trace:
    """Return the person's trace; a name that somebody else bears now is theirs no more."""
    others = frozenset(
        session.scalars(
            select(Person.name).where(Person.org_id == person.org_id, Person.id != person.id)
        )
    )
    return Trace(
        person=person.id,
        names=frozenset(_names(session, person)) - others - {""},
        others=others,
        called=_called(session, person, others),
        marks=frozenset(marks),
    )


def _names(session: Session, person: Person) -> Iterable[str]:
    """All names and addresses that the person has or the record gives them."""
    if person.erased_at is None:
        yield person.name
    yield person.email or ""
    query = select(Event.payload).where(
        Event.subject == person.id, Event.org_id == person.org_id, Event.salt.is_not(None)
    )
    for payload in session.scalars(query):
        for key in ("name", "email"):
            if isinstance(said := (payload or {}).get(key), str):
                yield said


def _called(session: Session, person: Person, others: frozenset[str]) -> str:
    """The name of nobody in particular, in the organisation's language; one that is free."""
    if person.erased_at is not None:
        return person.name
    organisation = session.get_one(Organisation, person.org_id)
    with speaking(organisation.language):
        number = 1
        while (name := _("Erased person %(number)s", number=number)) in others:
            number += 1
    return name
