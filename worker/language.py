"""Each message in the language of whoever it is for."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Organisation, Person
from webapp.words import speaking
from worker.outbox import Row

Words = TypeVar("Words")


def languages_of(session: Session, rows: Iterable[Row]) -> dict[str, str]:
    """Return the language of each person: their own, else that of the organisation."""
    people = {row.person_id for row in rows}
    spoken = func.coalesce(Person.language, Organisation.language).label("language")
    query = select(Person.id, spoken).join(Person.organisation).where(Person.id.in_(people))
    return {found.id: found.language for found in session.execute(query)}


def in_theirs(
    languages: dict[str, str], words: Callable[[list[Row]], Words]
) -> Callable[[list[Row]], Words]:
    """Return `words` for rows of one person, spoken in that person's language."""

    def spoken(rows: list[Row]) -> Words:
        with speaking(languages.get(rows[0].person_id)):
            return words(rows)

    return spoken
