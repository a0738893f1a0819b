"""In which language a person is spoken to."""

from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Person
from webapp.problems import Problem
from webapp.rules.languages import LANGUAGES
from webapp.services import record


def of(person: Person) -> str:
    """Return the language a person is told things in: their own, else the organisation's."""
    return person.language or person.organisation.language


def choose(session: Session, person: Person, language: str, now: datetime) -> None:
    """Keep in which language a person reads; raises "language_unknown"."""
    if language not in LANGUAGES:
        raise Problem("language_unknown")
    if language != person.language:
        person.language = language
        facts = {"language": language}
        record.note(
            session, person.org_id, now, "person.language_chosen", person.id, person.id, facts
        )
