"""Organisations: how one begins, and who owns it."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from webapp.models import Organisation, Person
from webapp.problems import Problem
from webapp.services import passwords, people, places, record
from webapp.services.names import clean_name


def create(
    session: Session,
    name: str,
    location_name: str,
    time_zone: str,
    owner_name: str,
    owner_email: str | None,
    password: str | None,
    now: datetime,
    language: str = "en",
) -> Person:
    """Begin an organisation with its first location and owner, and return the owner.

    Without a password the owner gets in by an invitation link. Raises problems whose fields are
    `organisation`, `location`, `time_zone`, `name`, `email` and `password`.
    """
    organisation = Organisation(
        name=clean_name(name, "organisation"), language=language, created_at=now
    )
    place = places.Place(clean_name(location_name, "location"), places.known_zone(time_zone))
    if password is not None:
        passwords.check(password, (owner_name, owner_email, organisation.name))
    session.add(organisation)
    session.flush()
    owner = people.add(session, organisation, owner_name, owner_email, "owner", now)
    owner.password_hash = passwords.hash_of(password) if password is not None else None
    facts = {"name": organisation.name}
    record.note(
        session, organisation.id, now, "organisation.created", owner.id, organisation.id, facts
    )
    record.note(
        session, organisation.id, now, "person.added", owner.id, owner.id, people.facts(owner)
    )
    owner.locations = [places.add(session, organisation.id, place, now, owner.id)]
    return owner


def owner_of(session: Session, org_id: str) -> Person:
    """Return the oldest active owner: the last station of every chain."""
    owner = session.scalars(
        select(Person)
        .where(Person.org_id == org_id, Person.role == "owner", Person.deactivated_at.is_(None))
        .order_by(Person.created_at, Person.id)
        .limit(1)
    ).first()
    if owner is None:
        raise Problem("not_found")
    return owner


def any_exist(session: Session) -> bool:
    """Whether somebody has begun an organisation here."""
    return bool(session.scalar(select(exists(select(Organisation.id)))))
